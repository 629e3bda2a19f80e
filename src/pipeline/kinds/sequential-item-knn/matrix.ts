import { countPowers } from '../fitting/count-powers.ts';
import type { Candidates } from '../ranking/scorer.ts';
import { SparseBuilder, type SparseMatrix } from '../fitting/sparse-matrix.ts';
import { TopSelector } from '../ranking/top-selector.ts';
import { CoOccurrenceCounter } from './co-occurrence.ts';
import { occurrencesOf, type Occurrences } from '../fitting/occurrences.ts';
import type { KnnParameters } from './parameters.ts';

/** (n_j + λ)^−γ of every item. */
export function targetScale(index: Occurrences, lambda: number, gamma: number): Float64Array {
  return countPowers(countsOf(index), lambda, -gamma);
}

/** n_i^−α of every item; 0 for items without training rows. */
export function sourceScale(index: Occurrences, alpha: number): Float64Array {
  const counts = countsOf(index);
  return countPowers(counts, 0, -alpha).map((value, item) => (counts[item] === 0 ? 0 : value));
}

function countsOf(index: Occurrences): Uint32Array {
  return Uint32Array.from({ length: index.itemCount }, (_, item) => occurrencesOf(index, item));
}

/**
 * M[i][j] = C[i][j] / (n_i^α · (n_j + λ)^γ), the strongest `neighbours` of each row.
 * @param ties random order that decides where the cut falls among equals
 * @param pause called after every some rows with the number of rows done
 */
export async function normalisedMatrix(
  index: Occurrences,
  parameters: KnnParameters,
  ties: Uint32Array,
  pause: (rows: number) => Promise<void> | undefined,
): Promise<SparseMatrix> {
  const counter = new CoOccurrenceCounter(index, parameters.delta, parameters.self);
  const toTarget = targetScale(index, parameters.lambda, parameters.gamma);
  const fromSource = sourceScale(index, parameters.alpha);
  const builder = new SparseBuilder(index.itemCount);
  const selector = new TopSelector(ties);
  const scores = new Float64Array(index.itemCount);
  for (let item = 0; item < index.itemCount; item++) {
    counter.load(item);
    scaleRow(counter, parameters.back, fromSource[item] ?? 0, toTarget, scores);
    const row: Candidates = { items: counter.touched, scores, count: counter.count, slotOf: counter.touched };
    for (const slot of strongest(selector, row, parameters.neighbours)) {
      const score = scores[slot] ?? 0;
      if (score > 0) builder.push(counter.touched[slot] ?? 0, score);
    }
    builder.endRow();
    if (item % 1024 === 1023) await pause(item + 1);
  }
  return builder.finish();
}

/** Slots of a row's strongest entries in ascending order, so that the stored order does not depend on the selection. */
function strongest(selector: TopSelector, row: Candidates, neighbours: number): Int32Array {
  if (row.count <= neighbours) return Int32Array.from({ length: row.count }, (_, slot) => slot);
  return selector.selectSlots(row, neighbours).slice().sort();
}

function scaleRow(
  { touched, after, before, count }: CoOccurrenceCounter,
  back: number,
  source: number,
  toTarget: Float64Array,
  scores: Float64Array,
): void {
  for (let slot = 0; slot < count; slot++) {
    const other = touched[slot] ?? 0;
    scores[slot] = ((after[other] ?? 0) + back * (before[other] ?? 0)) * source * (toTarget[other] ?? 0);
  }
}
