/** The choice of a blend's weights on validation queries. */
import { meanMetric, type RankMetric } from '../../metrics/rank-metrics.ts';
import { tieOrder } from '../../seeded-random.ts';
import { CandidateTable, chooseWeights, type WeightChoice } from '../candidate-table.ts';
import type { Scorer } from '../model-kind.ts';
import { Recommender } from '../recommend.ts';
import { TopSelector } from '../top-selector.ts';
import { sampleRanks, type ValidationSample } from '../validation-sample.ts';
import { memberScores } from './member-scores.ts';
import { blendScorer } from './scorer.ts';

/** Strongest candidates of a query that are kept, of the blend so far and of each member. */
const CANDIDATES = 400;
const MEMBER_CANDIDATES = 150;
const BLOCK = 16;
const GATHERINGS = 2;
/** Weights of a member in units of its scale. */
const FACTORS = [0, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.4, 2, 3];
/** Added to items without training rows: a member that counts cannot score them, so they would fall behind. */
const COLD_VALUES = [0, 0.5, 1, 1.5, 2, 3, 4, 6];
const PRIOR_VALUES = [-0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5, 0.75, 1];

export interface BlendSearch {
  /** The first is the anchor: its weight stays 1. */
  readonly scorers: readonly Scorer[];
  readonly items: Int32Array;
  /** Recency prior of each item of the blend. */
  readonly prior: Float32Array;
  /** 1 for items of the blend without training rows. */
  readonly cold: Float32Array;
  readonly sample: ValidationSample;
  readonly metric: RankMetric;
  readonly trainCounts: Uint32Array;
  readonly seed: number;
  progress(done: number, total: number): void;
  pause(): Promise<void>;
}

/** Weights of the members in their order, of the recency prior, and of being cold. */
export interface BlendWeights {
  readonly members: readonly number[];
  readonly prior: number;
  readonly cold: number;
}

export interface FoundBlend {
  readonly weights: BlendWeights;
  readonly value: number;
}

/** Chooses weights by tables of candidates; exact ranks have the last word. */
export async function searchBlend(search: BlendSearch): Promise<FoundBlend> {
  const scales = await scalesOf(search);
  const start = {
    members: search.scorers.map((_, i) => (i === 0 ? 1 : 0.5 * (scales[i] ?? 1))),
    prior: 0,
    cold: 0,
  };
  let best = { weights: start, value: await measureBlend(search, start) };
  for (let gathering = 0; gathering < GATHERINGS; gathering++) {
    const table = await gather(search, best.weights);
    const found = chooseWeights(
      table,
      [...best.weights.members, best.weights.prior, best.weights.cold],
      choices(scales, search.cold.includes(1)),
      search.metric,
    );
    const next = {
      members: found.weights.slice(0, -2),
      prior: found.weights.at(-2) ?? 0,
      cold: found.weights.at(-1) ?? 0,
    };
    const value = await measureBlend(search, next);
    if (value <= best.value) break;
    best = { weights: next, value };
  }
  return best;
}

function choices(scales: readonly number[], hasCold: boolean): WeightChoice[] {
  const members = scales.flatMap((scale, part) =>
    part === 0 ? [] : [{ part, values: FACTORS.map((factor) => factor * scale) }],
  );
  const cold = hasCold ? [{ part: scales.length + 1, values: COLD_VALUES }] : [];
  return [...members, { part: scales.length, values: PRIOR_VALUES }, ...cold];
}

/** What each item's score has whatever the query. */
export function blendBias(
  { prior, cold }: Pick<BlendSearch, 'prior' | 'cold'>,
  weights: BlendWeights,
): Float32Array {
  return prior.map((value, column) => weights.prior * value + weights.cold * (cold[column] ?? 0));
}

/** Exact value of weights on the sample. */
export async function measureBlend(search: BlendSearch, weights: BlendWeights): Promise<number> {
  const { scorers, items, sample, metric, trainCounts, seed } = search;
  const parts = scorers.map((scorer, i) => ({ scorer, weight: weights.members[i] ?? 0 }));
  const scorer = blendScorer(parts, items, blendBias(search, weights), trainCounts.length);
  const recommender = new Recommender({ scorer, trainCounts, seed });
  return meanMetric(metric, await sampleRanks(recommender, sample, () => search.pause()));
}

/** Weight at which each dense member's scores spread as much as the anchor's do; 1 for sparse members, which are logarithms. */
async function scalesOf(search: BlendSearch): Promise<number[]> {
  const { scorers, items, sample, trainCounts } = search;
  const columnOf = columnsOf(items, trainCounts.length);
  const queries = sample.queries.slice(0, BLOCK * 4);
  const spreads = scorers.map((scorer) => {
    if (scorer.shape === 'sparse') return undefined;
    const rows = queries.map(() => new Float32Array(items.length));
    const answered = new Uint8Array(queries.length);
    memberScores(scorer, columnOf).addTo(rows, queries, 1, answered);
    return meanSpread(rows.filter((_, q) => answered[q] === 1));
  });
  await search.pause();
  const anchor = spreads[0];
  return spreads.map((spread) =>
    spread === undefined || anchor === undefined || spread === 0 ? 1 : anchor / spread,
  );
}

/** Mean standard deviation of the rows' finite values. */
function meanSpread(rows: readonly Float32Array[]): number {
  let total = 0;
  for (const row of rows) {
    const finite = row.filter((value) => value > -Infinity);
    const mean = finite.reduce((sum, value) => sum + value, 0) / Math.max(1, finite.length);
    const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    total += Math.sqrt(squares / Math.max(1, finite.length));
  }
  return rows.length === 0 ? 0 : total / rows.length;
}

function columnsOf(items: Int32Array, itemCount: number): Int32Array {
  const columnOf = new Int32Array(itemCount).fill(-1);
  items.forEach((item, column) => (columnOf[item] = column));
  return columnOf;
}

/** The candidates of all queries of the sample, with the score of each member, the prior and coldness as parts. */
async function gather(search: BlendSearch, weights: BlendWeights): Promise<CandidateTable> {
  const { sample } = search;
  const gathering = new Gathering(search, weights);
  for (let first = 0; first < sample.queries.length; first += BLOCK) {
    gathering.addBlock(first, Math.min(sample.queries.length, first + BLOCK));
    search.progress(first, sample.queries.length);
    await search.pause();
  }
  return gathering.table;
}

class Gathering {
  readonly table: CandidateTable;
  private readonly search: BlendSearch;
  private readonly weights: BlendWeights;
  private readonly bias: Float32Array;
  private readonly columnOf: Int32Array;
  private readonly members: ReturnType<typeof memberScores>[];
  /** Of each member, and last of all together: a row a query. */
  private readonly rows: Float32Array[][];
  private readonly selector: TopSelector;
  private readonly chosen: Uint8Array;

  constructor(search: BlendSearch, weights: BlendWeights) {
    const { scorers, items, trainCounts, seed } = search;
    this.search = search;
    this.weights = weights;
    this.columnOf = columnsOf(items, trainCounts.length);
    this.members = scorers.map((scorer) => memberScores(scorer, this.columnOf));
    this.rows = Array.from({ length: scorers.length + 1 }, () =>
      Array.from({ length: BLOCK }, () => new Float32Array(items.length)),
    );
    this.table = new CandidateTable(scorers.length + 2);
    this.bias = blendBias(search, weights);
    this.selector = new TopSelector(tieOrder(trainCounts.length, seed));
    this.chosen = new Uint8Array(items.length);
  }

  addBlock(first: number, end: number): void {
    const { members, rows, search, weights } = this;
    const queries = search.sample.queries.slice(first, end);
    const answered = new Uint8Array(queries.length);
    members.forEach((member, m) => {
      const own = (rows[m] ?? []).slice(0, queries.length);
      for (const row of own) row.fill(0);
      member.addTo(own, queries, 1, answered);
    });
    const total = rows[members.length] ?? [];
    queries.forEach((query, q) => {
      const sum = total[q];
      if (sum === undefined) return;
      sum.set(this.bias);
      members.forEach((_, m) => {
        const weight = weights.members[m] ?? 0;
        if (weight !== 0) rows[m]?.[q]?.forEach((value, c) => (sum[c] = (sum[c] ?? 0) + weight * value));
      });
      this.addQuery(query, q, search.sample.targets[first + q] ?? -1, answered[q] === 1);
    });
  }

  private addQuery(query: Int32Array, q: number, item: number, answered: boolean): void {
    const { search, table, columnOf, rows, chosen } = this;
    const target = columnOf[item] ?? -1;
    if (!answered || target < 0 || (search.sample.seenRemoved && query.includes(item))) {
      table.addMiss();
      return;
    }
    chosen.fill(0);
    if (search.sample.seenRemoved) for (const seen of query) this.choose(columnOf[seen] ?? -1);
    this.choose(target);
    this.addCandidate(target, q);
    rows.forEach((own, m) => {
      const most = m === this.members.length ? CANDIDATES : MEMBER_CANDIDATES;
      const scores = own[q];
      if (scores === undefined) return;
      const all = { items: search.items, scores, count: scores.length, slotOf: columnOf };
      for (const column of this.selector.selectSlots(all, most)) {
        if (chosen[column] === 1) continue;
        this.choose(column);
        this.addCandidate(column, q);
      }
    });
    table.endQuery();
  }

  private choose(column: number): void {
    if (column >= 0) this.chosen[column] = 1;
  }

  private addCandidate(column: number, q: number): void {
    const parts = this.members.map((_, m) => this.rows[m]?.[q]?.[column] ?? 0);
    const { prior, cold } = this.search;
    this.table.addCandidate([...parts, prior[column] ?? 0, cold[column] ?? 0]);
  }
}
