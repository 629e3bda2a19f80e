/** Builds a TensorFlow graph: nodes with typed outputs, written as the `GraphDef` of a SavedModel. */
import { DATA_TYPES, encode, type DataType } from './tensorflow-messages.ts';
import type { TensorData } from './tensor-data.ts';
import { field, heldBytes, joined, type Bytes } from './wire.ts';

/** An output of a node. */
export interface Tensor<T extends DataType = DataType> {
  readonly type: T;
  /** As inputs of nodes name it: `node` or `node:1`. */
  readonly input: string;
}

/** The value of an attribute, as `AttrValue` has it. */
export type Attribute =
  | { readonly type: DataType }
  | { readonly i: number }
  | { readonly b: boolean }
  | { readonly s: string }
  | { readonly types: readonly DataType[] }
  | { readonly shape: readonly number[] };

export interface Operation {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** Numbers of fields of the messages that are written by hand, because what they hold is too large to be held. */
const FIELD = {
  attr: 5,
  mapKey: 1,
  mapValue: 2,
  tensor: 8,
  dtype: 1,
  shape: 2,
  content: 4,
  node: 1,
  versions: 4,
};

/** What TensorFlow of this version (2.8) and all later ones understand. */
const VERSIONS = { producer: 987, minConsumer: 0 };

export class Graph {
  private readonly nodes: Bytes[] = [];
  private readonly counts = new Map<string, number>();
  private readonly scalars = new Map<string, Tensor>();

  /** @param types of the outputs; one output is named by its node alone */
  add<const T extends readonly DataType[]>(
    { op, inputs, attributes = {} }: Operation,
    types: T,
    named?: string,
  ): { readonly [K in keyof T]: Tensor<T[K]> } {
    const name = this.freeName(named ?? op);
    const attr = Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [key, attributeOf(value)]),
    );
    const node = encode('NodeDef', { name, op, input: inputs.map(({ input }) => input), attr });
    this.nodes.push(field(FIELD.node, heldBytes(node)));
    const outputs = types.map((type, at) => ({ type, input: at === 0 ? name : `${name}:${at}` }));
    return outputs as { readonly [K in keyof T]: Tensor<T[K]> };
  }

  /** A node without outputs, by its name. */
  run(operation: Operation, named: string): string {
    this.add(operation, [], named);
    return this.lastName(named);
  }

  constant<T extends DataType>(data: TensorData<T>, named = 'Const'): Tensor<T> {
    const name = this.freeName(named);
    this.nodes.push(field(FIELD.node, constantNode(name, data)));
    return { type: data.type, input: name };
  }

  /** A constant that is made once, however often it is asked for. */
  shared<T extends DataType>(key: string, type: T, make: () => Tensor<T>): Tensor<T> {
    const known = this.scalars.get(`${type} ${key}`);
    if (known !== undefined) return { type, input: known.input };
    const made = make();
    this.scalars.set(`${type} ${key}`, made);
    return made;
  }

  get nodeCount(): number {
    return this.nodes.length;
  }

  /** The graph as a message. */
  finish(): Bytes {
    const versions = field(FIELD.versions, heldBytes(encode('VersionDef', VERSIONS)));
    return joined([...this.nodes, versions]);
  }

  private freeName(wanted: string): string {
    const count = this.counts.get(wanted) ?? 0;
    this.counts.set(wanted, count + 1);
    return count === 0 ? wanted : `${wanted}_${count}`;
  }

  private lastName(wanted: string): string {
    const count = this.counts.get(wanted) ?? 1;
    return count === 1 ? wanted : `${wanted}_${count - 1}`;
  }
}

/** What is made once a graph, however often it is asked for. */
export function onceAGraph<T>(make: (graph: Graph) => T): (graph: Graph) => T {
  const made = new WeakMap<Graph, { readonly value: T }>();
  return (graph) => {
    const known = made.get(graph) ?? { value: make(graph) };
    made.set(graph, known);
    return known.value;
  };
}

/** What is made of a tensor once, however often it is asked for. */
export function onceATensor<I extends DataType, T>(
  make: (graph: Graph, tensor: Tensor<I>) => T,
): (graph: Graph, tensor: Tensor<I>) => T {
  const madeIn = onceAGraph(() => new Map<string, { readonly value: T }>());
  return (graph, tensor) => {
    const made = madeIn(graph);
    const known = made.get(tensor.input) ?? { value: make(graph, tensor) };
    made.set(tensor.input, known);
    return known.value;
  };
}

export function shapeOf(dims: readonly number[]): Record<string, unknown> {
  return { dim: dims.map((size) => ({ size })) };
}

function attributeOf(value: Attribute): Record<string, unknown> {
  if ('type' in value) return { type: DATA_TYPES[value.type] };
  if ('s' in value) return { s: Buffer.from(value.s) };
  if ('types' in value) return { list: { type: value.types.map((type) => DATA_TYPES[type]) } };
  if ('shape' in value) return { shape: shapeOf(value.shape) };
  return { ...value };
}

/** Strings are fields of the tensor's message, one each; numbers are one field of bytes. */
function constantNode(name: string, { type, shape, content }: TensorData): Bytes {
  const tensor = joined([
    heldBytes(Uint8Array.of(FIELD.dtype << 3, DATA_TYPES[type])),
    field(FIELD.shape, heldBytes(encode('TensorShape', shapeOf(shape)))),
    type === 'string' ? content : field(FIELD.content, content),
  ]);
  const entry = joined([
    field(FIELD.mapKey, heldBytes(Buffer.from('value'))),
    field(FIELD.mapValue, field(FIELD.tensor, tensor)),
  ]);
  const small = encode('NodeDef', { name, op: 'Const', attr: { dtype: { type: DATA_TYPES[type] } } });
  return joined([heldBytes(small), field(FIELD.attr, entry)]);
}
