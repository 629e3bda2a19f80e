/** A graph written as the `GraphDef` of a SavedModel. */
import type { Attribute, Graph, Lookup, LookupTexts, Operation, Tensor } from './graph.ts';
import { cast, gather, int } from './operations.ts';
import { arrayData, type TensorData } from './tensor-data.ts';
import { DATA_TYPES, encode, type DataType } from './tensorflow-messages.ts';
import { field, heldBytes, joined, type Bytes } from './wire.ts';

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

export class TensorFlowGraph implements Graph {
  private readonly nodes: Bytes[] = [];
  private readonly counts = new Map<string, number>();
  private readonly scalars = new Map<string, Tensor>();

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

  lookup({ texts, findable, identity }: LookupTexts): Lookup {
    const [table] = this.add(
      {
        op: 'HashTableV2',
        inputs: [],
        attributes: {
          container: { s: '' },
          shared_name: { s: `items_${identity}` },
          use_node_name_sharing: { b: true },
          key_dtype: { type: 'string' },
          value_dtype: { type: 'int64' },
        },
      },
      ['resource'],
      'item_table',
    );
    const found = this.constant(arrayData('int32', findable), 'findable_items');
    const keys = gather(this, texts, found);
    const attributes = { Tin: { type: 'string' }, Tout: { type: 'int64' } } as const;
    const initializer = this.run(
      { op: 'LookupTableImportV2', inputs: [table, keys, cast(this, found, 'int64')], attributes },
      'fill_item_table',
    );
    const none = cast(this, int(this, -1), 'int64');
    return {
      initializer,
      find: (asked) =>
        this.add({ op: 'LookupTableFindV2', inputs: [table, asked, none], attributes }, ['int64'])[0],
    };
  }

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
