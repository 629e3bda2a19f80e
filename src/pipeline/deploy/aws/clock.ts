/**
 * The clock of an endpoint: a stack with a schedule that takes the endpoint away at its time, though nobody asks any more. It
 * is set before the endpoint is made, so that a lost deployment costs no longer either.
 */
import { pieceId, type Piece } from '../../../protocol/deployment.ts';
import { messageOf } from '../../../protocol/user-error.ts';
import { clockTemplate, clockTimes } from '../clock-template.ts';
import { clockName, TAGS } from '../deployment-names.ts';
import type { Journal } from '../journal.ts';
import { clockAsked, componentIn, isSetTo, ledgerOf, type Ledger, type LedgerPiece } from '../ledger.ts';
import type { Aws } from './aws-clients.ts';
import { explained, faultOf, isDenied } from './fault.ts';
import {
  changeStack,
  foundStack,
  isBroken,
  makeStack,
  parametersOf,
  removeOwnStack,
  stackThere,
  working,
  type OwnStack,
  type StackContext,
  type StackForm,
  type StackPlace,
} from './own-stack.ts';
import { stackFailures, type StackStatus } from './stack-status.ts';
import { asTagList } from './tag-list.ts';
import type { Waiting } from './wait-settled.ts';

/** How CloudFormation tells that the caller may not make what is in a stack. */
const NOT_ALLOWED = /not authorized|unauthorized|access ?denied|explicit deny|forbidden/i;

/** How it tells that a region has no EventBridge Scheduler. */
const NOT_THERE = /unrecognized resource type/i;

export interface ClockContext extends StackContext {
  /** Whether the endpoint has an inference component, which goes before it. */
  readonly hasComponent: boolean;
}

function clockPiece(endpoint: string): Piece {
  return { kind: 'clock', name: clockName(endpoint), needs: [] };
}

export function clockIn({ pieces }: Pick<Ledger, 'pieces'>, endpoint: string): LedgerPiece | undefined {
  return pieces.get(pieceId(clockPiece(endpoint)));
}

function stackOf({ making, endpoint, workspace, waiting }: StackContext): OwnStack {
  return {
    ...{ piece: clockPiece(endpoint), making, workspace, waiting },
    hint: 'What is needed for it: recsys deploy --ttl 8h --print-policy; without a clock: --no-clock.',
    inWindow:
      'Its events are in the CloudFormation console. An endpoint that stays until it is taken away needs no clock.',
  };
}

/**
 * Sets the clock, or the one that is there to another time; it is waited for.
 * @param expires ISO time
 * @returns why there is none, where AWS does not let the caller make one, or has none in this region
 * @throws UserError where it is not set for another reason, or one that is there cannot be changed
 */
export async function haveClock(context: ClockContext, expires: string): Promise<string | undefined> {
  const own = stackOf(context);
  const there = await lookedFor(own);
  if ('denied' in there) return there.denied;
  if (there.stack === undefined) return made(own, context, expires);
  if (isBroken(there.stack)) {
    await removeClock(context);
    return made(own, context, expires);
  }
  await changed(own, context, expires);
  return undefined;
}

type Looked = { readonly stack: StackStatus | undefined } | { readonly denied: string };

async function lookedFor(own: OwnStack): Promise<Looked> {
  const { journal, aws } = own.making;
  try {
    return { stack: await stackThere(own) };
  } catch (error) {
    const isKnown = ledgerOf(journal.entries()).pieces.has(pieceId(own.piece));
    if (!isKnown && isDenied(error)) return { denied: faultOf(error).message };
    throw explained(error, aws.doing(`looking for the clock ${own.piece.name}`));
  }
}

function formOf({ endpoint, hasComponent }: ClockContext, expires: string): StackForm {
  return {
    TemplateBody: JSON.stringify(clockTemplate(endpoint, hasComponent)),
    Parameters: parametersOf(clockTimes(expires, hasComponent)),
  };
}

async function made(own: OwnStack, context: ClockContext, expires: string): Promise<string | undefined> {
  const { aws, journal } = own.making;
  let stack: StackStatus | undefined;
  try {
    stack = await makeStack(own, formOf(context, expires));
  } catch (error) {
    const refusal = refusalOf(journal, own.piece);
    if (NOT_ALLOWED.test(refusal) || (refusal !== '' && NOT_THERE.test(messageOf(error))))
      return messageOf(error);
    throw error;
  }
  if (stack?.status !== 'CREATE_COMPLETE') {
    const why = await stackFailures(aws, stack?.arn ?? own.piece.name);
    if (!NOT_ALLOWED.test(why)) await working(own, stack);
    await removeClock(context);
    return why;
  }
  await written(own, stack, expires);
  return undefined;
}

/** AWS's name of why it refused to make it, where it did. */
function refusalOf(journal: Journal, piece: Piece): string {
  const last = journal.entries().at(-1);
  return last?.type === 'refused' && last.piece === pieceId(piece) ? last.code : '';
}

/** That it may be at another time is written down before. */
async function changed(own: OwnStack, context: ClockContext, expires: string): Promise<void> {
  const { journal, id, tags } = own.making;
  const before = clockIn(ledgerOf(journal.entries()), context.endpoint);
  await journal.append({ type: 'intent', id, piece: own.piece, tags });
  const change = { ...formOf(context, expires), Tags: asTagList(tags) };
  const asBefore = async (): Promise<void> => {
    const { state, handle } = before ?? {};
    if (state === 'made') await journal.append({ type: 'made', piece: pieceId(own.piece), handle });
  };
  await written(own, await changeStack(own, change, asBefore), expires);
}

async function written({ making, piece }: OwnStack, { arn }: StackStatus, handle: string): Promise<void> {
  await making.journal.append({ type: 'made', piece: pieceId(piece), arn, handle });
}

/** @throws UserError where it is still there */
export async function removeClock(context: StackContext): Promise<void> {
  await removeOwnStack(stackOf(context), 'It would take the endpoint away at its time.');
}

/**
 * Has the clock be at the time of what is in service: after going back to an earlier model, and where a deployment had moved it
 * that came to nothing.
 * @param mayMake whether one that was taken away is made again
 */
export async function adaptClock(
  aws: Aws,
  { endpoint, journal, ledger }: StackPlace,
  waiting: Waiting,
  mayMake: boolean,
): Promise<void> {
  const asked = clockAsked(ledger);
  const clock = clockIn(ledger, endpoint);
  if (asked === undefined || (clock === undefined && !(mayMake && asked.isOwn))) return;
  if (isSetTo(clock, asked.expires)) return;
  const { id, tags, expires } = asked;
  const making = { aws, journal, id, tags };
  const context = { making, endpoint, workspace: tags[TAGS.workspace] ?? '', waiting };
  await haveClock({ ...context, hasComponent: componentIn(ledger) !== undefined }, expires);
}

/** The clock of an endpoint, where this workspace made one, and the time that was asked of it. */
export async function foundClock(
  aws: Aws,
  endpoint: string,
  workspace: string,
): Promise<{ readonly piece: Piece; readonly expires: string | undefined } | undefined> {
  const piece = clockPiece(endpoint);
  const there = await foundStack(aws, piece, workspace);
  return there === undefined ? undefined : { piece, expires: there.tags[TAGS.expires] };
}
