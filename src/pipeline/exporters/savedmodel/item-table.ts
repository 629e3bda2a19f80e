/** From names of items to numbers, and back. */
import type { Graph, Tensor } from './graph.ts';
import { cast, equal, int, select } from './operations.ts';
import { arrayData, stringsData } from './tensor-data.ts';

export interface ItemTable {
  /** By item. */
  readonly names: Tensor<'string'>;
  readonly empty: Tensor<'string'>;
  /** What fills the table, to be run once. */
  readonly initializer?: string;
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
  const { initializer, find: numberOf } = graph.lookup({ texts: names, text: nameOf, findable, identity });
  const find = (asked: Tensor<'string'>): Tensor<'int32'> =>
    select(graph, equal(graph, asked, empty), int(graph, -1), cast(graph, numberOf(asked), 'int32'));
  return { names, empty, ...(initializer === undefined ? {} : { initializer }), find };
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
