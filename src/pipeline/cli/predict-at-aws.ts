/** `recsys predict --at-aws`: its options, what it will make, and who ranks then. */
import { type Command, Option } from 'commander';
import * as z from 'zod/mini';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { PrepareArchive } from '../deploy/archive-writer.ts';
import type { Aws } from '../deploy/aws/aws-clients.ts';
import type { TransformRequest } from '../deploy/aws/transform-plan.ts';
import type { RankQueries } from '../predict/rank-lists.ts';
import type { Reporter } from '../reporter.ts';
import { print } from '../terminal/terminal.ts';
import type { AskByFile } from '../deploy/asking/ask-by-file.ts';
import { agreedPlan } from './agreed-plan.ts';
import type { AskedPackage } from './asked-model.ts';
import { addProfileOptions, openAws } from './aws-options.ts';
import { deployedModel } from './deployed-model.ts';
import { knownOfModel } from './known-of-model.ts';
import { roleByFile } from './role-by-file.ts';
import { stopSignal } from './stop-signal.ts';
import { openStoreOf, wholeNumber } from './store-options.ts';

const TransformOptions = z.object({
  atAws: z._default(z.boolean(), false),
  role: z.optional(z.string()),
  bucket: z.optional(z.string()),
  image: z.optional(z.string()),
  instanceType: z.optional(z.string()),
  instances: z.optional(z.int()),
  yes: z._default(z.boolean(), false),
  printPolicy: z._default(z.boolean(), false),
});
type TransformOptions = z.infer<typeof TransformOptions>;

/** Options that say nothing without --at-aws, as a person types them. */
const ONLY_AT_AWS = {
  ...{ role: '--role', bucket: '--bucket', image: '--image', instanceType: '--instance-type' },
  ...{ instances: '--instances', profile: '--profile', region: '--region', yes: '--yes' },
  printPolicy: '--print-policy',
} as const;

export function addTransformOptions(command: Command): Command {
  command.option('--at-aws', 'rank by a batch transform job of Amazon SageMaker, not on this machine');
  return addProfileOptions(command)
    .option('--role <arn>', 'with --at-aws: role that the job takes')
    .option(
      '--bucket <name>',
      'with --at-aws: bucket of all files (default: recsys-<account>-<region>, made where needed)',
    )
    .option('--image <uri>', 'with --at-aws: container (default: TensorFlow Serving of the region)')
    .option('--instance-type <type>', 'with --at-aws: what it runs on (default: by the size of the model)')
    .addOption(
      new Option('--instances <n>', 'with --at-aws: how many (default: 1)').argParser(wholeNumber(1)),
    )
    .option('--yes', 'with --at-aws: make it without asking')
    .option(
      '--print-policy',
      'with --at-aws: print what the person and the role must be allowed to do, and make nothing',
    );
}

/** Whether the policy alone is asked for, which is printed then. @throws UserError for options that say nothing */
export async function printedPolicy(given: Readonly<Record<string, unknown>>): Promise<boolean> {
  const options = TransformOptions.parse(given);
  const [needless] = Object.entries(ONLY_AT_AWS).filter(([name]) => given[name] !== undefined);
  if (!options.atAws && needless !== undefined)
    throw new UserError(`${needless[1]} is of predictions at AWS.`, 'Leave it out, or add --at-aws.', {
      exitCode: EXIT.usage,
    });
  if (!options.printPolicy) return false;
  const { transformPolicyText } = await import('../deploy/policy.ts');
  const { ownBucketName } = await import('../deploy/deployment-names.ts');
  const aws = await openAws(given);
  const { account, partition } = await aws.caller();
  const { region } = aws;
  const { role = 'recsys-batch', bucket = ownBucketName(account, region) } = options;
  const arn = role.startsWith('arn:') ? role : `arn:${partition}:iam::${account}:role/${role}`;
  print(transformPolicyText({ account, partition, region, bucket, endpoint: '*', role: arn }));
  return true;
}

interface Asking {
  readonly output: string;
  readonly json: boolean;
  /** Absent: a person at the terminal is asked. */
  readonly asker?: AskByFile | undefined;
}

/** A batch transform that a person has agreed to. */
export interface AgreedTransform {
  /** Who ranks. */
  readonly rank: (reporter: Reporter) => RankQueries;
  readonly dispose: () => void;
}

/**
 * Shows what will be made, and asks.
 * @param stop ends the predictions; a second one, after it, ends taking away what was made
 * @returns undefined: predictions are made on this machine
 */
export async function agreedTransform(
  found: AskedPackage,
  given: Readonly<Record<string, unknown>>,
  { output, json, asker }: Asking,
  stop: ReturnType<typeof stopSignal>,
): Promise<AgreedTransform | undefined> {
  const options = TransformOptions.parse(given);
  if (!options.atAws) return undefined;
  let giveUp = stop.signal;
  const aws = await openAws(given, { asker, signal: () => giveUp });
  const store = openStoreOf(given);
  await store.ensure();
  const chooseRole = roleByFile(asker, 'job', stop.signal);
  const asked = { ...options, output, storeFolder: store.folder };
  const wanted = { ...(await requestOf(aws, found, asked)), chooseRole };
  const { rankByTransform } = await import('../deploy/aws/transform.ts');
  const agreeing = { yes: options.yes, json, asker };
  const { plan, request } = await agreedPlan(aws, wanted, agreeing, stop.signal);
  let second: ReturnType<typeof stopSignal> | undefined;
  const leaveSignal = (): AbortSignal => {
    // The first Ctrl+C was for the predictions; a second one is for clearing them away.
    stop.dispose();
    second = stopSignal();
    asker?.startOver();
    asker?.cancelled.addEventListener('abort', second.abort);
    giveUp = second.signal;
    return second.signal;
  };
  const { signal } = stop;
  return {
    rank: (reporter) => rankByTransform(aws, plan, request, { reporter, signal, leaveSignal }),
    dispose: () => second?.dispose(),
  };
}

interface Asked extends TransformOptions {
  readonly output: string;
  readonly storeFolder: string;
}

async function requestOf(aws: Aws, found: AskedPackage, asked: Asked): Promise<TransformRequest> {
  const { prepareArchive: prepare } = await import('../exporters/savedmodel/archive.ts');
  const { InstancePrices } = await import('../deploy/aws/instance-prices.ts');
  const known = await knownOfModel(found);
  const prepareArchive: PrepareArchive = (folder, of) => prepare(folder, { ...of, ...known });
  const { storeFolder, output, role, bucket, image, instanceType: instance, instances: count = 1 } = asked;
  return {
    ...{ storeFolder, output, role, bucket, image, instance, count, prepareArchive },
    ...{ packageFolder: found.folder, source: await deployedModel(found), prices: new InstancePrices(aws) },
  };
}
