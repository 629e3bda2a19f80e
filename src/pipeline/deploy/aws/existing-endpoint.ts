/** The endpoint that a deployment is to update, and what of it is known where the journal was lost. */
import {
  DescribeEndpointConfigCommand,
  type DescribeEndpointConfigCommandOutput,
} from '@aws-sdk/client-sagemaker';
import { pieceId, type Capacity, type Piece, type Tags } from '../../../protocol/deployment.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { TAGS } from '../deployment-names.ts';
import type { DeploymentFolder } from '../deployment-folder.ts';
import type { Aws } from './aws-clients.ts';
import { foundClock } from './clock.ts';
import { foundComponent } from './component.ts';
import { endpointPiece } from './endpoint-pieces.ts';
import { endpointStatus, type EndpointStatus } from './endpoint-status.ts';
import { isDenied } from './fault.ts';
import { foundFront } from './front.ts';
import { PIECES, tagsAt } from './pieces.ts';

/**
 * The endpoint that has this name already, which the deployment is to update; undefined where there is none.
 * @throws UserError where it is not this workspace's, or cannot be updated
 */
export async function existingEndpoint(
  aws: Aws,
  folder: DeploymentFolder,
  workspace: string,
  capacity: Capacity,
): Promise<EndpointStatus | undefined> {
  const { endpoint, journal } = folder;
  const known = folder.ledger();
  const there = await aws.try(`looking for the endpoint ${endpoint}`, () => endpointStatus(aws, endpoint));
  const piece: Piece = { kind: 'endpoint', name: endpoint, needs: [] };
  if (there === undefined) {
    if (known.pieces.has(pieceId(piece))) await journal.append({ type: 'gone', piece: pieceId(piece) });
    return undefined;
  }
  const tags = await aws.try('reading its tags', () => tagsAt(aws, there.arn));
  if (tags?.[TAGS.workspace] !== workspace) throw notOurs(endpoint, tags ?? {});
  if (there.status !== 'InService')
    throw new UserError(
      `The endpoint ${endpoint} is ${there.status}${there.reason === undefined ? '' : `: ${there.reason}`}.`,
      `Wait until it is in service, or take it away: recsys endpoint delete ${endpoint}`,
    );
  const config = await describedConfig(aws, there.config);
  if (known.live === undefined) await adopt(aws, folder, there, config, tags);
  requireSameForm(endpoint, config, capacity);
  return there;
}

function describedConfig(aws: Aws, name: string): Promise<DescribeEndpointConfigCommandOutput> {
  return aws.try(`looking at the configuration ${name}`, () =>
    aws.sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: name })),
  );
}

/** @throws UserError where an update cannot make the endpoint run on what is asked */
function requireSameForm(
  endpoint: string,
  { ProductionVariants: [now] = [] }: DescribeEndpointConfigCommandOutput,
  capacity: Capacity,
): void {
  const isToZero = capacity.type === 'toZero';
  if (now === undefined || now.ModelName !== undefined) {
    if (isToZero) throw cannotChange(`The endpoint ${endpoint} does not scale to zero`, endpoint);
    return;
  }
  const { InstanceType: instance = '', ManagedInstanceScaling: { MaxInstanceCount: most = 1 } = {} } = now;
  if (isToZero && instance === capacity.instance && most === capacity.most) return;
  throw cannotChange(
    `The endpoint ${endpoint} scales from zero to ${most} × ${instance}`,
    endpoint,
    `Update it with --instance-type ${instance} --max-instances ${most} --scale-to-zero. Or choose`,
  );
}

function cannotChange(is: string, endpoint: string, choose = 'Choose'): UserError {
  return new UserError(
    `${is}, and an update cannot change that.`,
    `${choose} another name, or take it away first: recsys endpoint delete ${endpoint}`,
    { inWindow: 'Choose another name, or delete the endpoint first.' },
  );
}

function notOurs(endpoint: string, tags: Tags): UserError {
  const workspace = tags[TAGS.workspace];
  return new UserError(
    workspace === undefined
      ? `There is an endpoint ${endpoint} already, which RecSys did not make. It was left as it is.`
      : `The endpoint ${endpoint} was made from another workspace (${workspace}, by ${tags[TAGS.owner] ?? 'unknown'}). It was left as it is.`,
    'Choose another name: --name my-endpoint',
    { inWindow: 'Deploy again, by another name.' },
  );
}

type AdoptedPiece = readonly [piece: Piece, told?: { arn?: string; handle?: string | undefined }];

/** An endpoint of this workspace whose journal was lost is written into the new one, so that it can be taken away. */
async function adopt(
  aws: Aws,
  { journal, endpoint }: DeploymentFolder,
  { config, arn }: EndpointStatus,
  described: DescribeEndpointConfigCommandOutput,
  made: Tags,
): Promise<void> {
  const workspace = made[TAGS.workspace] ?? '';
  const front = await unlessDenied(() => foundFront(aws, endpoint, workspace));
  const clock = await unlessDenied(() => foundClock(aws, endpoint, workspace));
  const component = await unlessDenied(() => foundComponent(aws, endpoint, workspace));
  const answers =
    component === undefined ? byConfig(described, config) : await byComponent(aws, component, config);
  // Updates leave the tags of an endpoint as they were when it was made.
  const own = await tagsAt(aws, answers.tagged);
  const expires: Tags = clock?.expires === undefined ? {} : { [TAGS.expires]: clock.expires };
  const tags: Tags = { ...(own?.[TAGS.deployment] === undefined ? made : own), ...expires };
  const id = tags[TAGS.deployment] ?? 'unknown';
  const pieces: readonly AdoptedPiece[] = [
    ...answers.pieces,
    [endpointPiece(endpoint, component === undefined ? undefined : config), { arn }],
    ...(front === undefined ? [] : [[front.piece, { handle: front.url }] as const]),
    ...(clock === undefined ? [] : [[clock.piece, { handle: clock.expires }] as const]),
  ];
  for (const [piece, told = {}] of pieces) {
    await journal.append({ type: 'intent', id, piece, tags });
    await journal.append({ type: 'made', piece: pieceId(piece), ...told });
  }
  await journal.append({ type: 'live', id, config: answers.config });
}

/** What an endpoint answers by. */
interface Answers {
  readonly pieces: readonly AdoptedPiece[];
  /** As the journal calls it. */
  readonly config: string;
  /** ARN of the piece that has the tags of the deployment which answers. */
  readonly tagged: string;
}

function byConfig(described: DescribeEndpointConfigCommandOutput, config: string): Answers {
  const models = (described.ProductionVariants ?? []).flatMap(({ ModelName }) => ModelName ?? []);
  const needs = models.map((name) => pieceId({ kind: 'model', name }));
  return {
    pieces: [
      ...models.map((name): AdoptedPiece => [{ kind: 'model', name, needs: [] }]),
      [{ kind: 'endpoint-config', name: config, needs }],
    ],
    ...{ config, tagged: described.EndpointConfigArn ?? '' },
  };
}

/** Updates leave the tags of the configuration as they were, too. */
async function byComponent(
  aws: Aws,
  { piece, model }: { readonly piece: Piece; readonly model: string },
  config: string,
): Promise<Answers> {
  const found = await PIECES.model.find(aws, model);
  return {
    pieces: [
      [{ kind: 'model', name: model, needs: [] }],
      [{ kind: 'endpoint-config', name: config, needs: [] }],
      [piece],
    ],
    ...{ config: model, tagged: found?.arn ?? '' },
  };
}

/** Whoever has no right to look for stacks has made none. */
async function unlessDenied<T>(asking: () => Promise<T>): Promise<T | undefined> {
  try {
    return await asking();
  } catch (error) {
    if (isDenied(error)) return undefined;
    throw error;
  }
}
