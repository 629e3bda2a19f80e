import { cancelAll } from './epoch-gate.ts';
import type { MemoryPlan } from './memory-plan.ts';
import type { Prod2vecParameters } from './parameters.ts';
import type { TrainRequest } from './train-request.ts';
import type { Vocabulary } from '../fitting/vocabulary.ts';
import type { WorkUnits } from './work-units.ts';

/** One training: what was asked, and the memory it runs in. */
export interface Session {
  readonly request: TrainRequest;
  readonly parameters: Prod2vecParameters;
  readonly vocabulary: Vocabulary;
  readonly plan: MemoryPlan;
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  readonly units: WorkUnits;
  readonly totalWords: number;
  readonly started: number;
}

/** Stops all threads, also those that wait. */
export function stop({ control }: Session): void {
  cancelAll(control);
}

/** A matrix in the order of the vocabulary's items, without padding. */
function unpadded({ memory, plan, vocabulary, parameters }: Session, matrix: number): Float32Array {
  const { vectorSize } = parameters;
  const { rows } = vocabulary;
  const stride = plan.rowBytes / 4;
  const padded = new Float32Array(memory.buffer, matrix, rows.length * stride);
  const packed = new Float32Array(rows.length * vectorSize);
  rows.forEach((row, index) => {
    packed.set(padded.subarray(row * stride, row * stride + vectorSize), index * vectorSize);
  });
  return packed;
}

export const inputVectors = (session: Session): Float32Array => unpadded(session, session.plan.inputVectors);
export const outputVectors = (session: Session): Float32Array =>
  unpadded(session, session.plan.outputVectors);
