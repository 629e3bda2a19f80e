/** From names of items to numbers, and back. */
import type { Graph, Tensor } from './graph.ts';
import { cast, equal, gather, int, scalar, select } from './operations.ts';
import { arrayData, stringsData } from './tensor-data.ts';

export interface ItemTable {
  /** By item. */
  readonly names: Tensor<'string'>;
  readonly empty: Tensor<'string'>;
  /** What fills the table, to be run once. */
  readonly initializer: string;
  /** Item of each name, −1 where there is none; an empty text is no name. */
  find(names: Tensor<'string'>): Tensor<'int32'>;
}

export interface NamedItems {
  readonly count: number;
  /** Name of each item. */
  readonly nameOf: (item: number) => string;
  /** Those that their names find, ascending: of several of one name only one. */
  readonly findable: Int32Array;
  /** Tells the table from those of other models in the same process. */
  readonly identity: string;
}

export function itemTable(graph: Graph, { count, nameOf, findable, identity }: NamedItems): ItemTable {
  const names = graph.constant(stringsData(count, nameOf), 'item_names');
  const empty = graph.constant(stringScalar(''), 'no_name');
  const [table] = graph.add(
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
  const wide = (value: number): Tensor<'int64'> => cast(graph, int(graph, value), 'int64');
  const found = graph.constant(arrayData('int32', findable), 'findable_items');
  const keys = gather(graph, names, found);
  const attributes = { Tin: { type: 'string' }, Tout: { type: 'int64' } } as const;
  const initializer = graph.run(
    { op: 'LookupTableImportV2', inputs: [table, keys, cast(graph, found, 'int64')], attributes },
    'fill_item_table',
  );
  const find = (asked: Tensor<'string'>): Tensor<'int32'> => {
    const [item] = graph.add({ op: 'LookupTableFindV2', inputs: [table, asked, wide(-1)], attributes }, [
      'int64',
    ]);
    return select(graph, equal(graph, asked, empty), scalar(graph, 'int32', -1), cast(graph, item, 'int32'));
  };
  return { names, empty, initializer, find };
}

/** A text. */
export function stringScalar(text: string): ReturnType<typeof stringsData> {
  return { ...stringsData(1, () => text), shape: [] };
}

export function boolScalar(graph: Graph, value: boolean): Tensor<'bool'> {
  return graph.shared(`bool ${value}`, 'bool', () =>
    graph.constant(arrayData('bool', Uint8Array.of(value ? 1 : 0), []), 'scalar'),
  );
}
