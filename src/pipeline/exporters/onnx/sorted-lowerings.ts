/** Ranges and searches in sorted lists, of which ONNX has no operators. */
import type { OnnxNodes } from './onnx-nodes.ts';
import type { Operation } from '../savedmodel/graph.ts';

/** Halvings that find a place among as many numbers as there can be. */
const HALVINGS = 31;

/** All whole numbers of ranges, one range after the other. @returns where each begins among them, and the numbers */
export function raggedRange(graph: OnnxNodes, starts: string, limits: string): [string, string] {
  const int = (value: number): string => graph.scalar('int32', value);
  const lengths = graph.node({ op: 'Sub', inputs: [limits, starts] });
  const ends = graph.node({ op: 'CumSum', inputs: [lengths, int(0)] });
  const first = graph.vector(int(0));
  const splits = graph.node({ op: 'Concat', inputs: [first, ends], attributes: { axis: 0 } });
  const total = graph.node({
    op: 'ReduceMax',
    inputs: [splits, graph.wide([0])],
    attributes: { keepdims: 0 },
  });
  const all = graph.node({ op: 'Range', inputs: [int(0), total, int(1)] });
  const range = rangeOfEach(graph, ends, total);
  const before = graph.node({ op: 'Gather', inputs: [splits, range], attributes: { axis: 0 } });
  const start = graph.node({ op: 'Gather', inputs: [starts, range], attributes: { axis: 0 } });
  const within = graph.node({ op: 'Sub', inputs: [all, before] });
  return [splits, graph.node({ op: 'Add', inputs: [within, start] })];
}

/** Of each place the number of ranges that end before or at it: the range it is in. */
function rangeOfEach(graph: OnnxNodes, ends: string, total: string): string {
  const one = graph.scalar('int32', 1);
  const room = graph.node({ op: 'Add', inputs: [total, one] });
  const size = graph.vector(graph.cast(room, 'int64'));
  const none = graph.node({ op: 'Expand', inputs: [graph.scalar('int32', 0), size] });
  const at = graph.node({ op: 'Unsqueeze', inputs: [graph.cast(ends, 'int64'), graph.wide([-1])] });
  const each = graph.node({
    op: 'Expand',
    inputs: [one, graph.node({ op: 'Shape', inputs: [ends] })],
  });
  const counts = graph.node({
    op: 'ScatterND',
    inputs: [none, at, each],
    attributes: { reduction: 'add' },
  });
  const sums = graph.node({ op: 'CumSum', inputs: [counts, graph.scalar('int32', 0)] });
  const last = graph.vector(graph.cast(total, 'int64'));
  return graph.node({ op: 'Slice', inputs: [sums, graph.wide([0]), last] });
}

/**
 * Of each value how many of the sorted ones stand before it, by halving. Both have one row.
 * @param before how what stands before compares with the value
 */
export function bound(
  graph: OnnxNodes,
  { inputs: [sorted, values] }: Pick<Operation, 'inputs'>,
  before: 'Less' | 'LessOrEqual',
): string {
  if (sorted === undefined || values === undefined) throw new Error('a search has a list and values');
  const flat = (value: string): string => graph.node({ op: 'Reshape', inputs: [value, graph.wide([-1])] });
  const [list, wanted] = [flat(sorted.input), flat(values.input)];
  const shape = graph.node({ op: 'Shape', inputs: [wanted] });
  const size = graph.node({ op: 'Shape', inputs: [list] });
  // One more, so that there always is something to look at.
  const isWide = sorted.type === 'int64';
  const more = graph.vector(graph.scalar(isWide ? 'int64' : 'int32', 2 ** 31 - 1));
  const room = graph.node({ op: 'Concat', inputs: [list, more], attributes: { axis: 0 } });
  let low = graph.node({ op: 'Expand', inputs: [graph.wide([0]), shape] });
  let high = graph.node({ op: 'Expand', inputs: [size, shape] });
  for (let halving = 0; halving < HALVINGS; halving++)
    [low, high] = halved(graph, { room, wanted, low, high, before });
  const row = graph.node({ op: 'Unsqueeze', inputs: [graph.cast(low, 'int32'), graph.wide([0])] });
  return row;
}

interface Search {
  readonly room: string;
  readonly wanted: string;
  /** The place is not before the one, and not after the other. */
  readonly low: string;
  readonly high: string;
  readonly before: 'Less' | 'LessOrEqual';
}

function halved(graph: OnnxNodes, { room, wanted, low, high, before }: Search): [string, string] {
  const sum = graph.node({ op: 'Add', inputs: [low, high] });
  const middle = graph.node({ op: 'Div', inputs: [sum, graph.wide([2])] });
  const there = graph.node({ op: 'Gather', inputs: [room, middle], attributes: { axis: 0 } });
  const isOpen = graph.node({ op: 'Less', inputs: [low, high] });
  const isBefore = graph.node({ op: before, inputs: [there, wanted] });
  const goesUp = graph.node({ op: 'And', inputs: [isOpen, isBefore] });
  const next = graph.node({ op: 'Add', inputs: [middle, graph.wide([1])] });
  const notBefore = graph.node({ op: 'Not', inputs: [isBefore] });
  const goesDown = graph.node({ op: 'And', inputs: [isOpen, notBefore] });
  return [
    graph.node({ op: 'Where', inputs: [goesUp, next, low] }),
    graph.node({ op: 'Where', inputs: [goesDown, middle, high] }),
  ];
}
