import { allowEpoch } from './epoch-gate.ts';
import { CONTROL } from './train-protocol.ts';
import type { VectorsAccess } from './train-request.ts';
import { inputVectors, outputVectors, stop } from './train-session.ts';
import type { Session } from './train-session.ts';
import { movedRows } from './trained-rows.ts';

/** Runs `afterEpoch`, keeps a copy of the best weights, and lets the next epoch start. */
export class BestWeights {
  readonly #session: Session;
  epoch: number | undefined;
  vectors: Float32Array | undefined;
  outputVectors: Float32Array | undefined;
  trained: Uint8Array | undefined;
  #score = -Infinity;

  constructor(session: Session) {
    this.#session = session;
  }

  async afterEpoch(epoch: number): Promise<void> {
    const { request, vocabulary, parameters, control } = this.#session;
    if (request.afterEpoch === undefined || Atomics.load(control, CONTROL.cancel) !== 0) return;
    const access: VectorsAccess = {
      items: vocabulary.items,
      dimension: parameters.vectorSize,
      vectors: () => inputVectors(this.#session),
      trained: () => movedRows(this.#session),
    };
    const { score, stop: stopNow } = await request.afterEpoch(access, epoch + 1);
    if (this.epoch === undefined || score > this.#score) {
      this.#score = score;
      this.epoch = epoch + 1;
      this.vectors = inputVectors(this.#session);
      this.outputVectors = outputVectors(this.#session);
      this.trained = movedRows(this.#session);
    }
    if (stopNow) stop(this.#session);
    else allowEpoch(control);
  }
}
