/** The REST front of an endpoint: a stack that outlives deployments, so that its address and its token stay. */
import { pieceId, type FrontAccess, type Piece } from '../../../protocol/deployment.ts';
import { frontName, TAGS } from '../deployment-names.ts';
import { frontTemplate } from '../front-template.ts';
import { componentIn } from '../ledger.ts';
import type { Aws } from './aws-clients.ts';
import {
  asItIs,
  changeStack,
  foundStack,
  makeStack,
  parametersOf,
  stackThere,
  working,
  type OwnStack,
  type StackChange,
  type StackContext,
  type StackPlace,
} from './own-stack.ts';
import type { StackStatus } from './stack-status.ts';
import type { Waiting } from './wait-settled.ts';

/** What of a front is asked. */
export interface FrontPlan {
  readonly access: FrontAccess;
  /** Of the token, where there is one: SHA-256 as hexadecimal digits. */
  readonly tokenHash?: string | undefined;
}

export interface Front {
  readonly url: string;
  /** What callers who sign their requests must be allowed to invoke. */
  readonly arn: string;
}

function frontPiece(endpoint: string): Piece {
  return { kind: 'stack', name: frontName(endpoint), needs: [] };
}

export interface FrontContext extends StackContext {
  readonly excludesQuery: boolean;
  /** Whether the endpoint has an inference component, which is to be named. */
  readonly hasComponent: boolean;
}

function stackOf({ making, endpoint, workspace, waiting }: FrontContext): OwnStack {
  const hint = 'What is needed for it: recsys deploy --rest --print-policy.';
  return { piece: frontPiece(endpoint), making, workspace, waiting, hint };
}

/** Makes the front, or has the one that is there be what is asked; it is waited for. */
export async function haveFront(context: FrontContext, plan: FrontPlan): Promise<Front> {
  const { endpoint, excludesQuery, hasComponent } = context;
  const own = stackOf(context);
  const there = await lookedFor(own);
  const form = {
    TemplateBody: JSON.stringify(frontTemplate(endpoint, plan.access, hasComponent)),
    Parameters: valuesOf(excludesQuery, plan.tokenHash),
  };
  if (there !== undefined) return told(own, await changeStack(own, form));
  return told(own, await working(own, await makeStack(own, form)));
}

/** Has a front that is there ask as the model was evaluated that answers; undefined where there is none. */
export async function adaptFront(context: FrontContext): Promise<Front | undefined> {
  const { excludesQuery } = context;
  const own = stackOf(context);
  const there = await lookedFor(own);
  if (there === undefined) return undefined;
  const { ExcludeQuery, TokenHash } = there.parameters;
  if (ExcludeQuery === String(excludesQuery)) return told(own, await asItIs(own, there));
  const change: StackChange = {
    UsePreviousTemplate: true,
    Parameters: [
      ...valuesOf(excludesQuery, undefined),
      ...(TokenHash === undefined ? [] : [{ ParameterKey: 'TokenHash', UsePreviousValue: true }]),
    ],
  };
  return told(own, await changeStack(own, change));
}

/** The same for a deployment that answers again. */
export async function adaptFrontTo(
  aws: Aws,
  { endpoint, journal, ledger }: StackPlace,
  deployment: string,
  waiting: Waiting,
): Promise<void> {
  const { deployments, pieces, served } = ledger;
  const excludesQuery = deployments.get(deployment)?.excludesQuery;
  const front = pieces.get(pieceId(frontPiece(endpoint)));
  // That of a deployment which came to nothing is about to be taken away.
  if (front === undefined || excludesQuery === undefined || !served.has(front.deployment)) return;
  const { deployment: id, tags } = front;
  const making = { aws, journal, id, tags };
  const context = { making, endpoint, workspace: tags[TAGS.workspace] ?? '', waiting };
  await adaptFront({ ...context, excludesQuery, hasComponent: componentIn(ledger) !== undefined });
}

function valuesOf(excludesQuery: boolean, tokenHash: string | undefined): ReturnType<typeof parametersOf> {
  const exclude = { ExcludeQuery: String(excludesQuery) };
  return parametersOf(tokenHash === undefined ? exclude : { ...exclude, TokenHash: tokenHash });
}

function lookedFor(own: OwnStack): Promise<StackStatus | undefined> {
  return own.making.aws.try(`looking for the REST front ${own.piece.name}`, () => stackThere(own));
}

/** Writes down where it is, and who may ask it. */
async function told(
  { making, piece }: OwnStack,
  { arn: stackArn, outputs, parameters }: StackStatus,
): Promise<Front> {
  const { Url: url = '', Arn: arn = '' } = outputs;
  await making.journal.append({
    ...{ type: 'made', piece: pieceId(piece), arn: stackArn, handle: url },
    access: parameters['TokenHash'] === undefined ? 'iam' : 'token',
  });
  return { url, arn };
}

/** The front of an endpoint, where this workspace made one. */
export async function foundFront(
  aws: Aws,
  endpoint: string,
  workspace: string,
): Promise<{ readonly piece: Piece; readonly url: string } | undefined> {
  const piece = frontPiece(endpoint);
  const there = await foundStack(aws, piece, workspace);
  return there === undefined ? undefined : { piece, url: there.outputs['Url'] ?? '' };
}
