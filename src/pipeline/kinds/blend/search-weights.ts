/** The choice of a blend's weights on validation queries. */
import { type CandidateTable, chooseWeights, type WeightChoice } from '../fitting/candidate-table.ts';
import type { Scorer } from '../ranking/scorer.ts';
import { BlendRows } from './blend-rows.ts';
import { columnsOf } from './columns-of.ts';
import { measureBlends } from './measure-blend.ts';
import type { BlendSearch, BlendWeights } from './weighting.ts';

/** Queries on which the spread of scores is measured. */
const SPREAD_QUERIES = 64;
const GATHERINGS = 2;
/** Factors by which one member's weight is moved. */
const MOVES = [0, 0.5, 2];
/** Weights of a member in units of its scale. */
const FACTORS = [0, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.4, 2, 3, 4.5, 7, 11, 17, 25];
/** Where the search may start, all members but the anchor alike: tables are true only near the weights they are made with. */
const STARTS = [0.2, 0.5, 1, 2, 4, 8, 16];
/** Added to items without training rows: a member that counts cannot score them, so they would fall behind. */
const COLD_VALUES = [0, 0.5, 1, 1.5, 2, 3, 4, 6];
const PRIOR_VALUES = [-0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5, 0.75, 1];

export interface FoundBlend {
  readonly weights: BlendWeights;
  readonly value: number;
  /** Weight of each member at which its scores spread as the anchor's do. */
  readonly scales: readonly number[];
}

/** Chooses weights by tables of candidates; exact ranks have the last word. */
export async function searchBlend(search: BlendSearch): Promise<FoundBlend> {
  const scales = await scalesOf(search);
  const start = await refined(search, await bestStart(search, scales));
  let best = await measured(search, start, 'gather');
  for (let gathering = 1; gathering <= GATHERINGS; gathering++) {
    const { table } = best;
    if (table === undefined) break;
    const chosen = chosenFrom(search, { weights: best.weights, table }, scales);
    // No weights are chosen after the last measuring.
    const next = await measured(search, chosen, gathering < GATHERINGS ? 'gather' : 'rank');
    if (next.value <= best.value) break;
    best = next;
  }
  return { weights: best.weights, value: best.value, scales };
}

/** All starts are measured in one pass. */
async function bestStart(search: BlendSearch, scales: readonly number[]): Promise<BlendWeights> {
  const starts = STARTS.map((factor) => ({
    members: scales.map((scale, i) => (i === 0 ? 1 : factor * scale)),
    prior: 0,
    cold: 0,
  }));
  const { values } = await measureBlends(search, starts);
  return starts[values.indexOf(Math.max(...values))] ?? { members: scales, prior: 0, cold: 0 };
}

/** Moves one member's weight by exact ranks, where that helps: from far away tables would not find the way. */
async function refined(search: BlendSearch, start: BlendWeights): Promise<BlendWeights> {
  const moved = start.members.flatMap((weight, m) =>
    m === 0 ? [] : MOVES.map((move) => ({ ...start, members: start.members.with(m, weight * move) })),
  );
  const tried = [start, ...moved];
  const { values } = await measureBlends(search, tried);
  return tried[values.indexOf(Math.max(...values))] ?? start;
}

interface Measured {
  readonly weights: BlendWeights;
  readonly value: number;
  readonly table?: CandidateTable;
}

async function measured(
  search: BlendSearch,
  weights: BlendWeights,
  purpose: 'rank' | 'gather',
): Promise<Measured> {
  const { values, table } = await measureBlends(search, [weights], purpose);
  return { weights, value: values[0] ?? 0, ...(table === undefined ? {} : { table }) };
}

/** Chooses weights anew, from a table of candidates. @param out members that stay out, whose weights are 0 */
export function chosenFrom(
  { cold, metric }: BlendSearch,
  { weights, table }: { readonly weights: BlendWeights; readonly table: CandidateTable },
  scales: readonly number[],
  out: readonly number[] = [],
): BlendWeights {
  const start = [...weights.members, weights.prior, weights.cold];
  const open = choices(scales, cold.includes(1)).filter(({ part }) => !out.includes(part));
  const found = chooseWeights(table, start, open, metric).weights;
  return { members: found.slice(0, -2), prior: found.at(-2) ?? 0, cold: found.at(-1) ?? 0 };
}

function choices(scales: readonly number[], hasCold: boolean): WeightChoice[] {
  const members = scales.flatMap((scale, part) =>
    part === 0 ? [] : [{ part, values: FACTORS.map((factor) => factor * scale) }],
  );
  const cold = hasCold ? [{ part: scales.length + 1, values: COLD_VALUES }] : [];
  return [...members, { part: scales.length, values: PRIOR_VALUES }, ...cold];
}

/** Weight at which each dense member's scores spread as much as the anchor's do; 1 for sparse members, which are logarithms. */
async function scalesOf(search: BlendSearch): Promise<number[]> {
  const { scorers } = search;
  const dense = scorers.filter(({ shape }) => shape === 'dense');
  if (scorers[0]?.shape !== 'dense' || dense.length < 2) return scorers.map(() => 1);
  const spreads = new Map(dense.map((scorer) => [scorer, spreadOf(search, scorer)]));
  await search.pause();
  const anchor = spreads.get(scorers[0]) ?? 0;
  return scorers.map((scorer) => {
    const spread = spreads.get(scorer) ?? 0;
    return spread === 0 ? 1 : anchor / spread;
  });
}

function spreadOf({ items, sample, trainCounts }: BlendSearch, scorer: Scorer): number {
  const rows = new BlendRows([scorer], columnsOf(items, trainCounts.length), items.length, 1);
  let total = 0;
  let known = 0;
  for (let first = 0; first < SPREAD_QUERIES; first += rows.together) {
    const queries = sample.queries.slice(first, Math.min(SPREAD_QUERIES, first + rows.together));
    rows.score(queries);
    for (let q = 0; q < queries.length; q++) {
      if (!rows.answers(q, [1])) continue;
      total += spread(rows.sum(0, q, [1]));
      known++;
    }
  }
  return known === 0 ? 0 : total / known;
}

/** Standard deviation of the finite values. */
function spread(row: Float32Array): number {
  const finite = row.filter((value) => value > -Infinity);
  const mean = finite.reduce((sum, value) => sum + value, 0) / Math.max(1, finite.length);
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, finite.length));
}
