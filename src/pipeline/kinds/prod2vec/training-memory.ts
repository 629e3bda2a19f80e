import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sequences } from '../../data/prepared-data.ts';
import { writeSettings } from './kernel-settings.ts';
import type { Grouping, MemoryPlan } from './memory-plan.ts';
import type { Prod2vecParameters } from './parameters.ts';
import { CONTROL } from './train-protocol.ts';
import { sharedMemory } from '../../wasm/shared-memory.ts';
import type { Vocabulary } from '../fitting/vocabulary.ts';

/** Rows copied before other work of the process gets a turn. */
const TURN = 1 << 22;
/** @throws UserError when the machine does not give that much memory */
export function allocate(plan: MemoryPlan): WebAssembly.Memory {
  return sharedMemory(plan.pages, plan.pages, {
    message: `This machine did not give training the ${Math.ceil(plan.bytes / 2 ** 20)} MB of memory it needs.`,
    hint: 'Close other programs, train fewer hyper-parameter sets at a time (--max-workers), or lower --vector-size.',
  });
}

/** Rows of the longest sequence. */
export function longestSequence({ offsets }: Sequences): number {
  let longest = 0;
  for (let s = 0; s + 1 < offsets.length; s++)
    longest = Math.max(longest, (offsets[s + 1] ?? 0) - (offsets[s] ?? 0));
  return longest;
}

/** Writes counts, tokens (rows of the vocabulary, without dropped items) and sequence offsets. */
export async function fillMemory(
  buffer: ArrayBufferLike,
  plan: MemoryPlan,
  { items, offsets }: Sequences,
  vocabulary: Vocabulary,
): Promise<void> {
  const counts = new Uint32Array(buffer, plan.counts, vocabulary.counts.length);
  vocabulary.counts.forEach((count, rank) => (counts[vocabulary.rows[rank] ?? 0] = count));
  const tokens = new Int32Array(buffer, plan.tokens, vocabulary.total);
  const sentences = new Uint32Array(buffer, plan.sentences, offsets.length);
  let at = 0;
  let turn = 0;
  for (let s = 0; s + 1 < offsets.length; s++) {
    const end = offsets[s + 1] ?? 0;
    for (let i = offsets[s] ?? 0; i < end; i++) {
      const row = vocabulary.rowOf[items[i] ?? 0] ?? -1;
      if (row >= 0) tokens[at++] = row;
    }
    sentences[s + 1] = at;
    if (end - turn > TURN) {
      turn = end;
      await nextTurn();
    }
  }
}

export function writeThreadSettings(
  buffer: ArrayBufferLike,
  plan: MemoryPlan,
  rows: number,
  parameters: Prod2vecParameters,
  grouping: Grouping,
  seed: number,
  stripes: number,
): void {
  plan.settings.forEach((at, thread) => {
    writeSettings(buffer, at, {
      rowCount: rows,
      rowBytes: plan.rowBytes,
      vectorBytes: plan.vectorBytes,
      dimension: parameters.vectorSize,
      inputVectors: plan.inputVectors,
      outputVectors: plan.outputVectors,
      cumulative: plan.cumulative,
      guide: plan.guide,
      guideShift: plan.guideShift,
      keep: parameters.sample > 0 ? plan.keep : 0,
      sigmoids: plan.sigmoids,
      tokens: plan.tokens,
      sentences: plan.sentences,
      scratch: plan.scratch[thread] ?? 0,
      stats: plan.stats[thread] ?? 0,
      cancelFlag: plan.control + 4 * CONTROL.cancel,
      windowSize: parameters.window,
      negative: parameters.negative,
      meanOfContext: parameters.cbowMean ? 1 : 0,
      shrinkWindows: parameters.shrinkWindows ? 1 : 0,
      ...grouping,
      seed,
      stripes,
      longest: plan.longest,
    });
  });
}
