/** The stack as docs/models.md writes it: plainly, slowly, and without any of its code. */
import type { Scorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import type { StackWeights } from '../../../src/pipeline/kinds/stack/stack-weights.ts';
import { tieOrder } from '../../../src/pipeline/seeded-random.ts';

export interface PlainMember {
  readonly name: string;
  readonly open: () => Scorer;
}

export interface PlainStack {
  readonly members: readonly PlainMember[];
  readonly training: readonly (readonly number[])[];
  readonly itemCount: number;
  readonly depth: number;
  readonly seed: number;
  readonly seenRemoved?: boolean;
  readonly timeOrdered?: boolean;
  readonly groups?: readonly number[];
}

export type Named = Readonly<Record<string, number>>;
type Scores = ReadonlyMap<number, number>;

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** What a member can recommend after a query, with its scores. */
function scoresOf(scorer: Scorer, query: readonly number[]): Scores {
  const rule = scorer.queryRules[0] ?? 'none';
  const list = Int32Array.from(query);
  if (scorer.shape === 'dense') {
    const row = new Float32Array(scorer.items.length);
    if (scorer.score([list], rule, row)[0] !== 1) return new Map();
    const pairs = Array.from(scorer.items, (item, column) => [item, row[column] ?? NaN] as const);
    return new Map(pairs.filter(([, score]) => score > -Infinity));
  }
  const found = scorer.candidates(list, rule);
  const pairs = Array.from(
    { length: found?.count ?? 0 },
    (_, slot) => [found?.items[slot] ?? -1, found?.scores[slot] ?? NaN] as const,
  );
  return pairs.some(([, score]) => score > 0)
    ? new Map(pairs.filter(([, score]) => score > -Infinity))
    : new Map();
}

/** Candidates of a query, in no order. */
export function plainCandidates(stack: PlainStack, query: readonly number[]): number[] {
  const ties = tieOrder(stack.itemCount, stack.seed);
  const scorers = stack.members.map(({ open }) => open());
  const all = scorers.map((scorer) => scoresOf(scorer, query));
  if (all.every(({ size }) => size === 0)) return [];
  const isRemoved = (item: number): boolean => stack.seenRemoved === true && query.includes(item);
  const best = all.flatMap((scores) =>
    [...scores]
      .filter(([item]) => !isRemoved(item))
      .sort(([a, x], [b, y]) => y - x || (ties[a] ?? 0) - (ties[b] ?? 0))
      .slice(0, stack.depth)
      .map(([item]) => item),
  );
  const own = stack.seenRemoved === true ? [] : query.slice(-30);
  const ofGroups = groupItems(stack, scorers, query, ties, isRemoved);
  return [...new Set([...own, ...best, ...ofGroups])].filter((item) =>
    scorers.some((scorer) => scorer.recommends(item)),
  );
}

/** Items of the groups of the newest 50, 300 at most: those of the group with most of them first, then of the newest. */
function groupItems(
  { groups = [], training }: PlainStack,
  scorers: readonly Scorer[],
  query: readonly number[],
  ties: Uint32Array,
  isRemoved: (item: number) => boolean,
): number[] {
  const newest = query
    .slice(-50)
    .reverse()
    .map((item) => groups[item] ?? -1)
    .filter((group) => group >= 0);
  const count = (group: number): number => newest.filter((other) => other === group).length;
  const order = [...new Set(newest)].sort(
    (a, b) => count(b) - count(a) || newest.indexOf(a) - newest.indexOf(b),
  );
  const rowsOf = new Map<number, number>();
  for (const item of training.flat()) rowsOf.set(item, (rowsOf.get(item) ?? 0) + 1);
  const rows = (item: number): number => rowsOf.get(item) ?? 0;
  const itemsOf = (group: number): number[] =>
    groups
      .flatMap((own, item) => (own === group ? [item] : []))
      .filter((item) => scorers.some((scorer) => scorer.recommends(item)) && !isRemoved(item))
      .sort((a, b) => rows(b) - rows(a) || (ties[a] ?? 0) - (ties[b] ?? 0));
  return order.flatMap(itemsOf).slice(0, 300);
}

interface Looked {
  readonly query: readonly number[];
  readonly items: readonly number[];
}

/** Features of each candidate by name. */
export function plainFeatures(stack: PlainStack, looked: Looked): Map<number, Named> {
  const parts = [
    ...stack.members.map((member) => memberPart(member, looked)),
    itemPart(stack),
    ...(stack.seenRemoved === true ? [] : [repeatPart(looked)]),
    ...vectorParts(stack, looked),
    ...(stack.groups === undefined ? [] : [groupPart(stack.groups, looked)]),
  ];
  return new Map(
    looked.items.map((item) => [item, Object.assign({}, ...parts.map((part) => part(item))) as Named]),
  );
}

type Part = (item: number) => Named;

function logProbabilities(scores: Scores, items: readonly number[]): Scores {
  const known = items.flatMap((item) => scores.get(item) ?? []);
  const least = known.length === 0 ? 0 : Math.min(...known);
  const all = items.map((item) => scores.get(item) ?? least);
  const highest = Math.max(...all);
  const total = highest + Math.log(sum(all.map((score) => Math.exp(score - highest))));
  return new Map(items.map((item, i) => [item, (all[i] ?? 0) - total]));
}

function memberPart({ name, open }: PlainMember, { query, items }: Looked): Part {
  const scorer = open();
  const scores = scoresOf(scorer, query);
  const signals = signalsOf(scorer, name, { query, items });
  if (scorer.shape === 'dense') {
    const own = logProbabilities(scores, items);
    return (item) => ({ [`${name}: log-probability`]: own.get(item) ?? NaN, ...signals(item) });
  }
  const total = sum([...scores.values()].map((score) => Math.max(0, score)));
  const share = (item: number): number => (total === 0 ? 0 : Math.max(0, scores.get(item) ?? 0) / total);
  return (item) => ({
    [`${name}: log(1 + 1000 P)`]: Math.log(1 + 1000 * share(item)),
    [`${name}: log(1 + 30 P)`]: Math.log(1 + 30 * share(item)),
    ...signals(item),
  });
}

function signalsOf({ signals }: Scorer, name: string, { query, items }: Looked): Part {
  if (signals === undefined) return () => ({});
  const { names } = signals;
  const out = new Float32Array(items.length * names.length);
  signals.of(Int32Array.from(query), Int32Array.from(items), out, new Float32Array(signals.gates.length));
  return (item) => {
    const first = items.indexOf(item) * names.length;
    return Object.fromEntries(names.map((signal, at) => [`${name}: ${signal}`, out[first + at] ?? NaN]));
  };
}

/** What is told of items, which no query changes. */
const toldOfItems = new WeakMap<PlainStack, Map<number, Named>>();

function itemPart(stack: PlainStack): Part {
  const told = toldOfItems.get(stack) ?? new Map<number, Named>();
  toldOfItems.set(stack, told);
  const part = itemFeatures(stack);
  return (item) => {
    const named = told.get(item) ?? part(item);
    told.set(item, named);
    return named;
  };
}

function itemFeatures(stack: PlainStack): Part {
  const { training, timeOrdered, groups } = stack;
  const rows = (sequences: PlainStack['training'], item: number): number =>
    sequences.flat().filter((other) => other === item).length;
  return (item) => {
    const n = rows(training, item);
    const prior = (holds: (sequence: readonly number[]) => boolean): number =>
      Math.log((training.filter(holds).length + 1) / (n + 3));
    const trend = (share: number): number =>
      Math.log((rows(training.slice(Math.floor((1 - share) * training.length)), item) + 1) / (share * n + 1));
    return {
      'item: log rows': Math.log(1 + n),
      'item: among the last two': prior((sequence) => sequence.slice(-2).includes(item)),
      'item: last': prior((sequence) => sequence.at(-1) === item),
      'item: first': prior((sequence) => sequence[0] === item),
      ...(timeOrdered === true
        ? { 'item: trend of the newest 10 %': trend(0.1), 'item: trend of the newest 2 %': trend(0.02) }
        : {}),
      ...(groups === undefined ? {} : sizesOfGroup(stack, groups, item)),
    };
  };
}

/** How many items and training rows an item's group has; without a group the item alone counts. */
function sizesOfGroup({ training, itemCount }: PlainStack, groups: readonly number[], item: number): Named {
  const group = groups[item] ?? -1;
  const all = Array.from({ length: itemCount }, (_, other) => other);
  const same = all.filter((other) => (group < 0 ? other === item : groups[other] === group));
  return {
    'item: log items of the group': Math.log(1 + same.length),
    'item: log rows of the group': Math.log(
      1 + training.flat().filter((other) => same.includes(other)).length,
    ),
  };
}

function repeatPart({ query }: Looked): Part {
  const newest = query.slice(-1000).reverse();
  return (item) => {
    const held = query.includes(item);
    const at = newest.indexOf(item);
    const lag = at < 0 ? 1000 : at;
    const count = Math.max(1, newest.filter((other) => other === item).length);
    const place = (wanted: number): number => (held && Math.min(lag, 3) === wanted ? 1 : 0);
    return {
      'in the list: newest': place(0),
      'in the list: second newest': place(1),
      'in the list: third newest': place(2),
      'in the list: older': place(3),
      'in the list: log count': held ? Math.log(1 + count) : 0,
      'in the list: log lag': held ? Math.log(1 + lag) : 0,
    };
  };
}

function vectorParts({ members }: PlainStack, { query }: Looked): Part[] {
  const found = members.find(({ open }) => open().vectors?.similarity === 'product');
  const vectors = found?.open().vectors;
  if (found === undefined || vectors === undefined) return [];
  const vectorOf = (item: number): number[] | undefined => {
    const row = vectors.items.indexOf(item);
    const { dimension, values } = vectors;
    return row < 0 ? undefined : [...values.subarray(row * dimension, (row + 1) * dimension)];
  };
  const product = (item: number, other: number): number => {
    const [a, b] = [vectorOf(item), vectorOf(other)];
    if (item === other || a === undefined || b === undefined) return 0;
    return sum(a.map((value, d) => value * (b[d] ?? 0)));
  };
  const newest = query.slice(-5).reverse();
  const part: Part = (item) => {
    const products = newest.map((other) => product(item, other));
    return {
      ...Object.fromEntries(
        [0, 1, 2].map((lag) => [
          `${found.name}: similarity to the item ${lag} before the newest`,
          products[lag] ?? 0,
        ]),
      ),
      [`${found.name}: highest similarity`]: Math.max(...products),
    };
  };
  return [part];
}

function groupPart(groups: readonly number[], { query }: Looked): Part {
  const groupOf = (item: number | undefined): number => groups[item ?? -1] ?? -1;
  const newest = query.slice(-30);
  return (item) => {
    const group = groupOf(item);
    const places = newest.flatMap((other, at) => (group >= 0 && groupOf(other) === group ? [at] : []));
    const same = places.length;
    return {
      'group: that of the newest': group >= 0 && group === groupOf(query.at(-1)) ? 1 : 0,
      'group: share of the list': newest.length === 0 ? 0 : same / newest.length,
      'group: log count': Math.log(1 + same),
      'group: log lag': same === 0 ? 0 : Math.log(1 + newest.length - (places.at(-1) ?? 0)),
    };
  };
}

/** Gates of a query by name. */
export function plainGates({ members, training }: PlainStack, { query, items }: Looked): Named {
  const newest = query.at(-1);
  const known = new Set(training.flat());
  const rows = training.flat().filter((item) => item === newest).length;
  const ofMembers = members.flatMap(({ name, open }) => {
    const scorer = open();
    const gates: [string, number][] = [];
    if (scorer.shape === 'dense')
      gates.push([
        `${name}: highest log-probability`,
        Math.max(...logProbabilities(scoresOf(scorer, query), items).values()),
      ]);
    const { signals } = scorer;
    const out = new Float32Array(signals?.gates.length ?? 0);
    signals?.of(Int32Array.from(query), new Int32Array(0), new Float32Array(0), out);
    signals?.gates.forEach((gate, at) => gates.push([`${name}: ${gate}`, out[at] ?? NaN]));
    return gates;
  });
  return {
    'log length': Math.log(Math.max(1, query.length)),
    'newest item repeated': newest !== undefined && query.slice(0, -1).includes(newest) ? 1 : 0,
    'log rows of the newest item': Math.log(1 + rows),
    'share of repeats': query.length === 0 ? 0 : 1 - new Set(query).size / query.length,
    'single item': query.length === 1 ? 1 : 0,
    'share of known items':
      query.length === 0 ? 0 : query.filter((item) => known.has(item)).length / query.length,
    ...Object.fromEntries(ofMembers),
  };
}

/** What each feature adds to the score of each candidate, by name. */
export function plainParts(
  stack: PlainStack,
  weights: StackWeights,
  query: readonly number[],
): Map<number, Named> {
  const items = plainCandidates(stack, query);
  const gates = plainGates(stack, { query, items });
  const open = [1, ...weights.gates.map(({ name, mean, spread }) => ((gates[name] ?? NaN) - mean) / spread)];
  const partsOf = (features: Named): Named =>
    Object.fromEntries(
      weights.features.map(({ name, spread, weights: own }) => [
        name,
        ((features[name] ?? NaN) / spread) * sum(own.map((weight, g) => weight * (open[g] ?? NaN))),
      ]),
    );
  return new Map([...plainFeatures(stack, { query, items })].map(([item, all]) => [item, partsOf(all)]));
}

/** Scores of the candidates of a query by the weights of a `stack.json`. */
export function plainScores(
  stack: PlainStack,
  weights: StackWeights,
  query: readonly number[],
): Map<number, number> {
  return new Map(
    [...plainParts(stack, weights, query)].map(([item, parts]) => [item, sum(Object.values(parts))]),
  );
}
