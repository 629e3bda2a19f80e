/** Packages of small models of every kind, for whoever exports or serves them. */
import type { RunManifest } from '../../../src/protocol/run.ts';
import { queryItems, buildQueries } from '../../../src/pipeline/metrics/queries.ts';
import { modelKinds } from '../../../src/pipeline/kinds/registry.ts';
import { preparedFrom } from './prepared-from.ts';
import { StepHarness } from './step-harness.ts';

const ITEMS = 120;
/** The last two items have no rows; the last has no group either. */
const groups = [...Array.from({ length: ITEMS }, (_, item) => Math.floor(item / 9)), 2, -1];
/** Some with what a shell, a path or a web page would take for its own; two have the same name. */
const ODD = ['twin', 'twin', '<b>bold</b>', '../up', 'a|||b', 'Björk 👩‍👩‍👧', ' blank ', '\u0000'];
const names = Array.from({ length: ITEMS + 2 }, (_, item) => ODD[item] ?? `item ${item}`);
const ends = { train: 150, validation: 40 };

/** Walks through groups of items, some of which return, and some of which only the last sequences hold. */
function walk(sequence: number): number[] {
  const rows = ends.train + ends.validation;
  const reach = sequence < rows ? ITEMS - 6 : ITEMS;
  return Array.from({ length: 3 + (sequence % 8) }, (_, k) => {
    const step = (sequence * sequence + 7 * k * (1 + (sequence % 4))) % 23;
    return k % 5 === 4 ? (sequence * 9) % reach : (9 * (sequence % 13) + step) % reach;
  });
}

const data = preparedFrom(
  Array.from({ length: 250 }, (_, sequence) => walk(sequence)),
  { ...ends, groups, itemCount: ITEMS + 2 },
);

const PARAMETERS: Readonly<Record<string, Record<string, number | boolean | string>>> = {
  prod2vec: { vectorSize: 8, epochs: 3, minCount: 3 },
  'recency-encoder': { vectorSize: 8, heads: 2, epochs: 3, tuneMinutes: 0 },
  blend: { members: 'recency-encoder,session-knn,group-affinity', weights: '1,1,1' },
  // Few enough that most items are no candidates.
  stack: { depth: 8 },
};
/** What composite kinds are made of here. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  blend: ['recency-encoder', 'session-knn', 'group-affinity'],
  stack: ['recency-encoder', 'sequential-item-knn', 'session-knn', 'n-gram', 'group-affinity'],
};

export interface TrainedPackages {
  readonly kinds: readonly string[];
  readonly itemCount: number;
  /** Codes of the items of each test query, oldest first. */
  readonly queries: readonly Int32Array[];
  folderOf(kind: string): string;
  remove(): Promise<void>;
}

/** Trains models of all kinds, or of some, and what these are made of. */
export async function trainedPackages(
  wanted: readonly string[] = modelKinds.map(({ name }) => name),
  parameters: RunManifest['parameters'] = {},
): Promise<TrainedPackages> {
  // Those of which others are made come first.
  const kinds = [...new Set(wanted.flatMap((kind) => [...(MEMBERS[kind] ?? []), kind]))];
  const harness = await StepHarness.create({
    ...{ data, names },
    models: kinds.map((name) => {
      const members = MEMBERS[name];
      return { name, parameters: PARAMETERS[name] ?? {}, ...(members === undefined ? {} : { members }) };
    }),
    parameters: { positions: 'every:1', ...parameters },
  });
  const report = await harness.run();
  if (report.failedBranches.length > 0) throw new Error(JSON.stringify(report.failedBranches));
  const queries = buildQueries(data, 'test', 'every:1');
  return {
    kinds,
    itemCount: ITEMS + 2,
    queries: Array.from(queries.targets, (_, q) => queryItems(queries, q)),
    folderOf: (kind) => harness.stepFolder(`train/${kind}`),
    remove: () => harness.remove(),
  };
}
