/** The whole graph of a model: names to items, scores to lists, lists to names, for each of its two signatures. */
import { DEFAULT_K } from '../../../protocol/query-limits.ts';
import { popularityRanking } from '../../kinds/ranking/static-ranking.ts';
import type { Graph, Tensor } from './graph.ts';
import { TensorFlowGraph } from './tensorflow-graph.ts';
import { compacted, mapped } from './histories.ts';
import { boolScalar, itemTable, stringScalar, type ItemTable } from './item-table.ts';
import { placesOf, type ItemOrder, type KindGraph } from './kind-graph.ts';
import * as ops from './operations.ts';
import { rankedLists, type RankingTables } from './ranked-lists.ts';
import { arrayData } from './tensor-data.ts';
import type { DataType } from './tensorflow-messages.ts';
import type { ItemNames } from '../../model/item-names.ts';
import type { Bytes } from './wire.ts';

export interface ServingModel {
  readonly kind: KindGraph;
  readonly order: ItemOrder;
  readonly trainCounts: Uint32Array;
  /** Names of items by their codes. */
  readonly names: Pick<ItemNames, 'name' | 'code'>;
  /** Whether lists leave out what their query holds, where a caller cannot say. */
  readonly excludeQuery: boolean;
  /** Longest list that can be asked. */
  readonly maxK: number;
  /** Tells the model from others in the same process. */
  readonly identity: string;
}

/** An input or output of a signature; −1: any size. */
export interface Port {
  readonly tensor: Tensor;
  readonly shape: readonly number[];
}

export interface SignatureOf {
  readonly inputs: Readonly<Record<string, Port>>;
  readonly outputs: Readonly<Record<string, Port>>;
}

/** A model's signatures in a graph. */
export interface Signatures {
  /** One item, a list of ten. */
  readonly servingDefault: () => SignatureOf;
  /** Lists of items. */
  readonly recommend: () => SignatureOf;
  /** What is run when the model is loaded. */
  readonly initializer?: string | undefined;
}

export interface ServingGraph {
  readonly graph: Bytes;
  readonly signatures: Readonly<Record<string, SignatureOf>>;
  /** What is run when the model is loaded. */
  readonly initializer: string;
}

interface Answering {
  readonly graph: Graph;
  readonly model: ServingModel;
  readonly table: ItemTable;
  readonly tables: RankingTables;
  readonly knows: Tensor<'int32'>;
}

export function servingGraph(model: ServingModel): ServingGraph {
  const graph = new TensorFlowGraph();
  const { servingDefault, recommend, initializer } = signaturesIn(graph, model);
  const signatures = { serving_default: servingDefault(), recommend: recommend() };
  return { graph: graph.finish(), signatures, initializer: initializer ?? '' };
}

/** Of each column: what is hidden, and which are best. */
const OF_COLUMN = 3;
/** Of each popular item that may follow: whether it is a candidate or hidden, its place, and which are first. */
const OF_POPULAR = 6;

/** Numbers that a query of so many items reads or computes, about. */
export function servingWork({ kind, trainCounts, maxK }: ServingModel, items: number): number {
  const columns = kind.columns?.length ?? trainCounts.length;
  // Behind candidates popularity is looked through as a whole, elsewhere only as far as a list goes.
  const popular = kind.background === 'fallback' ? trainCounts.length : maxK + items;
  return kind.work(items) + OF_COLUMN * columns + OF_POPULAR * popular;
}

/** Builds what all signatures share; each is built when it is asked for. */
export function signaturesIn(graph: Graph, model: ServingModel): Signatures {
  const { order, names, identity, trainCounts } = model;
  const nameOf = (item: number): string => names.name(order.codes[item] ?? -1);
  const isFound = (item: number): boolean => names.code(nameOf(item)) === order.codes[item];
  const table = itemTable(graph, {
    count: trainCounts.length,
    findable: Int32Array.from(order.codes.keys()).filter(isFound),
    ...{ nameOf, identity },
  });
  const known = Int32Array.from(model.kind.knows);
  const answering: Answering = {
    ...{ graph, model, table, tables: rankingTables(graph, model) },
    knows: graph.constant(arrayData('int32', known), 'known_items'),
  };
  return {
    servingDefault: () => servingDefault(answering),
    recommend: () => recommend(answering),
    initializer: table.initializer,
  };
}

function rankingTables(graph: Graph, { kind, order, trainCounts }: ServingModel): RankingTables {
  const itemCount = trainCounts.length;
  const counts = Uint32Array.from(order.codes, (code) => trainCounts[code] ?? 0);
  // Items are numbered by the order of ties.
  const { items } = popularityRanking(counts, Uint32Array.from(counts.keys()));
  const vector = (name: string, array: Int32Array): Tensor<'int32'> =>
    graph.constant(arrayData('int32', array), name);
  const { columns } = kind;
  return {
    background: kind.background,
    columns: columns && vector('item_of_column', columns),
    columnOf: columns && vector('column_of_item', placesOf(columns, itemCount)),
    columnCount: columns?.length ?? itemCount,
    popular: vector('popular_items', items),
    popularCount: items.length,
    popularPlace: vector('popular_place', placesOf(items, itemCount)),
    rows: graph.constant(
      arrayData(
        'float',
        Float32Array.from(items, (item) => counts[item] ?? 0),
      ),
      'popular_rows',
    ),
  };
}

function servingDefault(answering: Answering): SignatureOf {
  const { graph, model } = answering;
  const item = ops.placeholder(graph, 'serving_default_input_1', 'string', [-1]);
  const batch = ops.shape(graph, item);
  const asked = {
    names: ops.expand(graph, item, 1),
    k: ops.fill(graph, batch, ops.int(graph, DEFAULT_K)),
    exclude: ops.fill(graph, batch, boolScalar(graph, model.excludeQuery)),
    width: ops.int(graph, DEFAULT_K),
  };
  const { scores, items, answeredBy } = answer(answering, asked);
  return {
    inputs: { input_1: { tensor: item, shape: [-1] } },
    outputs: {
      output_1: { tensor: scores, shape: [-1, DEFAULT_K] },
      output_2: { tensor: items, shape: [-1, DEFAULT_K] },
      answered_by: { tensor: answeredBy, shape: [-1] },
    },
  };
}

function recommend(answering: Answering): SignatureOf {
  const { graph, model } = answering;
  const input = <T extends DataType>(name: string, type: T, shape: readonly number[]): Tensor<T> =>
    ops.placeholder(graph, `recommend_${name}`, type, shape);
  const names = input('items', 'string', [-1, -1]);
  const wanted = input('k', 'int32', [-1]);
  const exclude = input('exclude_query', 'bool', [-1]);
  const zero = ops.int(graph, 0);
  const k = ops.maximum(graph, zero, ops.minimum(graph, wanted, ops.int(graph, model.maxK)));
  const width = ops.maximum(graph, zero, ops.max(graph, k, [0]));
  const { scores, items, answeredBy, known } = answer(answering, { names, k, exclude, width });
  return {
    inputs: {
      items: { tensor: names, shape: [-1, -1] },
      k: { tensor: wanted, shape: [-1] },
      exclude_query: { tensor: exclude, shape: [-1] },
    },
    outputs: {
      scores: { tensor: scores, shape: [-1, -1] },
      items: { tensor: items, shape: [-1, -1] },
      answered_by: { tensor: answeredBy, shape: [-1] },
      known_items: { tensor: known, shape: [-1] },
    },
  };
}

interface Query {
  readonly names: Tensor<'string'>;
  readonly k: Tensor<'int32'>;
  readonly exclude: Tensor<'bool'>;
  readonly width: Tensor<'int32'>;
}

interface Answer {
  readonly scores: Tensor<'float'>;
  readonly items: Tensor<'string'>;
  readonly answeredBy: Tensor<'string'>;
  readonly known: Tensor<'int32'>;
}

function answer({ graph, model, table, tables, knows }: Answering, { names, ...asked }: Query): Answer {
  const history = compacted(graph, table.find(names), 'right');
  const lists = rankedLists(graph, tables, model.kind.score(graph, history), { history, ...asked });
  const zero = ops.int(graph, 0);
  const found = ops.gather(graph, table.names, ops.maximum(graph, lists.items, zero));
  const text = (value: string): Tensor<'string'> =>
    graph.shared(`text ${value}`, 'string', () => graph.constant(stringScalar(value), 'text'));
  return {
    scores: lists.scores,
    items: ops.select(graph, ops.less(graph, lists.items, zero), table.empty, found),
    answeredBy: ops.select(graph, lists.byPopularity, text('popularity'), text('model')),
    known: ops.sum(graph, ops.maximum(graph, zero, mapped(graph, history, knows)), [1]),
  };
}
