/** What a pruned search needs beside the vectors; the kernel's side of it is src/kernels/topk/panels.ts. */
import { code, type CodeFormat, codeFormat, lengthOf, longestOf, PER_WORD, scaleOf } from './codes.ts';
import type { IndexMemory } from './index-memory.ts';
import { copyRows } from './copy-rows.ts';
import { energyAtBest, leadingDirections, mixed } from './leading-directions.ts';
import { type Cut, panelOf, panelOrder } from './panel-order.ts';
import type { TopKernel } from './topk-kernel.ts';

export interface Vectors {
  readonly rows: number;
  readonly size: number;
  readonly dimensions: number;
  readonly stride: number;
}

/** Where the parts of a pruned index lie. */
export interface PanelShape {
  readonly size: number;
  readonly dimensions: number;
  readonly stride: number;
  /** Orthonormal directions, rows of `stride` floats. */
  readonly basis: number;
  readonly directions: number;
  /** Whether the last coordinate of a projection is the length of what the directions leave over. */
  readonly hasRest: boolean;
  /** Floats of a projection, a multiple of 4. */
  readonly projectedStride: number;
  readonly panels: number;
  readonly centres: number;
  readonly codes: number;
  readonly words: number;
  readonly rows: number;
  readonly ids: number;
  /** Relative margin for the roundings of scores and projections. */
  readonly margin: number;
}

export interface PanelIndex {
  readonly shape: PanelShape;
  /** The way from a projection to a panel. */
  readonly tree: Cut | number;
}

/** Rows of a panel: their codes stay in the first-level cache while a tile of queries passes over them. */
const PANEL_ROWS = 128;
const GROUP = 8;
/** Directions tried, fewest first; the first that leave no more than this share of the energy are taken. */
const DIRECTIONS = [15, 23, 31];
const REST = 0.06;
/** Rows projected at a time. */
const BLOCK = 2048;
/** Half the distance between float32 numbers at 1. */
const ROUNDING = 2 ** -24;
const WHAT = 'The tables for fast exact search';

/** Tells a kernel instance where a pruned index lies. */
export function usePanels(kernel: TopKernel, shape: PanelShape): void {
  const { size, panels, centres, projectedStride, codes, words, rows, ids, stride } = shape;
  kernel.usePanels(size, PANEL_ROWS, panels, centres, projectedStride, codes, words, rows, ids, stride);
}

/** The directions to project on, or undefined where a few do not hold enough and all coordinates are used. */
function chooseDirections(vectors: Float32Array, dimensions: number): Float64Array[] | undefined {
  const most = DIRECTIONS.filter((count) => count < dimensions).at(-1);
  if (most === undefined || energyAtBest(vectors, dimensions, most) < 1 - REST) return undefined;
  const { directions, energy } = leadingDirections(vectors, dimensions, most);
  const enough = DIRECTIONS.find((count) => 1 - (energy[count - 1] ?? 0) <= REST);
  return enough === undefined ? undefined : mixed(directions.slice(0, enough));
}

/**
 * Bound of what rounding can add to |q|·|x| between the real inner product, the kernel's score, and the sum over
 * projections: each a sum of dimensions / 4 + 3 roundings in a lane, one such sum for each direction.
 */
function marginOf(dimensions: number, directions: number): number {
  return 4 * ROUNDING * ((Math.sqrt(directions) + 1) * (dimensions / 4 + 8) + directions);
}

/** Projects rows of `stride` floats at `source`; the last coordinate becomes the length of the rest. */
export function project(
  kernel: TopKernel,
  memory: WebAssembly.Memory,
  shape: Pick<PanelShape, 'basis' | 'directions' | 'hasRest' | 'projectedStride' | 'stride' | 'margin'>,
  source: number,
  count: number,
  target: number,
): Float32Array {
  const { basis, directions, hasRest, projectedStride, stride, margin } = shape;
  const projected = new Float32Array(memory.buffer, target, count * projectedStride).fill(0);
  const vectors = new Float32Array(memory.buffer, source, count * stride);
  if (!hasRest) {
    for (let row = 0; row < count; row++)
      projected.set(vectors.subarray(row * stride, (row + 1) * stride), row * projectedStride);
    return projected;
  }
  kernel.scores(source, count, basis, directions, stride, target, projectedStride);
  for (let row = 0; row < count; row++) {
    const start = row * projectedStride;
    const inside = lengthOf(projected, start, start + directions) ** 2;
    const all = lengthOf(vectors, row * stride, (row + 1) * stride) ** 2;
    projected[start + directions] = Math.sqrt(Math.max(0, all - inside) + margin * all);
  }
  return projected;
}

/** Projections of all rows, in the order of the rows. */
function projectAll(
  kernel: TopKernel,
  memory: IndexMemory,
  shape: PanelShape,
  rows: number,
  scratch: number,
): Float32Array {
  const points = new Float32Array(shape.size * shape.projectedStride);
  for (let first = 0; first < shape.size; first += BLOCK) {
    const count = Math.min(BLOCK, shape.size - first);
    const block = project(kernel, memory.memory, shape, rows + first * shape.stride * 4, count, scratch);
    points.set(block, first * shape.projectedStride);
  }
  return points;
}

function centreOf(points: Float32Array, stride: number, target: Float32Array): void {
  const count = points.length / stride;
  for (let i = 0; i < stride; i++) {
    let sum = 0;
    for (let at = i; at < points.length; at += stride) sum += points[at] ?? 0;
    target[i] = sum / count;
  }
}

/** All codes. */
function codesArray(memory: IndexMemory, shape: PanelShape): Int8Array {
  return new Int8Array(memory.memory.buffer, shape.codes, codesBytes(shape));
}

function codesBytes({ size, words }: Pick<PanelShape, 'size' | 'words'>): number {
  return Math.ceil(size / GROUP) * GROUP * words * PER_WORD;
}

/** Codes the rows of one panel, less their centre, and writes what is known of them; `points` is used up. */
function writePanel(
  memory: IndexMemory,
  format: CodeFormat,
  shape: PanelShape,
  codes: Int8Array,
  panel: number,
  points: Float32Array,
): void {
  const { projectedStride, margin, words } = shape;
  const { rowRange, shift } = format;
  const centre = memory.floats(shape.centres + panel * projectedStride * 4, projectedStride);
  centreOf(points, projectedStride, centre);
  const longest = longestOf(points, projectedStride);
  for (let i = 0; i < points.length; i++) points[i] = (points[i] ?? 0) - (centre[i % projectedStride] ?? 0);
  const scale = scaleOf(points, rowRange);
  const wordStep = GROUP * PER_WORD;
  let error = 0;
  let decoded = 0;
  for (let from = 0, row = panel * PANEL_ROWS; from < points.length; from += projectedStride, row++) {
    const start = Math.floor(row / GROUP) * words * wordStep + (row % GROUP) * PER_WORD;
    const target = { codes, start, wordStep };
    const coded = code(points, from, projectedStride, scale, rowRange, shift, target);
    error = Math.max(error, coded.error);
    decoded = Math.max(decoded, coded.length);
  }
  const radius = longestOf(points, projectedStride);
  // Rounded up by more than float32 rounds down.
  const up = 1 + 4 * ROUNDING;
  const roundings = margin * longest;
  memory
    .floats(shape.panels + panel * 16, 4)
    .set([scale, (error + roundings) * up, decoded * up, (radius + roundings) * up]);
}

/** Copies the named rows of `stride` floats, one after the other. */
function copySelected(source: Float32Array, stride: number, rows: Int32Array, target: Float32Array): void {
  for (let i = 0, to = 0; i < rows.length; i++) {
    const from = (rows[i] ?? 0) * stride;
    for (let j = 0; j < stride; j++) target[to++] = source[from + j] ?? 0;
  }
}

function orderRows(memory: IndexMemory, vectors: Vectors, shape: PanelShape, order: Int32Array): void {
  const { size, stride } = vectors;
  copySelected(
    memory.floats(vectors.rows, size * stride),
    stride,
    order,
    memory.floats(shape.rows, size * stride),
  );
  memory.integers(shape.ids, size).set(order);
}

/** Bytes of scratch `queryOrder` needs. */
export function orderBytes(shape: PanelShape, count: number): number {
  return Math.min(count, BLOCK) * (shape.stride + shape.projectedStride) * 4;
}

/** Bytes `buildPanels` will take for vectors of that size, at most. */
export function panelBytes(size: number, stride: number): number {
  const panels = Math.ceil(size / PANEL_ROWS);
  return (
    size * (stride * 4 + 4) +
    (size + GROUP) * stride * 2 +
    panels * (16 + stride * 4) +
    (BLOCK + 64) * stride * 4
  );
}

function takeShape(memory: IndexMemory, vectors: Vectors, directions: number | undefined): PanelShape {
  const { size, dimensions, stride } = vectors;
  const coordinates = directions === undefined ? dimensions : directions + 1;
  const projectedStride = Math.ceil(coordinates / 4) * 4;
  const words = projectedStride / PER_WORD;
  const panels = Math.ceil(size / PANEL_ROWS);
  const take = (bytes: number): number => memory.take(bytes, WHAT).offset;
  return {
    size,
    dimensions,
    stride,
    basis: take((directions ?? 0) * stride * 4),
    directions: directions ?? dimensions,
    hasRest: directions !== undefined,
    projectedStride,
    panels: take(panels * 16),
    centres: take(panels * projectedStride * 4),
    codes: take(codesBytes({ size, words })),
    words,
    rows: take(size * stride * 4),
    ids: take(size * 4),
    margin: marginOf(dimensions, directions ?? dimensions),
  };
}

function writePanels(
  memory: IndexMemory,
  format: CodeFormat,
  shape: PanelShape,
  points: Float32Array,
  order: Int32Array,
): void {
  const codes = codesArray(memory, shape);
  for (let panel = 0; panel * PANEL_ROWS < shape.size; panel++) {
    const rows = order.subarray(panel * PANEL_ROWS, (panel + 1) * PANEL_ROWS);
    const gathered = new Float32Array(rows.length * shape.projectedStride);
    copySelected(points, shape.projectedStride, rows, gathered);
    writePanel(memory, format, shape, codes, panel, gathered);
  }
}

/** Builds what a pruned search needs; seconds for millions of rows. */
export function buildPanels(kernel: TopKernel, memory: IndexMemory, vectors: Vectors): PanelIndex {
  const format = codeFormat(kernel.queryCodeBytes());
  const directions = chooseDirections(
    memory.floats(vectors.rows, vectors.size * vectors.stride),
    vectors.stride,
  );
  const shape = takeShape(memory, vectors, directions?.length);
  directions?.forEach((direction, i) => {
    memory.floats(shape.basis + i * shape.stride * 4, direction.length).set(direction);
  });
  const scratch = memory.take(BLOCK * shape.projectedStride * 4, WHAT).offset;
  const points = projectAll(kernel, memory, shape, vectors.rows, scratch);
  const { order, tree } = panelOrder(points, shape.projectedStride, shape.size, PANEL_ROWS);
  orderRows(memory, vectors, shape, order);
  writePanels(memory, format, shape, points, order);
  return { shape, tree };
}

/**
 * The order in which queries lie near each other, so that a tile of them needs the same panels.
 * @param scratch place for `orderBytes` bytes
 */
export function queryOrder(
  kernel: TopKernel,
  memory: WebAssembly.Memory,
  index: PanelIndex,
  queries: Float32Array,
  order: Int32Array,
  scratch: number,
): void {
  const { dimensions, stride } = index.shape;
  const count = queries.length / dimensions;
  const panels = new Int32Array(count);
  for (let first = 0; first < count; first += BLOCK) {
    const block = queries.subarray(first * dimensions, Math.min(count, first + BLOCK) * dimensions);
    const rows = block.length / dimensions;
    copyRows(block, dimensions, new Float32Array(memory.buffer, scratch, rows * stride), stride);
    const points = project(kernel, memory, index.shape, scratch, rows, scratch + rows * stride * 4);
    const { projectedStride } = index.shape;
    for (let q = 0; q < rows; q++) {
      panels[first + q] = panelOf(
        index.tree,
        points.subarray(q * projectedStride, (q + 1) * projectedStride),
      );
    }
  }
  order.forEach((_, i) => {
    order[i] = i;
  });
  order.sort((a, b) => (panels[a] ?? 0) - (panels[b] ?? 0) || a - b);
}
