/** Orders rows so that neighbours in space come to lie in the same panel: a k-d tree with medians at panel borders. */

/** Rows looked at to choose the dimension of a cut. */
const SAMPLE = 256;

/** The dimension in which a sample of the rows varies most. */
function widest(points: Float32Array, stride: number, order: Int32Array): number {
  const step = Math.max(1, Math.floor(order.length / SAMPLE));
  let best = 0;
  let largest = -1;
  for (let dimension = 0; dimension < stride; dimension++) {
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < order.length; i += step) {
      const x = points[(order[i] ?? 0) * stride + dimension] ?? 0;
      count++;
      sum += x;
      squares += x * x;
    }
    const spread = squares / count - (sum / count) ** 2;
    if (spread > largest) {
      largest = spread;
      best = dimension;
    }
  }
  return best;
}

/** A cut: points with a smaller coordinate lie left. Leaves are panel numbers. */
export interface Cut {
  readonly dimension: number;
  readonly value: number;
  readonly left: Cut | number;
  readonly right: Cut | number;
}

/** The panel in whose region a point lies. */
export function panelOf(tree: Cut | number, point: Float32Array): number {
  let node = tree;
  while (typeof node !== 'number') node = (point[node.dimension] ?? 0) < node.value ? node.left : node.right;
  return node;
}

/** Reorders so that the `k` rows of smallest value come first (quickselect, values moved along). */
function selectSmallest(order: Int32Array, values: Float32Array, k: number): void {
  let low = 0;
  let high = order.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1] ?? 0;
    let i = low;
    let j = high;
    while (i <= j) {
      while ((values[i] ?? 0) < pivot) i++;
      while ((values[j] ?? 0) > pivot) j--;
      if (i > j) break;
      const value = values[i] ?? 0;
      values[i++] = values[j] ?? 0;
      values[j] = value;
      const row = order[i - 1] ?? 0;
      order[i - 1] = order[j] ?? 0;
      order[j--] = row;
    }
    if (k - 1 <= j) high = j;
    else if (k - 1 >= i) low = i;
    else return;
  }
}

/** Cuts the rows of `order`, the first of which is the start of panel `panel`. */
function cut(
  points: Float32Array,
  stride: number,
  order: Int32Array,
  panelRows: number,
  panel: number,
): Cut | number {
  const panels = Math.ceil(order.length / panelRows);
  if (panels < 2) return panel;
  const dimension = widest(points, stride, order);
  const values = new Float32Array(order.length);
  for (let i = 0; i < values.length; i++) values[i] = points[(order[i] ?? 0) * stride + dimension] ?? 0;
  const leftPanels = Math.floor(panels / 2);
  const middle = leftPanels * panelRows;
  selectSmallest(order, values, middle);
  let value = Infinity;
  for (let i = middle; i < values.length; i++) value = Math.min(value, values[i] ?? 0);
  const left = cut(points, stride, order.subarray(0, middle), panelRows, panel);
  const right = cut(points, stride, order.subarray(middle), panelRows, panel + leftPanels);
  return { dimension, value, left, right };
}

export interface PanelOrder {
  /** Row numbers; panels are pieces of `panelRows`. */
  readonly order: Int32Array;
  readonly tree: Cut | number;
}

/** The order of `count` points of `stride` coordinates, and the way to the panel of any point. */
export function panelOrder(
  points: Float32Array,
  stride: number,
  count: number,
  panelRows: number,
): PanelOrder {
  const order = Int32Array.from({ length: count }, (_, row) => row);
  return { order, tree: cut(points, stride, order, panelRows, 0) };
}
