/** Model, configuration, endpoint and scaling of a deployment. */
import {
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointConfigCommand,
  type ProductionVariant,
} from '@aws-sdk/client-sagemaker';
import { pieceId, type Capacity, type Piece, type Tags } from '../../../protocol/deployment.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { TAGS } from '../deployment-names.ts';
import type { DeploymentFolder } from '../deployment-folder.ts';
import { SCALED } from '../scaled.ts';
import type { Aws } from './aws-clients.ts';
import { foundClock } from './clock.ts';
import { foundFront } from './front.ts';
import { askUpdate, endpointStatus, type EndpointStatus } from './endpoint-status.ts';
import { isDenied } from './fault.ts';
import { makePiece, type Making } from './make-piece.ts';
import { tagsAt, VARIANT } from './pieces.ts';
import { asTagList } from './tag-list.ts';
import { failedFor } from './told-reason.ts';

export interface ModelPlan {
  /** Of the model and of the configuration. */
  readonly name: string;
  readonly image: string;
  readonly role: string;
  /** `<bucket>/<key>` of the archive. */
  readonly archive: string;
  readonly capacity: Capacity;
}

/** @returns the id of the piece */
export async function makeModel(
  making: Making,
  { name, image, role, archive, capacity }: ModelPlan,
): Promise<string> {
  const piece: Piece = { kind: 'model', name, needs: [pieceId({ kind: 'object', name: archive })] };
  const create = new CreateModelCommand({
    ...{ ModelName: name, ExecutionRoleArn: role, Tags: asTagList(making.tags) },
    PrimaryContainer: { Image: image, ModelDataUrl: `s3://${archive}` },
    // The container needs no network of its own; serverless endpoints cannot be told so.
    ...(capacity.type === 'serverless' ? {} : { EnableNetworkIsolation: true }),
  });
  await makePiece(making, piece, async () => ({ arn: (await making.aws.sagemaker.send(create)).ModelArn }));
  return pieceId(piece);
}

/** @returns the id of the piece */
export async function makeConfig(making: Making, { name, capacity }: ModelPlan): Promise<string> {
  const piece: Piece = { kind: 'endpoint-config', name, needs: [pieceId({ kind: 'model', name })] };
  const create = new CreateEndpointConfigCommand({
    ...{ EndpointConfigName: name, Tags: asTagList(making.tags) },
    ProductionVariants: [variant(name, capacity)],
  });
  await makePiece(making, piece, async () => ({
    arn: (await making.aws.sagemaker.send(create)).EndpointConfigArn,
  }));
  return pieceId(piece);
}

function variant(ModelName: string, capacity: Capacity): ProductionVariant {
  const common = { VariantName: VARIANT, ModelName };
  if (capacity.type === 'serverless')
    return {
      ...common,
      ServerlessConfig: { MemorySizeInMB: capacity.memory, MaxConcurrency: capacity.concurrency },
    };
  return {
    ...common,
    // Types are many and grow; AWS says which it has.
    InstanceType: capacity.instance as NonNullable<ProductionVariant['InstanceType']>,
    InitialInstanceCount: capacity.count,
    InitialVariantWeight: 1,
  };
}

/**
 * The endpoint that has this name already, which the deployment is to update; undefined where there is none.
 * @throws UserError where it is not this workspace's, or cannot be updated
 */
export async function existingEndpoint(
  aws: Aws,
  folder: DeploymentFolder,
  workspace: string,
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
  if (known.live === undefined) await adopt(aws, folder, there, tags);
  return there;
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
  made: Tags,
): Promise<void> {
  const described = await aws.try(`looking at the configuration ${config}`, () =>
    aws.sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: config })),
  );
  const workspace = made[TAGS.workspace] ?? '';
  const front = await unlessDenied(() => foundFront(aws, endpoint, workspace));
  const clock = await unlessDenied(() => foundClock(aws, endpoint, workspace));
  // Updates leave the tags of an endpoint as they were when it was made.
  const own = await tagsAt(aws, described.EndpointConfigArn ?? '');
  const expires: Tags = clock?.expires === undefined ? {} : { [TAGS.expires]: clock.expires };
  const tags: Tags = { ...(own?.[TAGS.deployment] === undefined ? made : own), ...expires };
  const id = tags[TAGS.deployment] ?? 'unknown';
  const models = (described.ProductionVariants ?? []).flatMap(({ ModelName }) => ModelName ?? []);
  const needs = models.map((name) => pieceId({ kind: 'model', name }));
  const pieces: readonly AdoptedPiece[] = [
    ...models.map((name): AdoptedPiece => [{ kind: 'model', name, needs: [] }]),
    [{ kind: 'endpoint-config', name: config, needs }],
    [{ kind: 'endpoint', name: endpoint, needs: [] }, { arn }],
    ...(front === undefined ? [] : [[front.piece, { handle: front.url }] as const]),
    ...(clock === undefined ? [] : [[clock.piece, { handle: clock.expires }] as const]),
  ];
  for (const [piece, told = {}] of pieces) {
    await journal.append({ type: 'intent', id, piece, tags });
    await journal.append({ type: 'made', piece: pieceId(piece), ...told });
  }
  await journal.append({ type: 'live', id, config });
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

/** Makes the endpoint, or gives the one that is there the new configuration. It is not waited for. */
export async function makeEndpoint(
  making: Making,
  endpoint: string,
  config: string,
  isThere: boolean,
): Promise<void> {
  const { aws, journal, id, tags } = making;
  if (!isThere) {
    const create = new CreateEndpointCommand({
      ...{ EndpointName: endpoint, EndpointConfigName: config, Tags: asTagList(tags) },
    });
    const piece: Piece = { kind: 'endpoint', name: endpoint, needs: [] };
    await makePiece(making, piece, async () => ({ arn: (await aws.sagemaker.send(create)).EndpointArn }));
    return;
  }
  await journal.append({ type: 'update', id, config });
  await aws.try(`updating the endpoint ${endpoint}`, () => askUpdate(aws, endpoint, config));
}

/** Requests a minute and instance that scaling aims at. */
const REQUESTS_A_MINUTE = 1000;

/** Lets AWS add and remove instances by how many requests there are. */
export async function makeScaling(making: Making, endpoint: string, capacity: Capacity): Promise<boolean> {
  if (capacity.type === 'serverless' || capacity.most <= capacity.count) return false;
  const { scaling } = making.aws;
  const target = { ...SCALED, ResourceId: `endpoint/${endpoint}/variant/${VARIANT}` };
  const piece: Piece = { kind: 'scaling', name: endpoint, needs: [] };
  await makePiece(making, piece, async () => {
    const { most, count } = capacity;
    await scaling.send(
      new RegisterScalableTargetCommand({ ...target, MinCapacity: count, MaxCapacity: most }),
    );
    await scaling.send(
      new PutScalingPolicyCommand({
        ...{ ...target, PolicyName: 'recsys-requests', PolicyType: 'TargetTrackingScaling' },
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: REQUESTS_A_MINUTE,
          PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
        },
      }),
    );
    return {};
  });
  return true;
}

/** Why an endpoint did not come to be in service, with what is known to help. */
export function notInService(endpoint: string, status: EndpointStatus | undefined): UserError {
  return failedFor({
    what: `The endpoint ${endpoint} did not come to be in service`,
    status,
    hints: [
      [
        /ping|health/i,
        'The container did not answer in time: try more --memory, and see its logs in CloudWatch.',
        'The container did not answer in time: deploy to an instance, and see its logs in CloudWatch.',
      ],
      [
        /memory|OOM/i,
        'Give it more --memory, or an instance (--instance-type).',
        'Deploy it to an instance that has more memory.',
      ],
      [/model data|s3/i, 'The role must be allowed to read the bucket: recsys deploy --print-policy'],
    ],
    logs: '/aws/sagemaker/Endpoints',
  });
}
