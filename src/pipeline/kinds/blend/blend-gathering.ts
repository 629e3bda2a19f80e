import { CandidateTable } from '../fitting/candidate-table.ts';
import type { Candidates } from '../ranking/scorer.ts';
import { seenItems } from '../ranking/seen-items.ts';
import { TopSelector } from '../ranking/top-selector.ts';
import type { BlendRows } from './blend-rows.ts';
import { blendBias, type BlendSearch, type BlendWeights, type PlacedQuery } from './weighting.ts';

/** Strongest candidates of a query that are kept, of the blend so far and of each member. */
const CANDIDATES = 400;
const MEMBER_CANDIDATES = 150;

/** Makes the table on which weights are chosen: of each candidate the members' scores, the prior and whether it is cold. */
export class BlendGathering {
  readonly table: CandidateTable;
  private readonly search: BlendSearch;
  private readonly rows: BlendRows;
  private readonly columnOf: Int32Array;
  private readonly bias: Float32Array;
  private readonly weights: readonly number[];
  /** For each member the weights that leave it alone. */
  private readonly alone: readonly (readonly number[])[];
  /** Rows of the members, and last of all together. */
  private readonly lists: readonly Candidates[];
  private readonly selector: TopSelector;
  private readonly chosen: Uint8Array;
  private readonly parts: Float32Array;

  constructor(
    search: BlendSearch,
    weights: BlendWeights,
    rows: BlendRows,
    columnOf: Int32Array,
    ties: Uint32Array,
  ) {
    const { scorers, items } = search;
    this.search = search;
    this.rows = rows;
    this.columnOf = columnOf;
    this.bias = blendBias(search, weights);
    this.weights = weights.members;
    this.alone = scorers.map((_, m) => scorers.map((__, other) => (other === m ? 1 : 0)));
    this.lists = Array.from({ length: scorers.length + 1 }, (_, m) => rows.candidates(m, items, columnOf));
    this.table = new CandidateTable(scorers.length + 2);
    this.selector = new TopSelector(ties);
    this.chosen = new Uint8Array(items.length);
    this.parts = new Float32Array(scorers.length + 2);
  }

  add({ query, place, target: item }: PlacedQuery): void {
    const { search, table, columnOf, rows, chosen, alone, lists } = this;
    const target = columnOf[item] ?? -1;
    const answered = alone.some((weights) => rows.answers(place, weights));
    if (!answered || target < 0 || (search.sample.seenRemoved && seenItems(query).includes(item))) {
      table.addMiss();
      return;
    }
    alone.forEach((weights, m) => rows.sum(m, place, weights));
    rows.sum(alone.length, place, this.weights, this.bias);
    chosen.fill(0);
    if (search.sample.seenRemoved) for (const seen of seenItems(query)) this.choose(columnOf[seen] ?? -1);
    this.choose(target);
    this.addCandidate(target);
    alone.forEach((_, m) => this.addBestOf(m, rows.scored(m, place)));
    this.addBest(lists.at(-1), CANDIDATES);
    table.endQuery();
  }

  /** Adds the best of those a member scores: the others of a sparse one are all the same to it. */
  private addBestOf(member: number, scored: Int32Array | undefined): void {
    const list = this.lists[member];
    if (scored === undefined || list === undefined) {
      this.addBest(list, MEMBER_CANDIDATES);
      return;
    }
    const items = new Int32Array(scored.length);
    const scores = new Float32Array(scored.length);
    for (let slot = 0; slot < scored.length; slot++) {
      const column = scored[slot] ?? 0;
      items[slot] = list.items[column] ?? 0;
      scores[slot] = list.scores[column] ?? 0;
    }
    const part = { items, scores, count: scored.length, slotOf: this.columnOf };
    this.addBest(part, MEMBER_CANDIDATES, scored);
  }

  /** @param columns of the slots, where these are not the columns themselves */
  private addBest(list: Candidates | undefined, most: number, columns?: Int32Array): void {
    if (list === undefined) return;
    for (const slot of this.selector.selectSlots(list, most)) {
      const column = columns?.[slot] ?? slot;
      if (this.chosen[column] === 1) continue;
      this.choose(column);
      this.addCandidate(column);
    }
  }

  private choose(column: number): void {
    if (column >= 0) this.chosen[column] = 1;
  }

  private addCandidate(column: number): void {
    const { parts, lists, alone } = this;
    const { prior, cold } = this.search;
    for (let m = 0; m < alone.length; m++) parts[m] = lists[m]?.scores[column] ?? 0;
    parts[alone.length] = prior[column] ?? 0;
    parts[alone.length + 1] = cold[column] ?? 0;
    this.table.addCandidate(parts);
  }
}
