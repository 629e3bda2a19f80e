/**
 * TensorFlow's operations with their types: a function an operation, named as TensorFlow names it. Shapes are not checked
 * here; TensorFlow does so when the graph is loaded.
 */
import type { Attribute, Graph, Tensor } from './graph.ts';
import { arrayData, type TensorData } from './tensor-data.ts';
import type { DataType } from './tensorflow-messages.ts';

export type Real = 'float' | 'double';
export type Numeric = Real | 'int32' | 'int64';
type Attributes = Readonly<Record<string, Attribute>>;

const of = (type: DataType): Attributes => ({ T: { type } });

function one<T extends DataType>(
  graph: Graph,
  op: string,
  inputs: readonly Tensor[],
  type: T,
  attributes: Attributes,
): Tensor<T> {
  return graph.add({ op, inputs, attributes }, [type])[0];
}

export function placeholder<T extends DataType>(
  graph: Graph,
  name: string,
  type: T,
  shape: readonly number[],
): Tensor<T> {
  return graph.add(
    { op: 'Placeholder', inputs: [], attributes: { dtype: { type }, shape: { shape } } },
    [type],
    name,
  )[0];
}

function scalarData(type: Numeric | 'bool' | 'string', value: number | string): TensorData {
  switch (type) {
    case 'float':
      return arrayData('float', Float32Array.of(Number(value)), []);
    case 'double':
      return arrayData('double', Float64Array.of(Number(value)), []);
    case 'int32':
      return arrayData('int32', Int32Array.of(Number(value)), []);
    case 'bool':
      return arrayData('bool', Uint8Array.of(Number(value)), []);
    default:
      throw new Error(`no scalar of type ${type}`);
  }
}

/** A number; equal ones are one node. */
export function scalar<T extends Real | 'int32'>(graph: Graph, type: T, value: number): Tensor<T> {
  const key = `scalar ${Object.is(value, -0) ? '-0' : value}`;
  return graph.shared(key, type, () => ({ ...graph.constant(scalarData(type, value), 'scalar'), type }));
}

export const int = (graph: Graph, value: number): Tensor<'int32'> => scalar(graph, 'int32', value);

/** A vector of few whole numbers; equal ones are one node. */
export function ints(graph: Graph, values: readonly number[]): Tensor<'int32'> {
  return graph.shared(`ints ${values.join(' ')}`, 'int32', () =>
    graph.constant(arrayData('int32', Int32Array.from(values)), 'ints'),
  );
}

const binary =
  (op: string) =>
  <T extends Numeric>(graph: Graph, a: Tensor<T>, b: Tensor<T>): Tensor<T> =>
    one(graph, op, [a, b], a.type, of(a.type));
export const add = binary('AddV2');
export const subtract = binary('Sub');
export const multiply = binary('Mul');
export const divide = binary('RealDiv');
export const divideNoNan = binary('DivNoNan');
export const maximum = binary('Maximum');
export const minimum = binary('Minimum');
export const power = binary('Pow');
export const floorDivide = binary('FloorDiv');
export const floorRemainder = binary('FloorMod');

const unary =
  (op: string) =>
  <T extends Numeric>(graph: Graph, a: Tensor<T>): Tensor<T> =>
    one(graph, op, [a], a.type, of(a.type));
export const squareRoot = unary('Sqrt');
export const logOnePlus = unary('Log1p');
export const logarithm = unary('Log');
export const exponential = unary('Exp');
export const negate = unary('Neg');

const comparison =
  (op: string) =>
  <T extends Numeric>(graph: Graph, a: Tensor<T>, b: Tensor<T>): Tensor<'bool'> =>
    one(graph, op, [a, b], 'bool', of(a.type));
export const less = comparison('Less');
export const greater = comparison('Greater');
export const greaterEqual = comparison('GreaterEqual');

export function equal<T extends Numeric | 'string' | 'bool'>(
  graph: Graph,
  a: Tensor<T>,
  b: Tensor<T>,
): Tensor<'bool'> {
  return one(graph, 'Equal', [a, b], 'bool', { ...of(a.type), incompatible_shape_error: { b: true } });
}

export const and = (graph: Graph, a: Tensor<'bool'>, b: Tensor<'bool'>): Tensor<'bool'> =>
  one(graph, 'LogicalAnd', [a, b], 'bool', {});
export const or = (graph: Graph, a: Tensor<'bool'>, b: Tensor<'bool'>): Tensor<'bool'> =>
  one(graph, 'LogicalOr', [a, b], 'bool', {});
export const not = (graph: Graph, a: Tensor<'bool'>): Tensor<'bool'> =>
  one(graph, 'LogicalNot', [a], 'bool', {});

/** `a` where the condition holds, else `b`; shapes are broadcast. */
export function select<T extends DataType>(
  graph: Graph,
  condition: Tensor<'bool'>,
  a: Tensor<T>,
  b: Tensor<T>,
): Tensor<T> {
  return one(graph, 'SelectV2', [condition, a, b], a.type, of(a.type));
}

export function cast<T extends Numeric>(graph: Graph, a: Tensor<Numeric | 'bool'>, type: T): Tensor<T> {
  if (a.type === type) return { type, input: a.input };
  return one(graph, 'Cast', [a], type, { SrcT: { type: a.type }, DstT: { type }, Truncate: { b: false } });
}

export const shape = (graph: Graph, a: Tensor): Tensor<'int32'> =>
  one(graph, 'Shape', [a], 'int32', { ...of(a.type), out_type: { type: 'int32' } });

const reduction =
  (op: string) =>
  <T extends Numeric>(graph: Graph, a: Tensor<T>, axes: readonly number[], keepDims = false): Tensor<T> =>
    one(graph, op, [a, ints(graph, axes)], a.type, {
      ...of(a.type),
      Tidx: { type: 'int32' },
      keep_dims: { b: keepDims },
    });
export const sum = reduction('Sum');
export const max = reduction('Max');
export const min = reduction('Min');

export function any(graph: Graph, a: Tensor<'bool'>, axis: number): Tensor<'bool'> {
  return one(graph, 'Any', [a, ints(graph, [axis])], 'bool', {
    Tidx: { type: 'int32' },
    keep_dims: { b: false },
  });
}

/** Of each element the sum of those before it, or after it, in its row; without itself. */
export function exclusiveSums(graph: Graph, a: Tensor<'int32'>, from: 'left' | 'right'): Tensor<'int32'> {
  return one(graph, 'Cumsum', [a, int(graph, 1)], 'int32', {
    ...of('int32'),
    Tidx: { type: 'int32' },
    exclusive: { b: true },
    reverse: { b: from === 'right' },
  });
}

export function expand<T extends DataType>(graph: Graph, a: Tensor<T>, axis: number): Tensor<T> {
  return one(graph, 'ExpandDims', [a, int(graph, axis)], a.type, { ...of(a.type), Tdim: { type: 'int32' } });
}

export function reshape<T extends DataType>(graph: Graph, a: Tensor<T>, to: Tensor<'int32'>): Tensor<T> {
  return one(graph, 'Reshape', [a, to], a.type, { ...of(a.type), Tshape: { type: 'int32' } });
}

export function concat<T extends DataType>(
  graph: Graph,
  parts: readonly [Tensor<T>, ...Tensor<T>[]],
  axis: number,
): Tensor<T> {
  const [{ type }] = parts;
  return one(graph, 'ConcatV2', [...parts, int(graph, axis)], type, {
    ...of(type),
    N: { i: parts.length },
    Tidx: { type: 'int32' },
  });
}

/** Puts tensors of one shape side by side along a new axis. */
export function stack<T extends DataType>(
  graph: Graph,
  parts: readonly [Tensor<T>, ...Tensor<T>[]],
  axis: number,
): Tensor<T> {
  const [{ type }] = parts;
  return one(graph, 'Pack', parts, type, { ...of(type), N: { i: parts.length }, axis: { i: axis } });
}

/** Takes a tensor apart along an axis of known size. */
export function unstack<T extends DataType>(
  graph: Graph,
  a: Tensor<T>,
  count: number,
  axis: number,
): Tensor<T>[] {
  const types = Array.from({ length: count }, () => a.type);
  const attributes = { ...of(a.type), num: { i: count }, axis: { i: axis } };
  return [...graph.add({ op: 'Unpack', inputs: [a], attributes }, types)];
}

export function range<T extends 'int32' | 'int64'>(
  graph: Graph,
  start: Tensor<T>,
  limit: Tensor<T>,
  step: Tensor<T>,
): Tensor<T> {
  return one(graph, 'Range', [start, limit, step], start.type, { Tidx: { type: start.type } });
}

/** 0, 1, … up to a count. */
export const upTo = (graph: Graph, count: Tensor<'int32'>): Tensor<'int32'> =>
  range(graph, int(graph, 0), count, int(graph, 1));

export function fill<T extends DataType>(graph: Graph, dims: Tensor<'int32'>, value: Tensor<T>): Tensor<T> {
  return one(graph, 'Fill', [dims, value], value.type, { ...of(value.type), index_type: { type: 'int32' } });
}

/** A part by its first place and its size in each dimension; −1: all that is left. */
export function slice<T extends DataType>(
  graph: Graph,
  a: Tensor<T>,
  begin: Tensor<'int32'>,
  size: Tensor<'int32'>,
): Tensor<T> {
  return one(graph, 'Slice', [a, begin, size], a.type, { ...of(a.type), Index: { type: 'int32' } });
}

/** @param batchDims leading dimensions that both share */
export function gather<T extends DataType>(
  graph: Graph,
  from: Tensor<T>,
  indices: Tensor<'int32'>,
  { axis = 0, batchDims = 0 }: { readonly axis?: number; readonly batchDims?: number } = {},
): Tensor<T> {
  return one(graph, 'GatherV2', [from, indices, int(graph, axis)], from.type, {
    Tparams: { type: from.type },
    Tindices: { type: 'int32' },
    Taxis: { type: 'int32' },
    batch_dims: { i: batchDims },
  });
}

const indexed = (type: DataType): Attributes => ({ Tparams: { type }, Tindices: { type: 'int32' } });

export function gatherNd<T extends DataType>(graph: Graph, from: Tensor<T>, at: Tensor<'int32'>): Tensor<T> {
  return one(graph, 'GatherNd', [from, at], from.type, indexed(from.type));
}

/** Adds up values at their places of zeros. */
export function scatterNd<T extends Numeric>(
  graph: Graph,
  at: Tensor<'int32'>,
  values: Tensor<T>,
  dims: Tensor<'int32'>,
): Tensor<T> {
  return one(graph, 'ScatterNd', [at, values, dims], values.type, {
    ...of(values.type),
    Tindices: { type: 'int32' },
  });
}

const scatter =
  (op: string) =>
  <T extends Numeric>(graph: Graph, into: Tensor<T>, at: Tensor<'int32'>, values: Tensor<T>): Tensor<T> =>
    one(graph, op, [into, at, values], into.type, { ...of(into.type), Tindices: { type: 'int32' } });
export const scatterUpdate = scatter('TensorScatterUpdate');
export const scatterAdd = scatter('TensorScatterAdd');
export const scatterMin = scatter('TensorScatterMin');

const segments =
  (op: string) =>
  <T extends Numeric>(
    graph: Graph,
    values: Tensor<T>,
    segment: Tensor<'int32'>,
    count: Tensor<'int32'>,
  ): Tensor<T> =>
    one(graph, op, [values, segment, count], values.type, {
      ...of(values.type),
      Tindices: { type: 'int32' },
      Tnumsegments: { type: 'int32' },
    });
/** Of each segment the sum of its values; 0 where there are none. */
export const segmentSum = segments('UnsortedSegmentSum');
/** The largest; the least number there is where there are none. */
export const segmentMax = segments('UnsortedSegmentMax');
/** The least; the largest number there is where there are none. */
export const segmentMin = segments('UnsortedSegmentMin');

/** Places where a condition holds, as rows of coordinates, in order. */
export function where(graph: Graph, condition: Tensor<'bool'>): Tensor<'int32'> {
  return cast(graph, one(graph, 'Where', [condition], 'int64', of('bool')), 'int32');
}

/** a · b, or a · bᵀ. */
export function matMul<T extends Real>(
  graph: Graph,
  a: Tensor<T>,
  b: Tensor<T>,
  transposeB: boolean,
): Tensor<T> {
  return one(graph, 'MatMul', [a, b], a.type, {
    ...of(a.type),
    transpose_a: { b: false },
    transpose_b: { b: transposeB },
  });
}

/** The largest values of each row with their places, of equals the first ones. */
export function topK<T extends Numeric>(
  graph: Graph,
  values: Tensor<T>,
  k: Tensor<'int32'>,
): readonly [Tensor<T>, Tensor<'int32'>] {
  return graph.add(
    { op: 'TopKV2', inputs: [values, k], attributes: { ...of(values.type), sorted: { b: true } } },
    [values.type, 'int32'],
  );
}

/** All whole numbers of ranges, one range after the other, and where each range begins among them. */
export function raggedRange(
  graph: Graph,
  starts: Tensor<'int32'>,
  limits: Tensor<'int32'>,
): { readonly splits: Tensor<'int32'>; readonly values: Tensor<'int32'> } {
  const [splits, values] = graph.add(
    {
      op: 'RaggedRange',
      inputs: [starts, limits, int(graph, 1)],
      attributes: { T: { type: 'int32' }, Tsplits: { type: 'int32' } },
    },
    ['int32', 'int32'],
  );
  return { splits, values };
}

const bound =
  (op: string) =>
  <T extends Numeric>(graph: Graph, sorted: Tensor<T>, values: Tensor<T>): Tensor<'int32'> =>
    one(graph, op, [sorted, values], 'int32', { ...of(sorted.type), out_type: { type: 'int32' } });
/** Of each value, in rows, how many of the sorted ones of its row are below it. */
export const lowerBound = bound('LowerBound');
/** Of each value, in rows, how many of the sorted ones of its row are not above it. */
export const upperBound = bound('UpperBound');

/** Each value once. */
export function unique<T extends Numeric>(graph: Graph, values: Tensor<T>): Tensor<T> {
  const attributes = { ...of(values.type), out_idx: { type: 'int32' } } as const;
  return graph.add({ op: 'Unique', inputs: [values], attributes }, [values.type, 'int32'])[0];
}
