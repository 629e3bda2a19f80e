/** What the colours of a map mean: its legend, and to which entry each item belongs. */
import { CATEGORIES, STEPS, categoryColours, greyOf, stepColours, type Colour, type Ink } from './palette.ts';

export interface LegendEntry {
  /** Fit for keeping: the same entry has the same id after a reload. */
  readonly id: string;
  readonly label: string;
  readonly items: number;
  /** Place among the categories or steps, −1 for grey. */
  readonly place: number;
}

export interface Colouring {
  readonly kind: 'categories' | 'steps';
  readonly entries: readonly LegendEntry[];
  /** Entry of each row. */
  readonly ofRow: Uint8Array;
}

export function coloursOf({ kind, entries }: Colouring, ink: Ink): Colour[] {
  const colours = kind === 'steps' ? stepColours(ink) : categoryColours(ink);
  return entries.map(({ place }) => colours[place] ?? greyOf(ink));
}

/** All items alike. */
export function plainColouring(rows: number, label: string): Colouring {
  const entries = [{ id: 'all', label, items: rows, place: 0 }];
  return { kind: 'categories', entries, ofRow: new Uint8Array(rows) };
}

export interface GroupTexts {
  readonly nameOf: (group: number) => string;
  readonly others: string;
  readonly none: string;
}

/** The largest groups each by a colour of its own, all others by one. */
export function groupColouring(groups: Int32Array, { nameOf, others, none }: GroupTexts): Colouring {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const without = sizes.get(-1) ?? 0;
  sizes.delete(-1);
  const largest = [...sizes].sort(([a, m], [b, n]) => n - m || a - b).slice(0, CATEGORIES);
  const entries: LegendEntry[] = largest.map(([group, items], place) => ({
    id: `group ${group}`,
    label: nameOf(group),
    items,
    place,
  }));
  const shown = new Map(largest.map(([group], at) => [group, at]));
  const rest = groups.length - without - entries.reduce((sum, { items }) => sum + items, 0);
  const otherEntry = entries.length;
  if (rest > 0) entries.push({ id: 'others', label: others, items: rest, place: -1 });
  const noEntry = entries.length;
  if (without > 0) entries.push({ id: 'none', label: none, items: without, place: -1 });
  const ofRow = Uint8Array.from(groups, (group) => (group < 0 ? noEntry : (shown.get(group) ?? otherEntry)));
  return { kind: 'categories', entries, ofRow };
}

/** By training rows, in powers of ten. @param labelOf an interval, its ends included; no end: and more */
export function frequencyColouring(
  counts: Uint32Array,
  labelOf: (from: number, to: number | undefined) => string,
): Colouring {
  const stepOf = (count: number): number => Math.min(STEPS - 1, String(count).length - 1);
  const ofRow = Uint8Array.from(counts, stepOf);
  const sizes = new Uint32Array(STEPS);
  for (const step of ofRow) sizes[step] = (sizes[step] ?? 0) + 1;
  const highest = sizes.findLastIndex((size) => size > 0);
  const entries = Array.from({ length: highest + 1 }, (_, step) => ({
    id: `step ${step}`,
    label: labelOf(step === 0 ? 0 : 10 ** step, step === STEPS - 1 ? undefined : 10 ** (step + 1) - 1),
    items: sizes[step] ?? 0,
    place: step,
  }));
  return { kind: 'steps', entries, ofRow };
}

export function clusterColouring(clusters: Uint8Array, labels: readonly string[]): Colouring {
  const sizes = new Uint32Array(labels.length);
  for (const cluster of clusters) sizes[cluster] = (sizes[cluster] ?? 0) + 1;
  const entries = labels.map((label, place) => ({
    id: `cluster ${place}`,
    label,
    items: sizes[place] ?? 0,
    place,
  }));
  return { kind: 'categories', entries, ofRow: clusters };
}

/** @param places of each mark's colour among the categories, −1 for grey */
export function markColouring(
  marks: Uint32Array,
  entries: readonly { readonly id: string; readonly label: string; readonly place: number }[],
): Colouring {
  const sizes = new Uint32Array(entries.length);
  for (const mark of marks) sizes[mark] = (sizes[mark] ?? 0) + 1;
  return {
    kind: 'categories',
    entries: entries.map((entry, at) => ({ ...entry, items: sizes[at] ?? 0 })),
    ofRow: Uint8Array.from(marks),
  };
}

/** Edges of the steps of `countColouring`. */
const COUNT_EDGES = [1, 2, 3, 5, 10, 30] as const;

/** By a count that is 0 of most, which are grey. @param labelOf an interval, its ends included; no end: and more */
export function countColouring(
  counts: Uint32Array,
  labelOf: (from: number, to: number | undefined) => string,
  none: string,
): Colouring {
  const ofRow = Uint8Array.from(counts, (count) => COUNT_EDGES.filter((edge) => count >= edge).length);
  const sizes = new Uint32Array(COUNT_EDGES.length + 1);
  for (const step of ofRow) sizes[step] = (sizes[step] ?? 0) + 1;
  const steps = COUNT_EDGES.map((edge, place) => {
    const next = COUNT_EDGES[place + 1];
    const label = labelOf(edge, next === undefined ? undefined : next - 1);
    return { id: `count ${edge}`, label, items: sizes[place + 1] ?? 0, place };
  });
  return {
    kind: 'steps',
    entries: [{ id: 'none', label: none, items: sizes[0] ?? 0, place: -1 }, ...steps],
    ofRow,
  };
}
