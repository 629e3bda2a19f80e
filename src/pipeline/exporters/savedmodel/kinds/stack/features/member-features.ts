/** What each member says of the candidates. */
import { SCALES, scoreNames, signalNames } from '../../../../../kinds/stack/features/member-features.ts';
import type { Graph, Tensor } from '../../../graph.ts';
import * as ops from '../../../operations.ts';
import { atPairs, logScaled, sideBySide } from '../../../pairs.ts';
import type { AskedMember, Member } from '../asked-member.ts';
import type { AskedQueries } from '../asked-queries.ts';
import type { Weighed } from '../candidates.ts';
import type { FeaturePart, FeatureValues } from './feature-part.ts';

/** Beyond what any score is: what segments without values have as their largest and least. */
const BEYOND = 1e300;
/** The least sum of which there is a logarithm. */
const LEAST = 2.3e-308;

export function memberFeatures(members: readonly Member[]): FeaturePart[] {
  return members.flatMap((member, at) => {
    const asked = ({ members: all }: AskedQueries): AskedMember => {
      const found = all[at];
      if (found === undefined) throw new Error(`member '${member.name}' was not asked`);
      return found;
    };
    return [scoreFeatures(member, asked), ...signalFeatures(member)];
  });
}

function scoreFeatures(
  { name, kind: { shape } }: Member,
  asked: (queries: AskedQueries) => AskedMember,
): FeaturePart {
  const values = shape === 'dense' ? logSoftmax : logShares;
  return {
    ...scoreNames(name, shape),
    of: (graph, queries, candidates) => values(graph, asked(queries), candidates, queries.batch),
  };
}

function signalFeatures({ name, kind: { signals } }: Member): FeaturePart[] {
  if (signals === undefined) return [];
  return [
    {
      ...signalNames(name, signals),
      of: (graph, { history }, candidates) => signals.of(graph, history, candidates),
    },
  ];
}

function scoresAt(
  graph: Graph,
  { scores, columnOf }: AskedMember,
  { query, item }: Weighed,
): Tensor<'double'> {
  const column = ops.gather(graph, columnOf(graph), item);
  return atPairs(graph, scores, query, column, ops.scalar(graph, 'double', -Infinity));
}

/** A dense member's scores as log-probabilities among the candidates; the gate is the highest. */
function logSoftmax(
  graph: Graph,
  member: AskedMember,
  candidates: Weighed,
  batch: Tensor<'int32'>,
): FeatureValues {
  const { query } = candidates;
  const number = (value: number): Tensor<'double'> => ops.scalar(graph, 'double', value);
  const ofQuery = (values: Tensor<'double'>): Tensor<'double'> => ops.gather(graph, values, query);
  const scores = scoresAt(graph, member, candidates);
  const isScored = ops.greater(graph, scores, number(-Infinity));
  const scored = ops.select(graph, isScored, scores, number(Infinity));
  const largest = ops.segmentMax(graph, scores, query, batch);
  const smallest = ops.segmentMin(graph, scored, query, batch);
  const highest = ops.select(graph, ops.greater(graph, largest, number(-BEYOND)), largest, number(0));
  const least = ops.select(graph, ops.less(graph, smallest, number(BEYOND)), smallest, number(0));
  // What it cannot score stands with the last of what it can.
  const raised = ops.maximum(graph, scores, ofQuery(least));
  const powers = ops.exponential(graph, ops.subtract(graph, raised, ofQuery(highest)));
  const sum = ops.maximum(graph, ops.segmentSum(graph, powers, query, batch), number(LEAST));
  const shift = ops.add(graph, highest, ops.logarithm(graph, sum));
  return {
    values: sideBySide(graph, [ops.subtract(graph, raised, ofQuery(shift))]),
    gates: sideBySide(graph, [ops.subtract(graph, highest, shift)]),
  };
}

/** log(1 + a scale × P), P being a sparse member's scores scaled to sum 1. */
function logShares(graph: Graph, member: AskedMember, candidates: Weighed): FeatureValues {
  const total = ops.gather(graph, member.total, candidates.query);
  const own = ops.maximum(graph, scoresAt(graph, member, candidates), ops.scalar(graph, 'double', 0));
  // Shares are kept as float32.
  const share = ops.cast(graph, ops.cast(graph, ops.divideNoNan(graph, own, total), 'float'), 'double');
  const [first, ...others] = SCALES.map((scale) => logScaled(graph, share, scale));
  if (first === undefined) throw new Error('shares have scales');
  return { values: sideBySide(graph, [first, ...others]) };
}
