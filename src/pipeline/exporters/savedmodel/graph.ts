/** Graphs of TensorFlow's operations: nodes with typed outputs. */
import type { TensorData } from './tensor-data.ts';
import type { DataType } from './tensorflow-messages.ts';

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

/** What a kind's part is built into: a graph of TensorFlow, or of another format that can say the same. */
export interface Graph {
  /** @param types of the outputs; one output is named by its node alone */
  add<const T extends readonly DataType[]>(
    operation: Operation,
    types: T,
    named?: string,
  ): { readonly [K in keyof T]: Tensor<T[K]> };
  constant<T extends DataType>(data: TensorData<T>, named?: string): Tensor<T>;
  /** A constant that is made once, however often it is asked for. */
  shared<T extends DataType>(key: string, type: T, make: () => Tensor<T>): Tensor<T>;
  /** Numbers of texts. */
  lookup(texts: LookupTexts): Lookup;
}

/** Texts by their numbers. */
export interface LookupTexts {
  readonly text: (at: number) => string;
  /** All of them, as a constant. */
  readonly texts: Tensor<'string'>;
  /** Numbers of those that are found, ascending. */
  readonly findable: Int32Array;
  /** Tells the table from those of other models in the same process. */
  readonly identity: string;
}

export interface Lookup {
  /** What fills the table, to be run once; absent: nothing has to. */
  readonly initializer?: string;
  /** Number of each text, −1 where there is none. */
  readonly find: (texts: Tensor<'string'>) => Tensor<'int64'>;
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
