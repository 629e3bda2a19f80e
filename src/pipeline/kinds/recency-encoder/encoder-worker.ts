/** A training thread of the recency encoder: takes batches from a shared counter (Hogwild: Recht et al. 2011). */
import { parentPort, workerData } from 'node:worker_threads';
import { instantiateEncoder } from './kernel.ts';
import {
  CONTROL,
  rateAt,
  type EncoderDone,
  type EncoderOrder,
  type EncoderWorkerData,
} from './train-protocol.ts';

// Only train.ts starts this file.
const work = workerData as EncoderWorkerData;
const { plan, memory, batchSize, positions, epochs, thread, threads } = work;
const control = new Int32Array(memory.buffer, plan.control, 32);
const kernel = instantiateEncoder(work.module, memory);
kernel.configure(plan.settings[thread] ?? 0);

function share(): { first: number; end: number } {
  const rows = Math.ceil(work.items / threads);
  const first = Math.min(work.items, thread * rows);
  return { first, end: Math.min(work.items, first + rows) };
}

function fill(): void {
  const { first, end } = share();
  kernel.fillVectors(first, end, work.dimensions);
}

function check(): boolean {
  const { first, end } = share();
  return kernel.isFinite(first, end) !== 0;
}

function trainEpoch(epoch: number): void {
  const batches = Math.ceil(positions / batchSize);
  for (;;) {
    const batch = Atomics.add(control, CONTROL.next, 1);
    if (batch >= batches || Atomics.load(control, CONTROL.cancel) !== 0) return;
    const done = (epoch + batch / batches) / epochs;
    const first = batch * batchSize;
    const end = Math.min(positions, first + batchSize);
    kernel.trainBatch(epoch, first, end, rateAt(work.learningRate, done), rateAt(work.lagRate, done));
  }
}

function carryOut(order: EncoderOrder): EncoderDone {
  if (order.kind === 'check') return { finite: check() };
  if (order.kind === 'fill') fill();
  else trainEpoch(order.epoch);
  return { finite: true };
}

parentPort?.on('message', (order: EncoderOrder) => {
  parentPort?.postMessage(carryOut(order));
});
