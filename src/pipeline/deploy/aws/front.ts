/** The REST front of an endpoint: a stack that outlives deployments, so that its address and its token stay. */
import {
  CreateStackCommand,
  UpdateStackCommand,
  type Parameter,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { pieceId, type FrontAccess, type Piece } from '../../../protocol/deployment.ts';
import { messageOf, UserError } from '../../../protocol/user-error.ts';
import { frontName, TAGS } from '../deployment-names.ts';
import { frontTemplate } from '../front-template.ts';
import { ledgerOf, type Ledger } from '../ledger.ts';
import type { Aws } from './aws-clients.ts';
import { makePiece, type Making } from './make-piece.ts';
import { settledStack, stackFailures, type StackStatus } from './stack-status.ts';
import { asTagList } from './tag-list.ts';
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

/** Minutes after which AWS gives up making it. */
const LONGEST_MINUTES = 15;
const WORKS = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE']);
/** One that is left as it is may have gone back to it before. */
const AS_IT_IS = new Set([...WORKS, 'UPDATE_ROLLBACK_COMPLETE']);

function frontPiece(endpoint: string): Piece {
  return { kind: 'stack', name: frontName(endpoint), needs: [] };
}

export interface FrontContext {
  readonly making: Making;
  readonly endpoint: string;
  readonly workspace: string;
  readonly excludesQuery: boolean;
  readonly waiting: Waiting;
}

/** Makes the front, or has the one that is there be what is asked; it is waited for. */
export async function haveFront(context: FrontContext, plan: FrontPlan): Promise<Front> {
  const { making, endpoint, excludesQuery, waiting } = context;
  const { name } = frontPiece(endpoint);
  const there = await aloneThere(context);
  const form = {
    ...{ StackName: name, TemplateBody: JSON.stringify(frontTemplate(endpoint, plan.access)) },
    ...{ Parameters: valuesOf(excludesQuery, plan.tokenHash), Capabilities: ['CAPABILITY_IAM' as const] },
  };
  if (there !== undefined) {
    await known(context, there);
    return updated(context, form);
  }
  const create = new CreateStackCommand({
    ...{ ...form, TimeoutInMinutes: LONGEST_MINUTES, ClientRequestToken: making.id },
    Tags: asTagList(making.tags),
  });
  const { aws } = making;
  await makePiece(making, frontPiece(endpoint), async () => ({
    arn: (await aws.cloudFormation.send(create)).StackId,
  }));
  return working(making, endpoint, await settledStack(aws, name, waiting));
}

/** Has a front that is there ask as the model was evaluated that answers; undefined where there is none. */
export async function adaptFront(context: FrontContext): Promise<Front | undefined> {
  const { making, endpoint, excludesQuery } = context;
  const there = await aloneThere(context);
  if (there === undefined) return undefined;
  await known(context, there);
  const { ExcludeQuery, TokenHash } = there.parameters;
  if (ExcludeQuery === String(excludesQuery)) return working(making, endpoint, there, AS_IT_IS);
  const Parameters = valuesOf(excludesQuery, undefined);
  if (TokenHash !== undefined) Parameters.push({ ParameterKey: 'TokenHash', UsePreviousValue: true });
  const capable = { Capabilities: ['CAPABILITY_IAM' as const] };
  return updated(context, { StackName: there.name, UsePreviousTemplate: true, Parameters, ...capable });
}

/** The same for a deployment that answers again. */
export async function adaptFrontTo(
  aws: Aws,
  { endpoint, journal, ledger }: FrontPlace,
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
  await adaptFront({ making, endpoint, workspace: tags[TAGS.workspace] ?? '', excludesQuery, waiting });
}

export interface FrontPlace {
  readonly endpoint: string;
  readonly journal: Making['journal'];
  readonly ledger: Ledger;
}

function valuesOf(excludesQuery: boolean, tokenHash: string | undefined): Parameter[] {
  const exclude = { ParameterKey: 'ExcludeQuery', ParameterValue: String(excludesQuery) };
  if (tokenHash === undefined) return [exclude];
  return [exclude, { ParameterKey: 'TokenHash', ParameterValue: tokenHash }];
}

/** The stack, when nothing is under way in it. @throws UserError where it is not this workspace's */
async function aloneThere({
  making,
  endpoint,
  workspace,
  waiting,
}: FrontContext): Promise<StackStatus | undefined> {
  const { name } = frontPiece(endpoint);
  const there = await making.aws.try(`looking for the REST front ${name}`, () =>
    settledStack(making.aws, name, waiting),
  );
  if (there === undefined) {
    await forgotten(making, endpoint);
    return undefined;
  }
  const theirs = there.tags[TAGS.workspace];
  if (theirs === workspace) return there;
  throw new UserError(
    theirs === undefined
      ? `There is a stack ${name} already, which RecSys did not make. It was left as it is.`
      : `The REST front ${name} was made from another workspace (${theirs}). It was left as it is.`,
    'Choose another name of the endpoint: --name my-endpoint',
    { inWindow: 'Deploy again, with another name of the endpoint.' },
  );
}

/** Someone may have taken it away in the console. */
async function forgotten({ journal }: Making, endpoint: string): Promise<void> {
  const piece = pieceId(frontPiece(endpoint));
  if (ledgerOf(journal.entries()).pieces.has(piece)) await journal.append({ type: 'gone', piece });
}

/** One whose journal was lost is written into the new one, so that it can be taken away. */
async function known({ making, endpoint }: FrontContext, { arn }: StackStatus): Promise<void> {
  const { journal, id, tags } = making;
  const piece = frontPiece(endpoint);
  if (ledgerOf(journal.entries()).pieces.has(pieceId(piece))) return;
  await journal.append({ type: 'intent', id, piece, tags });
  await journal.append({ type: 'made', piece: pieceId(piece), arn });
}

async function updated(
  { making, endpoint, waiting }: FrontContext,
  form: UpdateStackCommandInput,
): Promise<Front> {
  const { aws } = making;
  const { name } = frontPiece(endpoint);
  const changes = await aws.try(`changing the REST front ${name}`, async () => {
    try {
      await aws.cloudFormation.send(new UpdateStackCommand(form));
      return true;
    } catch (error) {
      if (/No updates are to be performed/i.test(messageOf(error))) return false;
      throw error;
    }
  });
  return working(making, endpoint, await settledStack(aws, name, waiting), changes ? WORKS : AS_IT_IS);
}

async function working(
  { aws, journal }: Making,
  endpoint: string,
  stack: StackStatus | undefined,
  works = WORKS,
): Promise<Front> {
  const piece = frontPiece(endpoint);
  const { status = 'gone', arn: stackArn, outputs = {}, parameters = {} } = stack ?? {};
  if (!works.has(status))
    throw new UserError(
      `The REST front ${piece.name} did not come to be: it is ${status}. ${await stackFailures(aws, stackArn ?? piece.name)}`,
      'What is needed for it: recsys deploy --rest --print-policy. Its events are in the CloudFormation console.',
    );
  const { Url: url = '', Arn: arn = '' } = outputs;
  await journal.append({
    type: 'made',
    piece: pieceId(piece),
    ...(stackArn === undefined ? {} : { arn: stackArn }),
    handle: url,
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
  const there = await settledStack(aws, piece.name);
  if (there?.tags[TAGS.workspace] !== workspace) return undefined;
  return { piece, url: there.outputs['Url'] ?? '' };
}
