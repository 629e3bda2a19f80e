/**
 * Which vectors of a recency encoder tell similar items: of each space, the ten items nearest to each of some items of held-out
 * sequences, and how many of these the held-out sequences confirm.
 *
 *     node scripts/experiment.mjs item-similarity <run> [--model recency-encoder] [--split validation|test] [--store .recsys]
 *
 * - together: share of the ten that stand in a held-out sequence with the item (by leave-one-out: that the user of a
 *   held-out item had before), and by what factor that is above chance. Chance: for each of the ten an item about as frequent.
 * - same group: share of the ten by the same artist, where the data say so.
 * - next: share of held-out items that are among the ten of the item before them.
 * - frequency: mean training rows of the ten, over that of the items (geometric means); far from 1: the space prefers frequent
 *   or rare items.
 * - reached: distinct items among all tens, over as many as there could be.
 */
import { parseArgs } from 'node:util';
import { readNpy } from '../src/pipeline/data/npy.ts';
import type { PreparedData, SplitName } from '../src/pipeline/data/prepared-data.ts';
import { ExactIndex } from '../src/pipeline/neighbours/exact-index.ts';
import { normalise } from '../src/pipeline/neighbours/normalise.ts';
import { readPackage, type OpenModel } from '../src/pipeline/model/open-model.ts';
import { storedIn } from '../src/pipeline/model/stored-model.ts';
import { openRunData } from '../src/pipeline/query/run-data.ts';
import { openRunModel } from '../src/pipeline/query/run-model.ts';
import { splitSequences } from '../src/pipeline/query/split-sequences.ts';
import { below, randomStream, seedFor, shuffled } from '../src/pipeline/seeded-random.ts';
import { RunStore } from '../src/pipeline/store/run-store.ts';

const NEAREST = 10;
const ITEMS = 3000;
const SEED = 1;
/** Chance draws an item whose place by frequency differs by at most this share of the neighbour's. */
const LIKE = 0.1;

/** Codes of the ten nearest items of an item, itself left out. */
type Neighbours = (item: number) => readonly number[];

/** What the held-out part says of items. */
interface HeldOut {
  readonly items: Int32Array;
  together(item: number, other: number): boolean;
  /** Item and the one after it, flat. */
  readonly next: readonly (readonly [number, number])[];
}

/** The context and the targets of each held-out sequence: by leave-one-out the one target and all before it. */
function parts(
  data: PreparedData,
  split: 'validation' | 'test',
): { context: Int32Array; targets: Int32Array }[] {
  const { items, offsets } = splitSequences(data, split);
  const found = [];
  for (let s = 0; s + 1 < offsets.length; s++) {
    const sequence = items.subarray(offsets[s], offsets[s + 1]);
    const last = split === 'test' ? sequence.length - 1 : sequence.length - 2;
    found.push(
      data.layout.leaveOneOut
        ? { context: sequence.subarray(0, last), targets: sequence.subarray(last, last + 1) }
        : { context: sequence, targets: sequence },
    );
  }
  return found;
}

function heldOutOf(data: PreparedData, split: 'validation' | 'test', known: ReadonlySet<number>): HeldOut {
  const all = parts(data, split);
  const asTarget = new Map<number, Set<number>>();
  const inContext = new Map<number, Set<number>>();
  const note = (map: Map<number, Set<number>>, item: number, s: number): unknown =>
    map.get(item)?.add(s) ?? map.set(item, new Set([s]));
  const next: [number, number][] = [];
  all.forEach(({ context, targets }, s) => {
    for (const item of context) note(inContext, item, s);
    for (const item of targets) note(asTarget, item, s);
    const pairs = data.layout.leaveOneOut
      ? [[context.at(-1) ?? -1, targets[0] ?? -1] as const]
      : Array.from(context.subarray(1), (item, i) => [context[i] ?? -1, item] as const);
    for (const [before, item] of pairs)
      if (before !== item && known.has(before) && (data.trainCounts[item] ?? 0) > 0)
        next.push([before, item]);
  });
  const candidates = Int32Array.from([...asTarget.keys()].filter((item) => known.has(item)));
  candidates.sort();
  const order = shuffled(candidates.length, seedFor(SEED, 'items')).subarray(0, ITEMS);
  const chosen = shuffled(next.length, seedFor(SEED, 'next')).subarray(0, 2 * ITEMS);
  return {
    items: Int32Array.from(order, (at) => candidates[at] ?? 0),
    together: (item, other) => {
      const context = inContext.get(other);
      return context !== undefined && [...(asTarget.get(item) ?? [])].some((s) => context.has(s));
    },
    next: Array.from(chosen, (at) => next[at] ?? [0, 0]),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function figures(data: PreparedData, heldOut: HeldOut, neighbours: Neighbours): Record<string, string> {
  const { trainCounts, itemGroups } = data;
  const draw = randomStream(seedFor(SEED, 'chance'));
  const known = new Map<number, readonly number[]>();
  const of = (item: number): readonly number[] => {
    const found = known.get(item) ?? neighbours(item);
    known.set(item, found);
    return found;
  };
  const like = (code: number): number => {
    const reach = Math.max(5, Math.round(LIKE * code));
    return Math.max(0, code - reach + below(2 * reach + 1, draw()));
  };
  const pairs = Array.from(heldOut.items).flatMap((item) => of(item).map((other) => [item, other] as const));
  const together = mean(pairs.map(([item, other]) => (heldOut.together(item, other) ? 1 : 0)));
  const chance = mean(pairs.map(([item, other]) => (heldOut.together(item, like(other)) ? 1 : 0)));
  const logCount = (item: number): number => Math.log(trainCounts[item] ?? 1);
  const group = pairs.map(([item, other]) =>
    Number((itemGroups?.[item] ?? -2) === (itemGroups?.[other] ?? -1)),
  );
  const reached = new Set(pairs.map(([, other]) => other)).size;
  return {
    together: together.toFixed(4),
    'above chance': `${(together / chance).toFixed(1)} ×`,
    'same group': itemGroups === undefined ? '' : mean(group).toFixed(4),
    next: mean(heldOut.next.map(([item, after]) => (of(item).includes(after) ? 1 : 0))).toFixed(4),
    frequency: Math.exp(mean(pairs.map(([i, j]) => logCount(j) - logCount(i)))).toFixed(2),
    reached: (reached / Math.min(pairs.length, trainCounts.filter((count) => count > 0).length)).toFixed(3),
  };
}

/** Neighbours by inner product of a query row with target rows. */
function byVectors(
  queries: Float32Array,
  targets: Float32Array,
  dimension: number,
  items: Int32Array,
): Neighbours {
  const index = new ExactIndex(targets, dimension, { deterministic: true });
  const rowOf = new Map(Array.from(items, (item, row) => [item, row] as const));
  return (item) => {
    const row = rowOf.get(item) ?? 0;
    const { rows } = index.search(queries.slice(row * dimension, (row + 1) * dimension), NEAREST + 1);
    const codes = Array.from(rows, (at) => items[at] ?? -1);
    return codes.filter((code) => code !== item).slice(0, NEAREST);
  };
}

function side(a: Float32Array, b: Float32Array, dimension: number): Float32Array {
  const both = new Float32Array(a.length * 2);
  for (let row = 0; row * dimension < a.length; row++) {
    both.set(a.subarray(row * dimension, (row + 1) * dimension), 2 * row * dimension);
    both.set(b.subarray(row * dimension, (row + 1) * dimension), (2 * row + 1) * dimension);
  }
  return both;
}

/** The spaces of a recency encoder; only items it was trained on. */
async function spacesOf(model: OpenModel): Promise<{ items: Int32Array; spaces: Map<string, Neighbours> }> {
  const stored = storedIn(model.folder, await readPackage(model.folder));
  const read = async (artifact: string): Promise<Float32Array> =>
    (await readNpy(stored.locate(artifact), Float32Array)).array;
  const { vectors } = model.scorer;
  if (vectors === undefined) throw new Error(`model '${model.name}' has no vectors`);
  const { dimension: d } = vectors;
  const trained = vectors.items.filter((item) => (model.catalogue.trainCounts[item] ?? 0) > 0);
  const unit = (matrix: Float32Array): Float32Array => {
    const copy = matrix.slice(0, trained.length * d);
    normalise(copy, d);
    return copy;
  };
  const E = unit(await read('vectors'));
  const o = unit(await read('outputs'));
  const sum = unit(E.map((value, at) => value + (o[at] ?? 0)));
  const both = side(E, o, d);
  normalise(both, 2 * d);
  return {
    items: trained,
    spaces: new Map<string, Neighbours>([
      ['E · E', byVectors(E, E, d, trained)],
      ['o · o', byVectors(o, o, d, trained)],
      ['E → o', byVectors(E, o, d, trained)],
      ['E → o with its priors', scored(model)],
      ['E + o', byVectors(sum, sum, d, trained)],
      ['E beside o', byVectors(both, both, 2 * d, trained)],
    ]),
  };
}

/** As the model recommends after the one item. */
function scored({ recommender, catalogue: { trainCounts } }: OpenModel): Neighbours {
  return (item) => {
    const { items } = recommender.recommend(Int32Array.of(item), { k: 2 * NEAREST, seen: 'removed' });
    return Array.from(items.filter((code) => (trainCounts[code] ?? 0) > 0)).slice(0, NEAREST);
  };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    store: { type: 'string', default: '.recsys' },
    model: { type: 'string', default: 'recency-encoder' },
    split: { type: 'string', default: 'validation' },
  },
});
const split: SplitName = values.split === 'test' ? 'test' : 'validation';
const run = RunStore.open(values.store).resolve(positionals[0] ?? 'latest');
const data = await openRunData(run);
const model = await openRunModel(run, values.model);
const { items, spaces } = await spacesOf(model);
const heldOut = heldOutOf(data, split, new Set(items));
process.stdout.write(
  `${heldOut.items.length} items and ${heldOut.next.length} pairs of the ${split} part of run ${run.id}\n`,
);
const rows = [...spaces].map(([space, neighbours]) => ({
  space,
  ...figures(data, heldOut, neighbours),
}));
const columns = Object.keys(rows[0] ?? {});
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
process.stdout.write(line(columns) + line(columns.map(() => '---')));
for (const row of rows) process.stdout.write(line(Object.values(row)));
