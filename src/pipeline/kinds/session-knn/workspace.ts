import type { Candidates } from '../ranking/scorer.ts';
import { CandidateSet } from '../ranking/candidate-set.ts';
import { TopSelector } from '../ranking/top-selector.ts';
import type { SequenceIndex } from './sequence-index.ts';

/** What a query needs room for: made once, cleared in time proportional to what the last query touched. */
export class Workspace {
  /** Sequences that share an item with the query, with their similarities. */
  readonly found: Candidates & { readonly scores: Float64Array };
  /** Of each of them the place of the newest shared item. */
  readonly newest: Uint32Array;
  /** Among equal sequences the later ones, which are the newer where they have a time. */
  readonly selector: TopSelector;
  readonly votes: CandidateSet;

  constructor({ sequenceCount, itemCount }: SequenceIndex) {
    this.found = {
      items: new Int32Array(sequenceCount),
      scores: new Float64Array(sequenceCount),
      slotOf: new Int32Array(sequenceCount).fill(-1),
      count: 0,
    };
    this.newest = new Uint32Array(sequenceCount);
    const ties = new Uint32Array(sequenceCount);
    for (let s = 0; s < sequenceCount; s++) ties[s] = sequenceCount - s;
    this.selector = new TopSelector(ties);
    this.votes = new CandidateSet(itemCount);
  }

  clear(): void {
    const { found, votes } = this;
    for (let slot = 0; slot < found.count; slot++) found.slotOf[found.items[slot] ?? 0] = -1;
    found.count = 0;
    votes.clear();
  }
}
