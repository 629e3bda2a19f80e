/**
 * The inference component of an endpoint that scales to zero: a stack with the model in copies and their scaling. The endpoint
 * and its configuration stay as they are; an update gives the component another model, one copy after the other.
 */
import { pieceId, type Capacity, type Piece } from '../../../protocol/deployment.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { componentTemplate } from '../component-template.ts';
import { componentStackName, TAGS } from '../deployment-names.ts';
import { componentIn } from '../ledger.ts';
import type { Aws } from './aws-clients.ts';
import {
  asItIs,
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
import type { StackStatus } from './stack-status.ts';
import { asTagList } from './tag-list.ts';
import type { Waiting } from './wait-settled.ts';

/** An instance that starts, fetches container and model and loads it. */
const LONGEST_MINUTES = 45;

export interface ComponentPlan {
  /** Name of the model that is to answer. */
  readonly model: string;
  readonly capacity: Capacity & { readonly type: 'toZero' };
}

function componentPiece(endpoint: string): Piece {
  return { kind: 'component', name: componentStackName(endpoint), needs: [] };
}

function stackOf({ making, endpoint, workspace, waiting }: StackContext): OwnStack {
  return {
    ...{ piece: componentPiece(endpoint), making, workspace, waiting, longestMinutes: LONGEST_MINUTES },
    hint: 'What is needed for it: recsys deploy --instance-type ml.m5.large --scale-to-zero --print-policy; the logs of the model are in CloudWatch, under /aws/sagemaker/InferenceComponents.',
    inWindow: 'The logs of the model are in CloudWatch, under /aws/sagemaker/InferenceComponents.',
  };
}

/** Makes the component, or gives the one that is there the model; it is waited for. */
export async function haveComponent(context: StackContext, plan: ComponentPlan): Promise<void> {
  const own = stackOf(context);
  const there = await usable(own);
  const form = formOf(context.endpoint, plan);
  const change = { ...form, Tags: asTagList(context.making.tags) };
  await written(
    own,
    there === undefined ? await working(own, await makeStack(own, form)) : await changeStack(own, change),
  );
}

/** Has the component answer by the model of a deployment that is, or is again, in service. */
export async function adaptComponentTo(
  aws: Aws,
  { endpoint, journal, ledger }: StackPlace,
  { id, config: model }: { readonly id: string; readonly config: string },
  waiting: Waiting,
): Promise<void> {
  if (componentIn(ledger) === undefined) return;
  const { tags = {} } = ledger.pieces.get(pieceId({ kind: 'model', name: model })) ?? {};
  const making = { aws, journal, id, tags };
  const context = { making, endpoint, workspace: tags[TAGS.workspace] ?? '', waiting };
  const own = stackOf(context);
  const there = await usable(own);
  const capacity = ledger.deployments.get(id)?.capacity;
  if (there === undefined) {
    if (capacity?.type !== 'toZero') throw cannotBeMade(endpoint);
    await haveComponent(context, { model, capacity });
    return;
  }
  if (there.parameters['Model'] === model) {
    await asItIs(own, there);
    return;
  }
  const memory = capacity?.type === 'toZero' ? { Memory: String(capacity.memory) } : {};
  const values = { ...there.parameters, ...memory, Model: model };
  const change = { UsePreviousTemplate: true, Parameters: parametersOf(values), Tags: asTagList(tags) };
  await written(own, await changeStack(own, change));
}

function cannotBeMade(endpoint: string): UserError {
  return new UserError(
    `The inference component of the endpoint ${endpoint} is gone, and what it was made of is not known here.`,
    `Take the endpoint away, then deploy again: recsys endpoint delete ${endpoint}`,
  );
}

/** The stack that is there; one that can only be taken away is. */
async function usable(own: OwnStack): Promise<StackStatus | undefined> {
  const there = await own.making.aws.try(`looking for the inference component ${own.piece.name}`, () =>
    stackThere(own),
  );
  if (there === undefined || !isBroken(there)) return there;
  await removeOwnStack(own, 'The endpoint does not answer.');
  return undefined;
}

function formOf(endpoint: string, { model, capacity }: ComponentPlan): StackForm {
  const { memory, most } = capacity;
  return {
    TemplateBody: JSON.stringify(componentTemplate(endpoint)),
    Parameters: parametersOf({ Model: model, Memory: String(memory), Most: String(most) }),
  };
}

async function written({ making, piece }: OwnStack, { arn }: StackStatus): Promise<void> {
  await making.journal.append({ type: 'made', piece: pieceId(piece), arn });
}

/** The component of an endpoint, where this workspace made one, and the model that it has. */
export async function foundComponent(
  aws: Aws,
  endpoint: string,
  workspace: string,
): Promise<{ readonly piece: Piece; readonly model: string } | undefined> {
  const piece = componentPiece(endpoint);
  const there = await foundStack(aws, piece, workspace);
  const model = there?.parameters['Model'];
  return model === undefined ? undefined : { piece, model };
}
