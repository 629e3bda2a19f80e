import { readNpy } from '../../../data/npy.ts';
import { GroupCandidates } from '../../../kinds/stack/group-candidates.ts';
import { QUERY_GATES } from '../../../kinds/stack/gates.ts';
import { StackFile } from '../../../kinds/stack/stack-file.ts';
import { weightsFor, type ComputedNames } from '../../../kinds/stack/weights-for.ts';
import { requireJson } from '../../../store/read-json.ts';
import { tieOrder } from '../../../seeded-random.ts';
import type { Graph, Tensor } from '../graph.ts';
import { byNumber, placesOf, type KindContext, type KindExporter } from '../kind-graph.ts';
import * as ops from '../operations.ts';
import { filled } from '../pairs.ts';
import { knownToAny, reached } from '../reached.ts';
import { memberOf, type Member } from './stack/asked-member.ts';
import { askQueries, type AskedQueries } from './stack/asked-queries.ts';
import { candidatesIn, type Weighed } from './stack/candidates.ts';
import type { FeaturePart } from './stack/features/feature-part.ts';
import { groupFeatures } from './stack/features/group-features.ts';
import { itemFeatures } from './stack/features/item-features.ts';
import { memberFeatures } from './stack/features/member-features.ts';
import { repeatFeatures } from './stack/features/repeat-features.ts';
import { vectorFeatures } from './stack/features/vector-features.ts';
import { groupCandidates, type OfGroups } from './stack/group-candidates.ts';
import { queryGates } from './stack/query-gates.ts';
import { stackWork } from './stack/stack-work.ts';
import { weightedSums, type ToWeigh } from './stack/weighted-sums.ts';

/** Weighs what the members say of their best items, and what the items are, by the query. */
export const stack: KindExporter = {
  kind: 'stack',
  async load(context) {
    const { stored, catalogue, order } = context;
    const itemCount = catalogue.trainCounts.length;
    const [file, table] = await Promise.all([
      requireJson(stored.locate('stack'), StackFile),
      readNpy(stored.locate('itemTable'), Float32Array),
    ]);
    const members: Member[] = [];
    for (const { name, kind } of file.members)
      members.push(memberOf(name, await context.loadMember(name, kind), itemCount));
    const kinds = members.map(({ kind }) => kind);
    const columns = reached(kinds, context);
    const { depth, seenRemoved } = file;
    const find = candidatesIn({
      ...{ depth, seenRemoved, columns, columnOf: placesOf(columns, itemCount) },
      groups: ofGroups(context, columns, seenRemoved),
    });
    const items = { names: file.itemColumns, values: table.array };
    const parts = featureParts(context, { members, items, columns, seenRemoved });
    const weights = weightsFor(stored.locate('stack'), computedBy(parts), file.weights);
    const gatesOf = queryGates(Int32Array.from(byNumber(catalogue.trainCounts, order)));
    const weigh = weightedSums(weights);
    return {
      ...{ shape: 'sparse', columns, background: 'fallback', knows: knownToAny(kinds, itemCount) },
      work: (asked) =>
        stackWork({ members: kinds, columns, itemCount, features: weights.features.length, depth, asked }),
      score(graph, history) {
        const queries = askQueries(graph, history, { members, itemCount });
        const candidates = find(graph, queries);
        const sums = weigh(graph, toWeigh(graph, parts, { queries, candidates, gatesOf }));
        const none = ops.scalar(graph, 'double', -Infinity);
        const empty = filled(graph, queries.batch, columns.length, none);
        return { scores: ops.scatterUpdate(graph, empty, candidates.at, sums), known: candidates.known };
      },
    };
  },
};

/** Items of groups, as the stack has them, by number. */
function ofGroups(
  { catalogue: { itemGroups, groupCount, trainCounts }, order, seed }: KindContext,
  columns: Int32Array,
  seenRemoved: boolean,
): OfGroups | undefined {
  if (itemGroups === undefined) return undefined;
  const recommended = new Uint8Array(trainCounts.length);
  for (const number of columns) recommended[order.codes[number] ?? -1] = 1;
  const ties = tieOrder(trainCounts.length, seed);
  const grouped = new GroupCandidates(itemGroups, recommended, trainCounts, ties);
  const lists = Array.from({ length: groupCount }, (_, group) => grouped.membersOf(group));
  const offsets = new Int32Array(groupCount + 1);
  lists.forEach((list, group) => (offsets[group + 1] = (offsets[group] ?? 0) + list.length));
  const items = Int32Array.from(lists.flat(), (code) => order.numbers[code] ?? -1);
  return groupCandidates({ groupOf: byNumber(itemGroups, order), groupCount, offsets, items }, seenRemoved);
}

interface Features {
  readonly members: readonly Member[];
  readonly items: { readonly names: readonly string[]; readonly values: Float32Array };
  readonly columns: Int32Array;
  readonly seenRemoved: boolean;
}

/** The features that the data and the members allow, in the order of the kind. */
function featureParts(
  { catalogue: { itemGroups, groupCount, trainCounts }, order }: KindContext,
  { members, items, columns, seenRemoved }: Features,
): FeaturePart[] {
  const codes = columns.map((number) => order.codes[number] ?? -1);
  const similar = members.flatMap(({ name, kind: { products } }) =>
    products === undefined ? [] : [vectorFeatures(name, products)],
  );
  return [
    ...memberFeatures(members),
    itemFeatures(items, codes),
    ...(seenRemoved ? [] : [repeatFeatures(trainCounts.length)]),
    ...similar.slice(0, 1),
    ...(itemGroups === undefined ? [] : [groupFeatures(byNumber(itemGroups, order), groupCount)]),
  ];
}

function computedBy(parts: readonly FeaturePart[]): ComputedNames {
  return {
    names: parts.flatMap((part) => part.names),
    gateNames: [...QUERY_GATES, ...parts.flatMap((part) => part.gates)],
  };
}

interface Looking {
  readonly queries: AskedQueries;
  readonly candidates: Weighed;
  readonly gatesOf: (graph: Graph, queries: AskedQueries) => Tensor<'float'>;
}

function toWeigh(
  graph: Graph,
  parts: readonly FeaturePart[],
  { queries, candidates, gatesOf }: Looking,
): ToWeigh {
  const told = parts.map((part) => part.of(graph, queries, candidates));
  const [first, ...others] = told.map(({ values }) => values);
  if (first === undefined) throw new Error('a stack has features');
  const gates = told.flatMap((part) => part.gates ?? []);
  return {
    query: candidates.query,
    values: ops.concat(graph, [first, ...others], 1),
    gates: ops.concat(graph, [gatesOf(graph, queries), ...gates], 1),
  };
}
