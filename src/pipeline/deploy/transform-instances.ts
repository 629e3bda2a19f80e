/** On which instances a batch transform has room for a model. */
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { memoryNeeded } from './capacity.ts';
import { hasRoom, USUAL_INSTANCES, type UsualInstance } from './instance-memory.ts';

/** The usual ones that have room for the model, with a quarter to spare; smallest first. */
export function roomyInstances(modelBytes: number): readonly UsualInstance[] {
  const needed = memoryNeeded(modelBytes);
  return USUAL_INSTANCES.filter((one) => hasRoom(one, needed));
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
