/** What an endpoint runs on, and SageMaker's limits, which are looked at before anything is made. */
import type { Capacity } from '../../protocol/deployment.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { formatBytes } from '../../protocol/text/format.ts';
import { isTooSmall } from './instance-memory.ts';

const MIB = 1 << 20;
/** Serverless endpoints have 1 to 6 GB, in steps of one. */
const STEP_MIB = 1024;
const MOST_MIB = 6144;
/** TensorFlow Serving with its web server, before it has a model: an estimate on the safe side. */
const SERVER_MIB = 512;
/** A graph is in memory as a file, as a graph and as tables while it is loaded: an estimate on the safe side. */
const COPIES = 3;
/** Longest list that a request may ask for; fixed when the archive is written. */
export const MAX_K = 100;
/** Concurrent requests of a serverless endpoint, at most. */
export const MOST_CONCURRENCY = 200;

/** Megabytes (MiB) that an endpoint should have for a model of so many bytes. */
export function memoryNeeded(modelBytes: number): number {
  return Math.ceil((SERVER_MIB + (COPIES * modelBytes) / MIB) / STEP_MIB) * STEP_MIB;
}

export interface AskedCapacity {
  readonly memory: number | undefined;
  readonly concurrency: number | undefined;
  readonly instance: string | undefined;
  /** Of instances: how many there are at most; absent: one, and no scaling. */
  readonly mostInstances: number | undefined;
  /** Of instances: whether all of them go while nobody asks. */
  readonly toZero?: boolean;
}

/**
 * @param modelBytes of the package's arrays
 * @throws UserError for a model or an option that serverless inference has no room for
 */
export function capacityOf(asked: AskedCapacity, modelBytes: number): Capacity {
  const { instance, memory, concurrency, mostInstances, toZero = false } = asked;
  if (instance === undefined) {
    if (toZero)
      throw usage(
        '--scale-to-zero is of instances; a serverless endpoint costs nothing when idle as it is.',
        'Leave it out, or name the type of the instances with --instance-type.',
      );
    if (mostInstances !== undefined)
      throw usage('--max-instances is of instances.', 'Name their type with --instance-type.');
    return serverless(memory, concurrency ?? 5, modelBytes);
  }
  if (memory !== undefined || concurrency !== undefined)
    throw usage(
      '--memory and --concurrency are of serverless endpoints.',
      'Leave them out, or --instance-type.',
    );
  requireInstanceType(instance);
  if (toZero) return scaledToZero(instance, mostInstances ?? 1, modelBytes);
  return { type: 'instances', instance, count: 1, most: mostInstances ?? 1 };
}

/** @throws UserError where a copy of the model has surely no room on such an instance */
function scaledToZero(instance: string, most: number, modelBytes: number): Capacity {
  const memory = memoryNeeded(modelBytes);
  if (!isTooSmall(instance, memory)) return { type: 'toZero', instance, most, memory };
  throw new UserError(
    `The model needs about ${memory} MB of memory, which ${instance} has not.`,
    'Choose a larger --instance-type. Nothing was made.',
    { exitCode: EXIT.usage, inWindow: 'Choose a larger instance. Nothing was made.' },
  );
}

/** @throws UserError where SageMaker has no inference components, by which instances scale to zero */
export function requireRegionToZero({ type }: Capacity, region: string): void {
  if (type !== 'toZero' || !/^(cn|us-gov)-/.test(region)) return;
  throw new UserError(
    `In ${region} instances of SageMaker cannot scale to zero.`,
    'Leave --scale-to-zero out; without --instance-type the endpoint is serverless, and costs nothing when idle. Nothing was made.',
    {
      exitCode: EXIT.usage,
      inWindow: 'A serverless endpoint costs nothing when idle either. Nothing was made.',
    },
  );
}

/** @throws UserError for what cannot be the name of one */
export function requireInstanceType(instance: string): void {
  if (/^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(instance)) return;
  throw usage(
    `'${instance}' is no type of an instance.`,
    'They are called such as ml.t2.medium or ml.m5.large.',
  );
}

function serverless(memory: number | undefined, concurrency: number, modelBytes: number): Capacity {
  if (concurrency < 1 || concurrency > MOST_CONCURRENCY)
    throw usage(
      `A serverless endpoint has 1 to ${MOST_CONCURRENCY} requests at once.`,
      'Choose another --concurrency.',
    );
  if (memory !== undefined && (memory % STEP_MIB !== 0 || memory < STEP_MIB || memory > MOST_MIB))
    throw usage(
      `A serverless endpoint has ${STEP_MIB} to ${MOST_MIB} MB of memory, in steps of ${STEP_MIB}.`,
      'Choose another --memory.',
    );
  const needed = memoryNeeded(modelBytes);
  if (memory !== undefined) return { type: 'serverless', memory, concurrency };
  if (needed <= MOST_MIB) return { type: 'serverless', memory: needed, concurrency };
  throw new UserError(
    `The model is too large for a serverless endpoint: ${formatBytes(modelBytes)} need about ${needed} MB of memory, and there are ${MOST_MIB} at most.`,
    'Deploy it to an instance (--instance-type ml.m5.xlarge, say), or try --memory 6144 nevertheless. Nothing was made.',
    { inWindow: 'Deploy it to an instance, such as ml.m5.xlarge. Nothing was made.' },
  );
}

/** Bytes of a request or an answer of a serverless endpoint, at most. */
const MOST_PAYLOAD = 4 * MIB;
/** Of one item in an answer, beside its name: a score, quotes, commas. */
const BYTES_BESIDE_NAME = 32;

/** @throws UserError where the longest answer would be cut off @param longestNames bytes of the longest names together */
export function requireFittingAnswers(longestNames: number, maxK: number): void {
  const bytes = longestNames + maxK * BYTES_BESIDE_NAME;
  if (bytes <= MOST_PAYLOAD) return;
  throw new UserError(
    `An answer of ${maxK} items may be of ${formatBytes(bytes)}, and SageMaker answers with 4 MB at most.`,
    'The names of some items are very long: shorten them in the data. Nothing was made.',
  );
}

function usage(message: string, hint: string): UserError {
  return new UserError(message, hint, { exitCode: EXIT.usage });
}
