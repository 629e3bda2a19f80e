/** Model, configuration, endpoint and scaling of a deployment. */
import {
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  type ProductionVariant,
} from '@aws-sdk/client-sagemaker';
import { pieceId, type Capacity, type Piece } from '../../../protocol/deployment.ts';
import type { UserError } from '../../../protocol/user-error.ts';
import { SCALED } from '../scaled.ts';
import { VARIANT } from '../variant.ts';
import { askUpdate, type EndpointStatus } from './endpoint-status.ts';
import { makePiece, type Making } from './make-piece.ts';
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
export async function makeConfig(making: Making, { name, role, capacity }: ModelPlan): Promise<string> {
  const needs = capacity.type === 'toZero' ? [] : [pieceId({ kind: 'model', name })];
  const piece: Piece = { kind: 'endpoint-config', name, needs };
  // Of an endpoint with a component these are its own, not its model's.
  const own = capacity.type === 'toZero' ? { ExecutionRoleArn: role, EnableNetworkIsolation: true } : {};
  const create = new CreateEndpointConfigCommand({
    ...{ EndpointConfigName: name, Tags: asTagList(making.tags), ...own },
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
  // Types are many and grow; AWS says which it has.
  const InstanceType = capacity.instance as NonNullable<ProductionVariant['InstanceType']>;
  if (capacity.type === 'toZero')
    return {
      ...{ VariantName: VARIANT, InstanceType, InitialInstanceCount: 1 },
      ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 0, MaxInstanceCount: capacity.most },
      RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
    };
  return { ...common, InstanceType, InitialInstanceCount: capacity.count, InitialVariantWeight: 1 };
}

/** @param config that it keeps, whichever model answers */
export function endpointPiece(name: string, config?: string): Piece {
  const needs = config === undefined ? [] : [pieceId({ kind: 'endpoint-config', name: config })];
  return { kind: 'endpoint', name, needs };
}

/** Makes the endpoint, or gives the one that is there the new configuration, unless it keeps its own. It is not waited for. */
export async function makeEndpoint(
  making: Making,
  endpoint: string,
  config: string,
  { isThere, keepsConfig }: { readonly isThere: boolean; readonly keepsConfig: boolean },
): Promise<void> {
  const { aws, journal, id, tags } = making;
  if (!isThere) {
    const create = new CreateEndpointCommand({
      ...{ EndpointName: endpoint, EndpointConfigName: config, Tags: asTagList(tags) },
    });
    const piece = endpointPiece(endpoint, keepsConfig ? config : undefined);
    await makePiece(making, piece, async () => ({ arn: (await aws.sagemaker.send(create)).EndpointArn }));
    return;
  }
  if (keepsConfig) return;
  await journal.append({ type: 'update', id, config });
  await aws.try(`updating the endpoint ${endpoint}`, () => askUpdate(aws, endpoint, config));
}

/** Requests a minute and instance that scaling aims at. */
const REQUESTS_A_MINUTE = 1000;

/** Lets AWS add and remove instances by how many requests there are. */
export async function makeScaling(making: Making, endpoint: string, capacity: Capacity): Promise<boolean> {
  if (capacity.type !== 'instances' || capacity.most <= capacity.count) return false;
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
