/** Nodes of ONNX's operators, the constants they take, and the inputs of the model. */
import type { Tensor } from '../savedmodel/graph.ts';
import { arrayData, type TensorData } from '../savedmodel/tensor-data.ts';
import type { DataType } from '../savedmodel/tensorflow-messages.ts';
import { field, heldBytes, joined, type Bytes } from '../savedmodel/wire.ts';
import { encode, typeNumber } from './onnx-messages.ts';

/** Numbers of fields that are written by hand, because what they hold is too large to be held. */
const FIELD = { node: 1, initializer: 5, stringData: 6, rawData: 9 };
/** Numbers of `AttributeProto.AttributeType`. */
const ATTRIBUTE = { int: 2, string: 3, ints: 7, strings: 8 };

export type OnnxAttribute = number | string | readonly number[] | readonly Buffer[];

/** A node as it is written; values are called by their names. */
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  readonly domain?: string;
}

/** An input of the model. */
export interface OnnxInput {
  readonly name: string;
  readonly type: DataType;
  readonly rank: number;
}

export class OnnxNodes {
  private readonly nodes: Bytes[] = [];
  private readonly initializers: Bytes[] = [];
  private readonly known = new Map<string, Tensor>();
  private readonly numbers = new Map<string, readonly number[]>();
  private count = 0;
  readonly inputs: OnnxInput[] = [];

  /** One node with one output. */
  node(node: OnnxNode): string {
    return this.nodeOf(node, 1)[0] ?? '';
  }

  nodeOf({ op, inputs, attributes = {}, domain = '' }: OnnxNode, outputs: number): string[] {
    const output = Array.from({ length: outputs }, () => this.freeName(op));
    const attribute = Object.entries(attributes).map(([name, value]) => ({ name, ...attributeOf(value) }));
    const bytes = encode('Node', { input: inputs, output, name: output[0], opType: op, attribute, domain });
    this.nodes.push(field(FIELD.node, heldBytes(bytes)));
    return output;
  }

  cast(value: string, type: DataType): string {
    return this.node({ op: 'Cast', inputs: [value], attributes: { to: typeNumber(type) } });
  }

  /** One number as a list of one. */
  vector(value: string): string {
    return this.node({ op: 'Reshape', inputs: [value, this.wide([1])] });
  }

  /** Gives a value a name of its own. */
  rename(value: string, name: string): void {
    const bytes = encode('Node', {
      input: [value],
      output: [name],
      name: `name_${name}`,
      opType: 'Identity',
    });
    this.nodes.push(field(FIELD.node, heldBytes(bytes)));
  }

  input(name: string, type: DataType, rank: number): string {
    this.inputs.push({ name, type, rank });
    return name;
  }

  constant<T extends DataType>(data: TensorData<T>, named = 'constant'): Tensor<T> {
    const name = this.freeName(named);
    const { type, shape, content, text } = data;
    const head = encode('TensorHead', { dims: shape, dataType: typeNumber(type), name });
    const body =
      text === undefined
        ? field(FIELD.rawData, content)
        : textFields(
            shape.reduce((size, dim) => size * dim, 1),
            text,
          );
    this.initializers.push(field(FIELD.initializer, joined([heldBytes(head), body])));
    if (type === 'int32' && content.length <= 256) this.numbers.set(name, numbersOf(content));
    return { type, input: name };
  }

  shared<T extends DataType>(key: string, type: T, make: () => Tensor<T>): Tensor<T> {
    const known = this.known.get(`${type} ${key}`);
    if (known !== undefined) return { type, input: known.input };
    const made = make();
    this.known.set(`${type} ${key}`, made);
    return made;
  }

  /** Whole numbers of 64 bits, as operators take shapes, axes and counts. */
  wide(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.shared(`wide ${values.join(' ')} in ${shape.join(' ')}`, 'int64', () => {
      const bytes = Buffer.alloc(8 * values.length);
      values.forEach((value, at) => bytes.writeBigInt64LE(BigInt(value), 8 * at));
      return this.constant({ type: 'int64', shape, content: heldBytes(bytes) }, 'wide');
    }).input;
  }

  /** A number. */
  scalar(type: 'float' | 'double' | 'int32' | 'int64', value: number): string {
    if (type === 'int64') return this.wide([value], []);
    return this.shared(`number ${value}`, type, () => this.constant(numberData(type, value), 'number')).input;
  }

  /** The numbers that a constant holds. */
  numbersOf({ input }: Tensor): readonly number[] {
    const numbers = this.numbers.get(input);
    if (numbers === undefined) throw new Error(`${input} is no small constant`);
    return numbers;
  }

  /** The fields of the graph's message that hold nodes and constants. */
  finish(): Bytes {
    return joined([...this.nodes, ...this.initializers]);
  }

  private freeName(wanted: string): string {
    return `${wanted}_${this.count++}`;
  }
}

function attributeOf(value: OnnxAttribute): Record<string, unknown> {
  if (typeof value === 'number') return { i: value, type: ATTRIBUTE.int };
  if (typeof value === 'string') return { s: Buffer.from(value), type: ATTRIBUTE.string };
  return value.every((one) => typeof one === 'number')
    ? { ints: value, type: ATTRIBUTE.ints }
    : { strings: value, type: ATTRIBUTE.strings };
}

function numberData(type: 'float' | 'double' | 'int32', value: number): TensorData<typeof type> {
  if (type === 'float') return arrayData('float', Float32Array.of(value), []);
  if (type === 'double') return arrayData('double', Float64Array.of(value), []);
  return arrayData('int32', Int32Array.of(value), []);
}

function numbersOf(content: Bytes): number[] {
  const bytes = Buffer.concat([...content.chunks()]);
  return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readInt32LE(4 * at));
}

/** Each text is a field of its own. */
function textFields(count: number, text: (at: number) => string): Bytes {
  return joined(
    Array.from({ length: count }, (_, at) => field(FIELD.stringData, heldBytes(Buffer.from(text(at))))),
  );
}
