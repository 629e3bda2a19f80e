import { normalise } from '../../neighbours/normalise.ts';
import type { TrainedEncoder } from './train.ts';

/** A trained encoder as it scores: rows of items, those without training rows at the end. */
export interface EncoderModel {
  /** Of all heads together. */
  readonly dimensions: number;
  /** Encoders trained apart, whose vectors lie side by side; the cosine of the model is the mean of theirs. */
  readonly heads: number;
  /** Item code of each row. */
  readonly items: Int32Array;
  /** The first rows were trained, the others are cold. */
  readonly trained: number;
  /** The first rows, trained ones among them, may be recommended; the others only stand in queries. */
  readonly recommended: number;
  /** E: what an item adds to a query; rows × dimensions. */
  readonly vectors: Float32Array;
  /** o: what a query is compared with; of length 1 where trained, shorter where cold. */
  readonly outputs: Float32Array;
  /** Lags × dimensions. */
  readonly lagWeights: Float32Array;
}

/** The encoder of the items it was trained on. */
export function modelOf(
  trained: Pick<TrainedEncoder, 'dimensions' | 'items' | 'offsets' | 'lagWeights'>,
  items: Int32Array,
): EncoderModel {
  const { dimensions, items: vectors, offsets, lagWeights } = trained;
  const outputs = vectors.map((value, at) => value + (offsets[at] ?? 0));
  normalise(outputs, dimensions);
  const rows = items.length;
  return { dimensions, heads: 1, items, trained: rows, recommended: rows, vectors, outputs, lagWeights };
}

/** Scales each row to length 1 in place, all heads to the same length, so that inner products are means of their cosines. */
export function normaliseHeads(vectors: Float32Array, dimensions: number, heads: number): void {
  normalise(vectors, dimensions / heads);
  if (heads === 1) return;
  const length = Math.sqrt(1 / heads);
  for (let i = 0; i < vectors.length; i++) vectors[i] = (vectors[i] ?? 0) * length;
}

/** One model of encoders of the same items and sizes, each a head. */
export function besideEachOther(models: readonly EncoderModel[]): EncoderModel {
  const [first] = models;
  if (first === undefined) throw new Error('a model has at least one head');
  if (models.length === 1) return first;
  const heads = models.length;
  const dimensions = first.dimensions * heads;
  const beside = (pick: (model: EncoderModel) => Float32Array): Float32Array => {
    const all = new Float32Array(pick(first).length * heads);
    models.forEach((model, head) => {
      const own = pick(model);
      for (let from = 0; from < own.length; from += first.dimensions) {
        const row = own.subarray(from, from + first.dimensions);
        all.set(row, from * heads + head * first.dimensions);
      }
    });
    return all;
  };
  const outputs = beside((model) => model.outputs);
  normaliseHeads(outputs, dimensions, heads);
  return {
    ...first,
    dimensions,
    heads,
    vectors: beside((model) => model.vectors),
    outputs,
    lagWeights: beside((model) => model.lagWeights),
  };
}

/** What is known of items beside their sequences, by item code. */
export interface ItemGroups {
  /** −1 for none. */
  readonly groups: Int32Array;
  /** 1 for each item that may be recommended. */
  readonly catalogue: Uint8Array;
}

/**
 * Adds a row for each item that was not trained and shares its group (the artist) with trained ones: E and o are the sums of
 * theirs over (group size + shrinkage), so that small groups say less. Items of the catalogue come first.
 */
export function withColdItems(
  model: EncoderModel,
  { groups, catalogue }: ItemGroups,
  shrinkage: number,
): EncoderModel {
  const { dimensions, items } = model;
  const rowsOfGroup = new Map<number, number[]>();
  const trained = new Uint8Array(groups.length);
  items.forEach((item, row) => {
    trained[item] = 1;
    const group = groups[item] ?? -1;
    if (group < 0) return;
    const rows = rowsOfGroup.get(group);
    if (rows === undefined) rowsOfGroup.set(group, [row]);
    else rows.push(row);
  });
  const known: number[] = [];
  const unknown: number[] = [];
  groups.forEach((group, item) => {
    if (trained[item] === 0 && rowsOfGroup.has(group)) (catalogue[item] === 1 ? known : unknown).push(item);
  });
  const cold = [...known, ...unknown];
  const extend = (matrix: Float32Array): Float32Array => {
    const extended = new Float32Array(matrix.length + cold.length * dimensions);
    extended.set(matrix);
    cold.forEach((item, i) => {
      const rows = rowsOfGroup.get(groups[item] ?? -1) ?? [];
      const into = extended.subarray(matrix.length + i * dimensions, matrix.length + (i + 1) * dimensions);
      addRows(matrix, rows, dimensions, 1 / (rows.length + shrinkage), into);
    });
    return extended;
  };
  return {
    ...model,
    items: Int32Array.from([...items, ...cold]),
    recommended: items.length + known.length,
    vectors: extend(model.vectors),
    outputs: extend(model.outputs),
  };
}

/** A model as it was written, with the rows that the catalogue lets it recommend before the others, which keep their order. */
export function catalogueFirst(
  model: EncoderModel,
  bias: Float32Array,
  catalogue: Uint8Array,
): { readonly model: EncoderModel; readonly bias: Float32Array } {
  const { items, dimensions } = model;
  const inside = (row: number): boolean => catalogue[items[row] ?? -1] === 1;
  const rows = Array.from(items.keys());
  const first = rows.filter(inside);
  const recommended = first.length;
  if (first.every((row, place) => row === place)) return { model: { ...model, recommended }, bias };
  const order = [...first, ...rows.filter((row) => !inside(row))];
  const reordered = (matrix: Float32Array, width: number): Float32Array => {
    const result = new Float32Array(matrix.length);
    order.forEach((row, place) => result.set(matrix.subarray(row * width, (row + 1) * width), place * width));
    return result;
  };
  return {
    bias: reordered(bias, 1),
    model: {
      ...model,
      recommended,
      items: Int32Array.from(order, (row) => items[row] ?? -1),
      vectors: reordered(model.vectors, dimensions),
      outputs: reordered(model.outputs, dimensions),
    },
  };
}

function addRows(
  matrix: Float32Array,
  rows: readonly number[],
  dimensions: number,
  factor: number,
  into: Float32Array,
): void {
  for (const row of rows) {
    for (let d = 0; d < dimensions; d++)
      into[d] = (into[d] ?? 0) + factor * (matrix[row * dimensions + d] ?? 0);
  }
}
