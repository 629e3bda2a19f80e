/** A training thread: takes units of work from a shared counter until none is left (Hogwild). */
import { parentPort, workerData } from 'node:worker_threads';
import { instantiate } from './kernel.ts';
import type { Word2vecKernel } from './kernel.ts';
import { CONTROL, STATS } from './train-protocol.ts';
import type { TrainWorkerData, TrainWorkerMessage } from './train-protocol.ts';
import { learningRate } from './work-units.ts';

// Only train.ts starts this file.
const work = workerData as TrainWorkerData;
const { memory, plan, units, epochs } = work;
const control = new Int32Array(memory.buffer, plan.control, 128);
const unitCount = units.words.length;

function say(message: TrainWorkerMessage): void {
  parentPort?.postMessage(message);
}

/** The first thread fills tables and vectors, the others wait for it. */
function prepare(kernel: Word2vecKernel): void {
  if (work.thread === 0) {
    kernel.fillSigmoids();
    kernel.fillCumulative(plan.counts, work.nsExponent);
    if (work.sampleThreshold > 0) kernel.fillKeep(plan.counts, work.sampleThreshold);
    kernel.fillVectors();
    Atomics.store(control, CONTROL.ready, 1);
    Atomics.notify(control, CONTROL.ready);
  } else Atomics.wait(control, CONTROL.ready, 0);
}

/** Waits until an epoch may start; false when training was stopped instead. */
function mayStart(epoch: number): boolean {
  for (;;) {
    if (Atomics.load(control, CONTROL.cancel) !== 0) return false;
    const allowed = Atomics.load(control, CONTROL.allowed);
    if (epoch < allowed) return true;
    Atomics.wait(control, CONTROL.allowed, allowed);
  }
}

/** Sums the threads' stats for the loss of this epoch, looks for NaN, and tells. */
function finishEpoch(kernel: Word2vecKernel, epoch: number): void {
  const sums = new Float64Array(memory.buffer, plan.epochStats + 32 * epoch, 4);
  for (const at of plan.stats) {
    const stats = new Float64Array(memory.buffer, at, STATS.length);
    sums.forEach((sum, index) => (sums[index] = sum + (stats[index] ?? 0)));
  }
  if (kernel.isFinite() === 0) {
    Atomics.store(control, CONTROL.notFinite, epoch + 1);
    Atomics.store(control, CONTROL.cancel, 1);
    Atomics.notify(control, CONTROL.allowed);
  }
  Atomics.store(control, CONTROL.epochsDone, epoch + 1);
  say({ kind: 'epoch', epoch });
}

function trainUnits(kernel: Word2vecKernel): void {
  const stats = new Float64Array(memory.buffer, plan.stats[work.thread], STATS.length);
  for (;;) {
    const index = Atomics.add(control, CONTROL.next, 1);
    const epoch = Math.floor(index / unitCount);
    if (epoch >= epochs || !mayStart(epoch)) return;
    const unit = index % unitCount;
    const alpha = learningRate(work.alpha, work.minAlpha, epoch, units.progress[unit] ?? 0, epochs);
    kernel.trainUnit(work.mode, epoch, unit, units.first[unit] ?? 0, units.first[unit + 1] ?? 0, alpha);
    stats[STATS.words] = (stats[STATS.words] ?? 0) + (units.words[unit] ?? 0);
    const done = Atomics.add(control, CONTROL.done, 1) + 1;
    if (done % unitCount === 0) finishEpoch(kernel, done / unitCount - 1);
  }
}

const kernel = instantiate(work.module, memory);
kernel.configure(plan.settings[work.thread] ?? 0);
prepare(kernel);
trainUnits(kernel);
say({ kind: 'end' });
