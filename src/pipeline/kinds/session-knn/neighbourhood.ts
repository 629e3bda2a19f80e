import { pow } from '../../deterministic-math.ts';
import type { SessionKnnParameters } from './parameters.ts';
import { sequencesWith, type SequenceIndex } from './sequence-index.ts';
import type { Workspace } from './workspace.ts';

type Similarity = Pick<SessionKnnParameters, 'rarity' | 'lengthPenalty' | 'sample' | 'neighbours'>;

/** Finds the training sequences most similar to a query; what it found stays until the next one. */
export class Neighbourhood {
  private readonly index: SequenceIndex;
  private readonly parameters: Similarity;
  private readonly workspace: Workspace;
  private readonly weightOfItem: (item: number) => number;
  private readonly weightOfLength: Float64Array;

  constructor(index: SequenceIndex, parameters: Similarity, workspace: Workspace) {
    this.index = index;
    this.parameters = parameters;
    this.workspace = workspace;
    this.weightOfItem = rarityOf(index, parameters.rarity);
    this.weightOfLength = lengthWeights(index, parameters.lengthPenalty);
  }

  /**
   * Similarity: Σ over shared items, by their newest lag, of weight · (sequences / sequences with the item)^rarity, times
   * |n|^−lengthPenalty. Of each item only the last `sample` sequences are looked at.
   * @param weights of the query's items, newest first; older ones do not count
   * @returns slots of the most similar, in no promised order
   */
  find(query: Int32Array, weights: Float64Array): Int32Array {
    this.workspace.clear();
    const lags = Math.min(weights.length, query.length);
    for (let k = 0; k < lags; k++) {
      const item = query[query.length - 1 - k] ?? -1;
      const repeated = query.lastIndexOf(item) !== query.length - 1 - k;
      if (!repeated) this.addSequencesOf(item, (weights[k] ?? 0) * this.weightOfItem(item));
    }
    this.scaleByLength();
    const { selector, found } = this.workspace;
    return selector.selectSlots(found, this.parameters.neighbours);
  }

  similarity(slot: number): number {
    return this.workspace.found.scores[slot] ?? 0;
  }

  sequence(slot: number): number {
    return this.workspace.found.items[slot] ?? 0;
  }

  /** Place of the newest shared item in the index's items. */
  newestShared(slot: number): number {
    return this.workspace.newest[slot] ?? 0;
  }

  private addSequencesOf(item: number, weight: number): void {
    const { offsets, sequences, positions } = this.index;
    const { found, newest } = this.workspace;
    const { items, scores, slotOf } = found;
    const end = offsets[item + 1] ?? 0;
    let { count } = found;
    for (let at = Math.max(offsets[item] ?? 0, end - this.parameters.sample); at < end; at++) {
      const s = sequences[at] ?? 0;
      const slot = slotOf[s] ?? -1;
      if (slot >= 0) {
        scores[slot] = (scores[slot] ?? 0) + weight;
        continue;
      }
      slotOf[s] = count;
      items[count] = s;
      scores[count] = weight;
      newest[count++] = positions[at] ?? 0;
    }
    found.count = count;
  }

  private scaleByLength(): void {
    const { items, scores, count } = this.workspace.found;
    const { bounds } = this.index;
    for (let slot = 0; slot < count; slot++) {
      const s = items[slot] ?? 0;
      const length = (bounds[s + 1] ?? 0) - (bounds[s] ?? 0);
      scores[slot] = (scores[slot] ?? 0) * (this.weightOfLength[length] ?? 0);
    }
  }
}

/** (sequences / sequences with the item)^rarity, computed once for each count. */
function rarityOf(index: SequenceIndex, rarity: number): (item: number) => number {
  const known = new Map<number, number>();
  return (item) => {
    const count = sequencesWith(index, item);
    if (count <= 0) return 0;
    const value = known.get(count) ?? pow(index.sequenceCount / count, rarity);
    known.set(count, value);
    return value;
  };
}

/** |n|^−exponent by length; only lengths that occur. */
function lengthWeights({ bounds }: SequenceIndex, exponent: number): Float64Array {
  let longest = 0;
  for (let s = 0; s + 1 < bounds.length; s++)
    longest = Math.max(longest, (bounds[s + 1] ?? 0) - (bounds[s] ?? 0));
  return Float64Array.from({ length: longest + 1 }, (_, length) =>
    length === 0 ? 0 : pow(length, -exponent),
  );
}
