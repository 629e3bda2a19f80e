/** What ONNX's operators say instead of TensorFlow's operations: a function an operation. */
import type { Attribute, Tensor } from '../savedmodel/graph.ts';
import type { DataType } from '../savedmodel/tensorflow-messages.ts';
import { UserError } from '../../../protocol/user-error.ts';
import type { OnnxNodes } from './onnx-nodes.ts';
import { bound, raggedRange } from './sorted-lowerings.ts';

export interface ToLower {
  readonly inputs: readonly Tensor[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly types: readonly DataType[];
  readonly named?: string | undefined;
}

/** @returns names of the outputs */
export type Lowering = (graph: OnnxNodes, operation: ToLower) => readonly string[];

/** Ends of slices that reach to the end. */
const FAR = 2 ** 31 - 1;

function inputOf({ inputs }: ToLower, at: number): Tensor {
  const found = inputs[at];
  if (found === undefined) throw new Error(`an operation has no input ${at}`);
  return found;
}

const named = ({ inputs }: ToLower): string[] => inputs.map(({ input }) => input);

function flagOf({ attributes = {} }: ToLower, name: string): boolean {
  const value = attributes[name];
  return value !== undefined && 'b' in value && value.b;
}

/** 0 where it is not told. */
function numberOf({ attributes = {} }: ToLower, name: string): number {
  const value = attributes[name];
  return value !== undefined && 'i' in value ? value.i : 0;
}

/** An operator that does the same. */
const same =
  (op: string): Lowering =>
  (graph, operation) => [graph.node({ op, inputs: named(operation) })];

const wideOf = (graph: OnnxNodes, { input }: Tensor): string => graph.cast(input, 'int64');

/** Along axes that are a constant. */
const reduction =
  (op: string): Lowering =>
  (graph, operation) => {
    const axes = graph.numbersOf(inputOf(operation, 1));
    const keepdims = flagOf(operation, 'keep_dims') ? 1 : 0;
    return [
      graph.node({ op, inputs: [inputOf(operation, 0).input, graph.wide(axes)], attributes: { keepdims } }),
    ];
  };

const any: Lowering = (graph, operation) => {
  const counts = graph.cast(inputOf(operation, 0).input, 'int32');
  const axes = graph.wide(graph.numbersOf(inputOf(operation, 1)));
  const sum = graph.node({ op: 'ReduceSum', inputs: [counts, axes], attributes: { keepdims: 0 } });
  return [graph.node({ op: 'Greater', inputs: [sum, graph.scalar('int32', 0)] })];
};

const cumulative: Lowering = (graph, operation) => {
  const flag = (name: string): number => (flagOf(operation, name) ? 1 : 0);
  const attributes = { exclusive: flag('exclusive'), reverse: flag('reverse') };
  return [graph.node({ op: 'CumSum', inputs: named(operation), attributes })];
};

const gather: Lowering = (graph, operation) => {
  const [axis = 0] = graph.numbersOf(inputOf(operation, 2));
  const from = inputOf(operation, 0).input;
  if (numberOf(operation, 'batch_dims') === 0)
    return [graph.node({ op: 'Gather', inputs: [from, inputOf(operation, 1).input], attributes: { axis } })];
  // Of rows each its own places.
  const places = wideOf(graph, inputOf(operation, 1));
  return [graph.node({ op: 'GatherElements', inputs: [from, places], attributes: { axis } })];
};

const gatherNd: Lowering = (graph, operation) => [
  graph.node({ op: 'GatherND', inputs: [inputOf(operation, 0).input, wideOf(graph, inputOf(operation, 1))] }),
];

function scattered(
  graph: OnnxNodes,
  into: string,
  [at, values]: readonly [string, string],
  how: string,
): string {
  return graph.node({ op: 'ScatterND', inputs: [into, at, values], attributes: { reduction: how } });
}

const scatterInto =
  (how: string): Lowering =>
  (graph, operation) => {
    const at = wideOf(graph, inputOf(operation, 1));
    return [scattered(graph, inputOf(operation, 0).input, [at, inputOf(operation, 2).input], how)];
  };

function zero(graph: OnnxNodes, type: DataType): string {
  if (type === 'float' || type === 'double' || type === 'int32' || type === 'int64')
    return graph.scalar(type, 0);
  throw new Error(`no zero of type ${type}`);
}

const scatterNd: Lowering = (graph, operation) => {
  const values = inputOf(operation, 1);
  const base = graph.node({
    op: 'Expand',
    inputs: [zero(graph, values.type), wideOf(graph, inputOf(operation, 2))],
  });
  const at = wideOf(graph, inputOf(operation, 0));
  return [scattered(graph, base, [at, values.input], 'add')];
};

/** The largest number of a type. */
const LARGEST = { double: Number.MAX_VALUE, int32: 2 ** 31 - 1 } as const;

/** @param empty what a segment without values has, in largest numbers */
const segments =
  (how: string, empty: -1 | 0 | 1): Lowering =>
  (graph, operation) => {
    const values = inputOf(operation, 0);
    const { type } = values;
    if (type !== 'double' && type !== 'int32') throw new Error(`no segments of type ${type}`);
    const count = graph.vector(wideOf(graph, inputOf(operation, 2)));
    const base = graph.node({
      op: 'Expand',
      inputs: [graph.scalar(type, empty === 0 ? 0 : empty * LARGEST[type]), count],
    });
    const at = graph.node({
      op: 'Unsqueeze',
      inputs: [wideOf(graph, inputOf(operation, 1)), graph.wide([-1])],
    });
    return [scattered(graph, base, [at, values.input], how)];
  };

const select: Lowering = (graph, operation) => {
  const [condition = '', a = '', b = ''] = named(operation);
  if (operation.types[0] !== 'bool') return [graph.node({ op: 'Where', inputs: [condition, a, b] })];
  const not = graph.node({ op: 'Not', inputs: [condition] });
  const [first, second] = [
    graph.node({ op: 'And', inputs: [condition, a] }),
    graph.node({ op: 'And', inputs: [not, b] }),
  ];
  return [graph.node({ op: 'Or', inputs: [first, second] })];
};

const slice: Lowering = (graph, operation) => {
  const [from = '', begin = '', size = ''] = named(operation);
  const isRest = graph.node({ op: 'Less', inputs: [size, graph.scalar('int32', 0)] });
  const sum = graph.node({ op: 'Add', inputs: [begin, size] });
  const end = graph.node({ op: 'Where', inputs: [isRest, graph.scalar('int32', FAR), sum] });
  return [graph.node({ op: 'Slice', inputs: [from, begin, end] })];
};

const pack: Lowering = (graph, operation) => {
  const at = numberOf(operation, 'axis');
  const parts = named(operation).map((part) =>
    graph.node({ op: 'Unsqueeze', inputs: [part, graph.wide([at])] }),
  );
  return [graph.node({ op: 'Concat', inputs: parts, attributes: { axis: at } })];
};

const unpack: Lowering = (graph, operation) => {
  const at = numberOf(operation, 'axis');
  const count = operation.types.length;
  const split = { op: 'Split', inputs: named(operation), attributes: { axis: at, num_outputs: count } };
  return graph
    .nodeOf(split, count)
    .map((part) => graph.node({ op: 'Squeeze', inputs: [part, graph.wide([at])] }));
};

const concat: Lowering = (graph, operation) => {
  const inputs = operation.inputs.slice(0, -1).map(({ input }) => input);
  const [axis = 0] = graph.numbersOf(inputOf(operation, operation.inputs.length - 1));
  return [graph.node({ op: 'Concat', inputs, attributes: { axis } })];
};

const topK: Lowering = (graph, operation) => {
  const k = graph.vector(wideOf(graph, inputOf(operation, 1)));
  const [values = '', places = ''] = graph.nodeOf(
    { op: 'TopK', inputs: [inputOf(operation, 0).input, k], attributes: { sorted: 1, largest: 1, axis: -1 } },
    2,
  );
  return [values, graph.cast(places, 'int32')];
};

const where: Lowering = (graph, operation) => {
  const found = graph.node({ op: 'NonZero', inputs: named(operation) });
  return [graph.node({ op: 'Transpose', inputs: [found], attributes: { perm: [1, 0] } })];
};

const matMul: Lowering = (graph, operation) => {
  const [a = '', b = ''] = named(operation);
  const isTransposed = flagOf(operation, 'transpose_b');
  const second = isTransposed
    ? graph.node({ op: 'Transpose', inputs: [b], attributes: { perm: [1, 0] } })
    : b;
  return [graph.node({ op: 'MatMul', inputs: [a, second] })];
};

const divideNoNan: Lowering = (graph, operation) => {
  const [a = '', b = ''] = named(operation);
  const none = zero(graph, operation.types[0] ?? 'double');
  const isNone = graph.node({ op: 'Equal', inputs: [b, none] });
  return [graph.node({ op: 'Where', inputs: [isNone, none, graph.node({ op: 'Div', inputs: [a, b] })] })];
};

const LOWERINGS: Readonly<Record<string, Lowering>> = {
  Placeholder: (graph, { attributes, types, named: name = 'input' }) => {
    const { shape } = attributes ?? {};
    const rank = shape !== undefined && 'shape' in shape ? shape.shape.length : 0;
    return [graph.input(name.replace(/^recommend_/, ''), types[0] ?? 'float', rank)];
  },
  AddV2: same('Add'),
  Sub: same('Sub'),
  Mul: same('Mul'),
  RealDiv: same('Div'),
  // Only of numbers that are not negative.
  FloorDiv: same('Div'),
  FloorMod: same('Mod'),
  DivNoNan: divideNoNan,
  Maximum: same('Max'),
  Minimum: same('Min'),
  Pow: same('Pow'),
  Neg: same('Neg'),
  Sqrt: same('Sqrt'),
  Exp: same('Exp'),
  Log: same('Log'),
  Log1p: (graph, operation) => {
    const { type } = inputOf(operation, 0);
    const one = graph.scalar(type === 'float' ? 'float' : 'double', 1);
    const more = graph.node({ op: 'Add', inputs: [...named(operation), one] });
    return [graph.node({ op: 'Log', inputs: [more] })];
  },
  Less: same('Less'),
  Greater: same('Greater'),
  GreaterEqual: same('GreaterOrEqual'),
  Equal: same('Equal'),
  LogicalAnd: same('And'),
  LogicalOr: same('Or'),
  LogicalNot: same('Not'),
  SelectV2: select,
  Cast: (graph, operation) => [graph.cast(inputOf(operation, 0).input, operation.types[0] ?? 'float')],
  Shape: (graph, operation) => [graph.cast(graph.node({ op: 'Shape', inputs: named(operation) }), 'int32')],
  Sum: reduction('ReduceSum'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Any: any,
  Cumsum: cumulative,
  ExpandDims: (graph, operation) => [
    graph.node({
      op: 'Unsqueeze',
      inputs: [inputOf(operation, 0).input, graph.wide(graph.numbersOf(inputOf(operation, 1)))],
    }),
  ],
  Reshape: (graph, operation) => [
    graph.node({
      op: 'Reshape',
      inputs: [inputOf(operation, 0).input, wideOf(graph, inputOf(operation, 1))],
    }),
  ],
  ConcatV2: concat,
  Pack: pack,
  Unpack: unpack,
  Range: same('Range'),
  Fill: (graph, operation) => [
    graph.node({
      op: 'Expand',
      inputs: [inputOf(operation, 1).input, wideOf(graph, inputOf(operation, 0))],
    }),
  ],
  Slice: slice,
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  TensorScatterUpdate: scatterInto('none'),
  TensorScatterAdd: scatterInto('add'),
  TensorScatterMin: scatterInto('min'),
  Where: where,
  MatMul: matMul,
  TopKV2: topK,
  RaggedRange: (graph, operation) => {
    const [starts = '', limits = ''] = named(operation);
    return raggedRange(graph, starts, limits);
  },
  LowerBound: (graph, operation) => [bound(graph, operation, 'Less')],
  UpperBound: (graph, operation) => [bound(graph, operation, 'LessOrEqual')],
  Unique: (graph, operation) => {
    const [values = ''] = graph.nodeOf(
      { op: 'Unique', inputs: named(operation), attributes: { sorted: 0 } },
      1,
    );
    return [values, ''];
  },
  UnsortedSegmentSum: segments('add', 0),
  UnsortedSegmentMax: segments('max', -1),
  UnsortedSegmentMin: segments('min', 1),
};

function noLowering(op: string): UserError {
  return new UserError(
    `The model cannot be written as ONNX: it needs TensorFlow's ${op}, for which there is no form in ONNX's operators.`,
    'Export it for TensorFlow: --format savedmodel.',
    { inWindow: 'Export it for TensorFlow.' },
  );
}

/** @throws UserError where ONNX has nothing that does the same */
export function loweringOf(op: string): Lowering {
  const found = LOWERINGS[op];
  if (found === undefined) throw noLowering(op);
  return found;
}
