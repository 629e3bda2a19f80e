/** On which instances a batch transform has room for a model. */
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { memoryNeeded } from './capacity.ts';

export interface TransformInstance {
  readonly instance: string;
  /** MiB. */
  readonly memory: number;
}

/** Of one family, smallest first. */
const INSTANCES: readonly TransformInstance[] = [
  { instance: 'ml.m5.large', memory: 8192 },
  { instance: 'ml.m5.xlarge', memory: 16_384 },
  { instance: 'ml.m5.2xlarge', memory: 32_768 },
  { instance: 'ml.m5.4xlarge', memory: 65_536 },
];

/** The usual ones that have room for the model, with a quarter to spare; smallest first. */
export function roomyInstances(modelBytes: number): readonly TransformInstance[] {
  const needed = memoryNeeded(modelBytes);
  return INSTANCES.filter(({ memory }) => needed <= 0.75 * memory);
}

/** @throws UserError where none of the usual ones has room */
export function instanceFor(modelBytes: number): string {
  const [smallest] = roomyInstances(modelBytes);
  if (smallest !== undefined) return smallest.instance;
  throw new UserError(
    `The model needs about ${memoryNeeded(modelBytes)} MB of memory, which none of the usual instances has.`,
    'Name one that has more: --instance-type ml.r5.4xlarge, say. Nothing was made.',
    { exitCode: EXIT.usage, inWindow: 'Predict on this machine. Nothing was made.' },
  );
}
