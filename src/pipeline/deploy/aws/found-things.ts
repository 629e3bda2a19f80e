/** Things at AWS that RecSys made, by whichever workspace: what is found in one region. */
import { paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import {
  DescribeEndpointConfigCommand,
  DescribeEndpointCommand,
  paginateListEndpointConfigs,
  paginateListEndpoints,
  paginateListModels,
  type ProductionVariant,
  type ProductionVariantSummary,
} from '@aws-sdk/client-sagemaker';
import type { MadeKind } from '../../../protocol/costs.ts';
import type { Tags } from '../../../protocol/deployment.ts';
import { PREFIX } from '../../../protocol/endpoint-name.ts';
import { kindOfStack, TAGS } from '../deployment-names.ts';
import { eachAtMost } from '../../each-at-most.ts';
import type { Aws } from './aws-clients.ts';
import { statusOfStack } from './stack-status.ts';
import { isMissing } from './fault.ts';
import { tagsAt } from './pieces.ts';

/** How something is paid. */
export type Payment =
  | {
      readonly type: 'instances';
      readonly counts: ReadonlyMap<string, number>;
      /** Of how many there may be, where there are none while nobody asks. */
      readonly most?: number;
    }
  | { readonly type: 'by-request' | 'by-storage' | 'nothing' }
  | { readonly type: 'unknown'; readonly why: string };

export interface FoundThing {
  readonly kind: MadeKind;
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly created?: Date | undefined;
  readonly status?: string | undefined;
  readonly bytes?: number | undefined;
  readonly payment: Payment;
  /** Undefined: they may not be read, and it is known by its name. */
  readonly tags: Tags | undefined;
}

/** Calls at once in a region. */
const AT_ONCE = 4;

export type Named = Pick<FoundThing, 'name' | 'arn' | 'created' | 'status'>;

/** Those that carry our tags or, where these may not be read, a name that we give. */
export async function ours(aws: Aws, all: readonly Named[]): Promise<(Named & Pick<FoundThing, 'tags'>)[]> {
  const told = await eachAtMost(AT_ONCE, all, async (one) => ({ ...one, tags: await tagsAt(aws, one.arn) }));
  return told.filter(({ name, tags }) =>
    tags === undefined ? name.startsWith(PREFIX) : tags[TAGS.deployment] !== undefined,
  );
}

/** Names of endpoints a person chose: all are looked at. */
export async function foundEndpoints(aws: Aws): Promise<FoundThing[]> {
  const all: Named[] = [];
  for await (const { Endpoints = [] } of paginateListEndpoints({ client: aws.sagemaker }, {}))
    for (const { EndpointName = '', EndpointArn = '', CreationTime, EndpointStatus } of Endpoints)
      all.push({ name: EndpointName, arn: EndpointArn, created: CreationTime, status: EndpointStatus });
  return eachAtMost(AT_ONCE, await ours(aws, all), async (one) => ({
    ...{ ...one, kind: 'endpoint' as const, region: aws.region },
    ...(await asConfigured(aws, one)),
  }));
}

type Configured = Pick<FoundThing, 'payment' | 'tags'>;

/** How an endpoint is paid, and whose it is: its own tags stay those of the first deployment, whatever updates it. */
async function asConfigured(
  aws: Aws,
  { name, status, tags }: Named & Pick<FoundThing, 'tags'>,
): Promise<Configured> {
  try {
    const { EndpointConfigName, ProductionVariants: now = [] } = await aws.sagemaker.send(
      new DescribeEndpointCommand({ EndpointName: name }),
    );
    const { ProductionVariants = [], EndpointConfigArn = '' } = await aws.sagemaker.send(
      new DescribeEndpointConfigCommand({ EndpointConfigName }),
    );
    const theirs = await tagsAt(aws, EndpointConfigArn);
    return {
      payment: status === 'Failed' ? FAILED : paymentOf(ProductionVariants, now),
      tags: theirs?.[TAGS.deployment] === undefined ? tags : theirs,
    };
  } catch (error) {
    if (!isMissing(error)) throw error;
    const why = 'its configuration is gone';
    return { payment: status === 'Failed' ? FAILED : { type: 'unknown', why }, tags };
  }
}

const FAILED: Payment = { type: 'unknown', why: 'it is Failed, and AWS does not say whether that is paid' };

/** @param now how many instances there are at present */
function paymentOf(
  variants: readonly ProductionVariant[],
  now: readonly ProductionVariantSummary[],
): Payment {
  if (variants.every(({ ServerlessConfig }) => ServerlessConfig !== undefined)) return { type: 'by-request' };
  const counts = new Map<string, number>();
  for (const { VariantName, InstanceType, InitialInstanceCount = 1 } of variants) {
    if (InstanceType === undefined) continue;
    const current = now.find((variant) => variant.VariantName === VariantName)?.CurrentInstanceCount;
    counts.set(InstanceType, (counts.get(InstanceType) ?? 0) + (current ?? InitialInstanceCount));
  }
  const [scaling] = variants.map(({ ManagedInstanceScaling }) => ManagedInstanceScaling);
  const most = scaling?.MinInstanceCount === 0 ? { most: scaling.MaxInstanceCount ?? 1 } : {};
  return { type: 'instances', counts, ...most };
}

/**
 * Stacks. Of a REST front requests are paid, and idle it costs nothing but what its logs keep; a clock, which strikes once, is
 * within what AWS gives; the instances that a component is on are its endpoint's.
 */
export async function foundStacks(aws: Aws): Promise<FoundThing[]> {
  const found: FoundThing[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client: aws.cloudFormation }, {}))
    for (const { name, arn, tags, status, created } of Stacks.map(statusOfStack))
      if (tags[TAGS.deployment] !== undefined)
        found.push({
          ...{ name, arn, region: aws.region, created, status, tags },
          kind: kindOfStack(name),
          payment: { type: kindOfStack(name) === 'stack' ? 'by-request' : 'nothing' },
        });
  return found;
}

export async function foundConfigs(aws: Aws): Promise<FoundThing[]> {
  const all: Named[] = [];
  for await (const { EndpointConfigs = [] } of paginateListEndpointConfigs(
    { client: aws.sagemaker },
    { NameContains: PREFIX },
  ))
    for (const { EndpointConfigName = '', EndpointConfigArn = '', CreationTime } of EndpointConfigs)
      all.push({ name: EndpointConfigName, arn: EndpointConfigArn, created: CreationTime });
  return free(aws, 'endpoint-config', all);
}

export async function foundModels(aws: Aws): Promise<FoundThing[]> {
  const all: Named[] = [];
  for await (const { Models = [] } of paginateListModels({ client: aws.sagemaker }, { NameContains: PREFIX }))
    for (const { ModelName = '', ModelArn = '', CreationTime } of Models)
      all.push({ name: ModelName, arn: ModelArn, created: CreationTime });
  return free(aws, 'model', all);
}

async function free(aws: Aws, kind: MadeKind, all: readonly Named[]): Promise<FoundThing[]> {
  const named = all.filter(({ name }) => name.startsWith(PREFIX));
  const made = await ours(aws, named);
  return made.map((one) => ({ ...one, kind, region: aws.region, payment: { type: 'nothing' } }));
}
