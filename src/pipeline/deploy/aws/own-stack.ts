/** Stacks of an endpoint, which outlive deployments: the one that is there, making it, and changing it. */
import {
  CreateStackCommand,
  UpdateStackCommand,
  type CreateStackCommandInput,
  type Parameter,
  type Tag,
} from '@aws-sdk/client-cloudformation';
import { pieceId, type Piece } from '../../../protocol/deployment.ts';
import { pieceText } from '../../../protocol/text/piece-text.ts';
import { messageOf, UserError } from '../../../protocol/user-error.ts';
import { TAGS } from '../deployment-names.ts';
import type { Journal } from '../journal.ts';
import { ledgerOf, type Ledger } from '../ledger.ts';
import type { Aws } from './aws-clients.ts';
import { faultOf } from './fault.ts';
import { makePiece, type Making } from './make-piece.ts';
import { removePieces } from './remove-pieces.ts';
import { settledStack, stackFailures, type StackStatus } from './stack-status.ts';
import { asTagList } from './tag-list.ts';
import type { Waiting } from './wait-settled.ts';

/** Of which endpoint a stack is, and how it is made or changed. */
export interface StackContext {
  readonly making: Making;
  readonly endpoint: string;
  readonly workspace: string;
  readonly waiting: Waiting;
}

/** The endpoint whose stacks are to be as what answers needs them. */
export interface StackPlace {
  readonly endpoint: string;
  readonly journal: Journal;
  readonly ledger: Ledger;
}

export interface OwnStack {
  readonly piece: Piece;
  readonly making: Making;
  readonly workspace: string;
  readonly waiting: Waiting;
  /** What helps where it does not come to be. */
  readonly hint: string;
  readonly inWindow?: string;
  /** Minutes after which AWS gives up making it. Default: a quarter of an hour. */
  readonly longestMinutes?: number;
}

export type StackForm = Pick<CreateStackCommandInput, 'TemplateBody' | 'Parameters'>;
/** What a stack that is there becomes; without tags it keeps its own. */
export interface StackChange extends StackForm {
  readonly UsePreviousTemplate?: boolean;
  readonly Tags?: Tag[];
}

const LONGEST_MINUTES = 15;
/** States of a stack that can only be taken away. */
const BROKEN = /^(ROLLBACK_(COMPLETE|FAILED)|CREATE_FAILED|DELETE_FAILED)$/;
const Capabilities: CreateStackCommandInput['Capabilities'] = ['CAPABILITY_IAM'];
const WORKS = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE']);
/** One that is left as it is may have gone back to it before. */
const AS_IT_IS = new Set([...WORKS, 'UPDATE_ROLLBACK_COMPLETE']);

/** The stack, when nothing is under way in it. @throws UserError where it is not this workspace's */
export async function stackThere(own: OwnStack): Promise<StackStatus | undefined> {
  const { making, piece, workspace, waiting } = own;
  const there = await settledStack(making.aws, piece.name, waiting);
  if (there === undefined) {
    await forgotten(own);
    return undefined;
  }
  const theirs = there.tags[TAGS.workspace];
  if (theirs !== workspace) throw notOurs(piece, theirs);
  await known(own, there);
  return there;
}

function notOurs(piece: Piece, workspace: string | undefined): UserError {
  return new UserError(
    workspace === undefined
      ? `There is a stack ${piece.name} already, which RecSys did not make. It was left as it is.`
      : `The ${pieceText(piece)} was made from another workspace (${workspace}). It was left as it is.`,
    'Choose another name of the endpoint: --name my-endpoint',
    { inWindow: 'Deploy again, with another name of the endpoint.' },
  );
}

/** Someone may have taken it away in the console. */
async function forgotten({ making: { journal }, piece }: OwnStack): Promise<void> {
  const id = pieceId(piece);
  if (ledgerOf(journal.entries()).pieces.has(id)) await journal.append({ type: 'gone', piece: id });
}

/** One whose journal was lost is written into the new one, so that it can be taken away. */
async function known({ making, piece }: OwnStack, { arn }: StackStatus): Promise<void> {
  const { journal, id, tags } = making;
  if (ledgerOf(journal.entries()).pieces.has(pieceId(piece))) return;
  await journal.append({ type: 'intent', id, piece, tags });
  await journal.append({ type: 'made', piece: pieceId(piece), arn });
}

/** It is waited for; whether it works is to be looked at. */
export async function makeStack(
  { making, piece, waiting, longestMinutes = LONGEST_MINUTES }: OwnStack,
  form: StackForm,
): Promise<StackStatus | undefined> {
  const { aws, id, tags } = making;
  const create = new CreateStackCommand({
    ...{ ...form, StackName: piece.name, Capabilities, TimeoutInMinutes: longestMinutes },
    // Of this call alone: the same deployment may make a stack again that was taken away.
    ...{ ClientRequestToken: `${id}-${piece.kind}-${Date.now()}`, Tags: asTagList(tags) },
  });
  await makePiece(making, piece, async () => ({ arn: (await aws.cloudFormation.send(create)).StackId }));
  return settledStack(aws, piece.name, waiting);
}

/**
 * @param refused called where AWS surely did not begin to change it
 * @throws UserError where it does not become what is asked
 */
export async function changeStack(
  own: OwnStack,
  change: StackChange,
  refused: () => Promise<void> = () => Promise.resolve(),
): Promise<StackStatus> {
  const { making, piece, waiting } = own;
  const { aws } = making;
  const update = new UpdateStackCommand({ ...change, StackName: piece.name, Capabilities });
  const changes = await aws.try(`changing the ${pieceText(piece)}`, async () => {
    try {
      await aws.cloudFormation.send(update);
      return true;
    } catch (error) {
      if (/No updates are to be performed/i.test(messageOf(error))) return false;
      if (faultOf(error).certain) await refused();
      throw error;
    }
  });
  const settled = await settledStack(aws, piece.name, waiting);
  return changes ? working(own, settled) : asItIs(own, settled);
}

/** Whether it can only be taken away. */
export function isBroken({ status }: StackStatus): boolean {
  return BROKEN.test(status);
}

/** @param stays what comes of one that stays @throws UserError where it is still there */
export async function removeOwnStack(
  { making, piece, waiting }: Pick<OwnStack, 'making' | 'piece' | 'waiting'>,
  stays: string,
): Promise<void> {
  const { aws, journal } = making;
  const entry = ledgerOf(journal.entries()).pieces.get(pieceId(piece));
  if (entry === undefined) return;
  const { signal, onStatus: onWait } = waiting;
  const { remaining } = await removePieces({ aws, journal, signal, onWait: (is) => onWait?.(is, 0) }, [
    entry,
  ]);
  for (const { piece: text, why } of remaining)
    throw new UserError(
      `The ${text} could not be taken away: ${why}. ${stays}`,
      'Take it away in the CloudFormation console, or by credentials that may, then try again.',
    );
}

/** The values of a template's parameters, as AWS takes them. */
export function parametersOf(values: Readonly<Record<string, string>>): Parameter[] {
  return Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
}

/** @throws UserError where it does not work */
export function working(own: OwnStack, stack: StackStatus | undefined): Promise<StackStatus> {
  return requireStatus(own, stack, WORKS);
}

/** The same of one that is left as it is. */
export function asItIs(own: OwnStack, stack: StackStatus | undefined): Promise<StackStatus> {
  return requireStatus(own, stack, AS_IT_IS);
}

async function requireStatus(
  { making, piece, hint, inWindow }: OwnStack,
  stack: StackStatus | undefined,
  allowed: ReadonlySet<string>,
): Promise<StackStatus> {
  if (stack !== undefined && allowed.has(stack.status)) return stack;
  const why = await stackFailures(making.aws, stack?.arn ?? piece.name);
  throw new UserError(
    `The ${pieceText(piece)} did not come to be: it is ${stack?.status ?? 'gone'}. ${why}`,
    `${hint} Its events are in the CloudFormation console.`,
    { inWindow },
  );
}

/** A stack of this workspace, as AWS has it. */
export async function foundStack(
  aws: Aws,
  { name }: Piece,
  workspace: string,
): Promise<StackStatus | undefined> {
  const there = await settledStack(aws, name);
  return there?.tags[TAGS.workspace] === workspace ? there : undefined;
}
