/** A training thread: takes units of work, of its own part or of one that is behind, until none is left (Hogwild). */
import { parentPort, workerData } from 'node:worker_threads';
import { cancelAll, mayStart } from './epoch-gate.ts';
import { instantiate } from './kernel.ts';
import type { Word2vecKernel } from './kernel.ts';
import { CONTROL, STATS } from './train-protocol.ts';
import type { TrainWorkerData, TrainWorkerMessage } from './train-protocol.ts';
import { rememberStart } from './trained-rows.ts';
import { learningRate, partsToTry } from './work-units.ts';

// Only train.ts starts this file.
const work = workerData as TrainWorkerData;
const { memory, plan, units, epochs } = work;
const control = new Int32Array(memory.buffer, plan.control, 128);
const unitCount = units.words.length;
const counters = plan.taken.map((at) => new Int32Array(memory.buffer, at, epochs));

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
    rememberStart(memory.buffer, plan);
    Atomics.store(control, CONTROL.ready, 1);
    Atomics.notify(control, CONTROL.ready);
  } else Atomics.wait(control, CONTROL.ready, 0);
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
    cancelAll(control);
  }
  awaitEpochs(epoch);
  Atomics.store(control, CONTROL.epochsDone, epoch + 1);
  Atomics.notify(control, CONTROL.epochsDone);
  say({ kind: 'epoch', epoch });
}

/** Epochs are told in their order: the thread that ended the one before may have been held up on its way here. */
function awaitEpochs(count: number): void {
  for (;;) {
    const done = Atomics.load(control, CONTROL.epochsDone);
    if (done >= count) return;
    Atomics.wait(control, CONTROL.epochsDone, done);
  }
}

/** The next unit of this epoch with its part; undefined when none is left. */
function takeUnit(epoch: number): { unit: number; part: number } | undefined {
  const taken = counters.map((counter) => Atomics.load(counter, epoch));
  for (const part of partsToTry(work.thread, units.parts, taken)) {
    const counter = counters[part];
    if (counter === undefined) throw new Error(`part ${part} has no counter`);
    const unit = (units.parts[part] ?? 0) + Atomics.add(counter, epoch, 1);
    if (unit < (units.parts[part + 1] ?? 0)) return { unit, part };
  }
  return undefined;
}

function trainEpoch(kernel: Word2vecKernel, epoch: number): void {
  const stats = new Float64Array(memory.buffer, plan.stats[work.thread], STATS.length);
  while (mayStart(control, epoch)) {
    const taken = takeUnit(epoch);
    if (taken === undefined) return;
    const { unit, part } = taken;
    const alpha = learningRate(work.alpha, work.minAlpha, epoch, units.progress[unit] ?? 0, epochs);
    // Parts keep step, so that each draws negatives from rows of its own, other ones in each job. The part decides, not
    // the thread: every epoch draws from all rows, also where one thread has to do the other's work.
    const stripe = (part + epoch + (units.job[unit] ?? 0)) % work.stripes;
    const [first = 0, end = 0] = units.first.subarray(unit, unit + 2);
    kernel.trainUnit(work.mode, epoch, unit, first, end, alpha, stripe);
    stats[STATS.words] = (stats[STATS.words] ?? 0) + (units.words[unit] ?? 0);
    const done = Atomics.add(control, CONTROL.done, 1) + 1;
    if (done % unitCount === 0) finishEpoch(kernel, done / unitCount - 1);
  }
}

const kernel = instantiate(work.module, memory);
kernel.configure(plan.settings[work.thread] ?? 0);
prepare(kernel);
for (let epoch = 0; epoch < epochs; epoch++) trainEpoch(kernel, epoch);
say({ kind: 'end' });
