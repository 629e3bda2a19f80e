import { BlendSummary } from '../../../../protocol/report.ts';
import { readNpy } from '../../../data/npy.ts';
import { SHARE_SCALE } from '../../../kinds/blend/member-scores.ts';
import { requireJson } from '../../../store/read-json.ts';
import { onceAGraph, type Graph, type Tensor } from '../graph.ts';
import { batchOf } from '../histories.ts';
import { placesOf, type KindExporter, type KindGraph } from '../kind-graph.ts';
import * as ops from '../operations.ts';
import { evidenceWork } from '../query-work.ts';
import { knownToAny, reached } from '../reached.ts';
import { arrayData } from '../tensor-data.ts';

interface Part {
  readonly weight: number;
  readonly member: KindGraph;
}

/** Weighted scores of the members and a bias, added up. */
export const blend: KindExporter = {
  kind: 'blend',
  async load(context) {
    const { stored, catalogue, order, loadMember } = context;
    const itemCount = catalogue.trainCounts.length;
    const locate = (artifact: string): string => stored.locate(artifact);
    const { members, coldWeight = 0 } = await requireJson(locate('blend'), BlendSummary);
    const parts: Part[] = [];
    for (const { name, kind, weight } of members)
      parts.push({ weight, member: await loadMember(name, kind) });
    const graphs = parts.map(({ member }) => member);
    const columns = reached(graphs, context);
    const bias = await biasOf(locate, { columns, itemCount, coldWeight, codes: order.codes });
    const counting = parts.filter(({ weight }) => weight !== 0);
    const placed = counting.map((part) => ({ ...part, place: placing(part.member, columns, itemCount) }));
    const biasHere = onceAGraph((graph) => graph.constant(arrayData('float', bias), 'item_bias'));
    return {
      ...{ shape: 'dense', columns, background: 'none' },
      knows: knownToAny(graphs, itemCount),
      work: (asked) =>
        counting.reduce((sum, { member }) => sum + member.work(asked) + evidenceWork(columns.length, 0), 0),
      score(graph, history) {
        const size = ops.stack(graph, [batchOf(graph, history), ops.int(graph, columns.length)], 0);
        let scores = ops.add(graph, ops.fill(graph, size, ops.scalar(graph, 'float', 0)), biasHere(graph));
        let known: Tensor<'bool'> | undefined;
        for (const { member, weight, place } of placed) {
          const scored = member.score(graph, history);
          const zero = ops.scalar(graph, 'float', 0);
          const own = place(graph, scored.scores);
          if (own !== undefined) {
            const weighted = ops.multiply(graph, own, ops.scalar(graph, own.type, weight));
            const isKnown = ops.expand(graph, scored.known, 1);
            const part = ops.select(graph, isKnown, ops.cast(graph, weighted, 'float'), zero);
            scores = ops.add(graph, scores, part);
          }
          known = known === undefined ? scored.known : ops.or(graph, known, scored.known);
        }
        if (known === undefined) throw new Error('a blend has at least one member with a weight');
        return { scores, known };
      },
    };
  },
};

interface Biased {
  readonly columns: Int32Array;
  readonly itemCount: number;
  readonly codes: Int32Array;
  readonly coldWeight: number;
}

async function biasOf(
  locate: (artifact: string) => string,
  { columns, itemCount, codes, coldWeight }: Biased,
): Promise<Float32Array> {
  const [items, bias] = await Promise.all([
    readNpy(locate('items'), Int32Array),
    readNpy(locate('bias'), Float32Array),
  ]);
  const written = placesOf(items.array, itemCount);
  return Float32Array.from(columns, (number) => bias.array[written[codes[number] ?? -1] ?? -1] ?? coldWeight);
}

/** Brings a member's scores into the columns of the blend, as it adds them up; undefined where it scores nothing. */
type Place = (graph: Graph, scores: Tensor<'float' | 'double'>) => Tensor<'float' | 'double'> | undefined;

function placing(
  { shape, columns: own, background }: KindGraph,
  columns: Int32Array,
  itemCount: number,
): Place {
  if (background === 'own') return () => undefined;
  const places =
    own === undefined ? Int32Array.from({ length: itemCount }, (_, item) => item) : placesOf(own, itemCount);
  const column = columns.map((number) => places[number] ?? -1);
  const isMissing = Uint8Array.from(column, (place) => (place < 0 ? 1 : 0));
  const lacks = isMissing.includes(1);
  const columnHere = onceAGraph((graph) =>
    graph.constant(
      arrayData(
        'int32',
        column.map((place) => Math.max(0, place)),
      ),
      'member_column',
    ),
  );
  const missingHere = onceAGraph((graph) => graph.constant(arrayData('bool', isMissing), 'not_of_member'));
  return (graph, scores) => {
    const values = shape === 'dense' ? scores : logShares(graph, scores);
    const placed = ops.gather(graph, values, columnHere(graph), { axis: 1 });
    if (!lacks) return placed;
    const other = shape === 'dense' ? leastFinite(graph, scores) : ops.scalar(graph, scores.type, 0);
    return ops.select(graph, missingHere(graph), other, placed);
  };
}

/** What a member knows nothing of stands with the last of what it knows. Queries × 1. */
function leastFinite(graph: Graph, scores: Tensor<'float' | 'double'>): Tensor<'float' | 'double'> {
  const infinite = ops.scalar(graph, scores.type, Infinity);
  const isFinite = ops.greater(graph, scores, ops.scalar(graph, scores.type, -Infinity));
  const least = ops.min(graph, ops.select(graph, isFinite, scores, infinite), [1], true);
  return ops.select(graph, ops.less(graph, least, infinite), least, ops.scalar(graph, scores.type, 0));
}

/** log(1 + 1000 P), P being the candidates' scores scaled to sum 1. */
function logShares(graph: Graph, scores: Tensor<'float' | 'double'>): Tensor<'float' | 'double'> {
  const positive = ops.maximum(graph, scores, ops.scalar(graph, scores.type, 0));
  const sum = ops.sum(graph, positive, [1], true);
  const shares = ops.divideNoNan(graph, positive, sum);
  return ops.logOnePlus(graph, ops.multiply(graph, shares, ops.scalar(graph, scores.type, SHARE_SCALE)));
}
