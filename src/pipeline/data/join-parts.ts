import type { PreparedData, Sequences, SplitName } from './prepared-data.ts';

/** All sequences with those of the parts in another order; within a part they stay as they are. */
export function inOrderOfParts(
  data: PreparedData,
  parts: readonly SplitName[],
): Pick<PreparedData, 'sequences' | 'sequenceClusters'> {
  const { sequences, sequenceClusters } = data;
  const order = parts.flatMap((part) => placesOf(data, part));
  const moved = { sequences: reordered(sequences, order) };
  if (sequenceClusters === undefined) return moved;
  const clusters = sequenceClusters.slice();
  order.forEach((from, s) => (clusters[s] = sequenceClusters[from] ?? 0));
  return { ...moved, sequenceClusters: clusters };
}

function placesOf({ layout }: PreparedData, part: SplitName): number[] {
  const starts = { train: 0, validation: layout.train, test: layout.train + layout.validation };
  return Array.from({ length: layout[part] }, (_, s) => starts[part] + s);
}

function reordered({ items, offsets }: Sequences, order: readonly number[]): Sequences {
  const moved = { items: items.slice(), offsets: offsets.slice() };
  let at = offsets[0] ?? 0;
  order.forEach((from, s) => {
    const part = items.subarray(offsets[from] ?? 0, offsets[from + 1] ?? 0);
    moved.items.set(part, at);
    at += part.length;
    moved.offsets[s + 1] = at;
  });
  return moved;
}

/** What is counted of items when rows come to those of training: they are known then. */
export function countedToo(
  { trainCounts, catalogue }: Pick<PreparedData, 'trainCounts' | 'catalogue'>,
  rows: Int32Array,
): Pick<PreparedData, 'trainCounts' | 'catalogue'> {
  const counts = trainCounts.slice();
  for (const item of rows) counts[item] = (counts[item] ?? 0) + 1;
  return {
    trainCounts: counts,
    catalogue: catalogue.map((known, item) => (known === 1 || (counts[item] ?? 0) > 0 ? 1 : 0)),
  };
}
