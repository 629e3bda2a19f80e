import { tieOrder } from '../../seeded-random.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import { checkedParameters } from '../checked-parameters.ts';
import { readFitted, writeFitted } from '../fitted-parameters.ts';
import type { FitContext, FitResult, ModelKind } from '../model-kind.ts';
import { takeBreath } from '../take-breath.ts';
import { tuningMetric } from '../tuning-metric.ts';
import { groupAffinityParameters, groupAffinitySearch, type GroupAffinityParameters } from './parameters.ts';
import { groupAffinityScorer, type GroupedItems } from './scorer.ts';
import { tune } from './tuning.ts';

const NAME = 'group-affinity';

/** What prepared the data has seen all parts, so new items have groups too. */
function groupedItems({ itemGroups, layout, trainCounts }: PreparedData): GroupedItems {
  if (itemGroups === undefined) throw new Error(`${NAME} needs a group column`);
  return { groups: itemGroups, groupCount: layout.groupCount, trainCounts };
}

async function fit(context: FitContext): Promise<FitResult> {
  const given = checkedParameters(NAME, groupAffinityParameters, context.parameters);
  const { parameters, metrics } = given.tune
    ? await tuned(context, given)
    : { parameters: given, metrics: {} };
  await writeFitted(context.write, parameters);
  return { metrics, parameters };
}

async function tuned(
  context: FitContext,
  start: GroupAffinityParameters,
): Promise<{ parameters: GroupAffinityParameters; metrics: Record<string, number> }> {
  const { data, positions, seed, reporter } = context;
  const metric = tuningMetric(start.tuneBy, context, 'ndcg@100');
  const { parameters, value, queries } = await tune({
    data,
    index: groupedItems(data),
    start,
    fixed: new Set(context.given),
    metric,
    positions,
    ties: tieOrder(data.trainCounts.length, seed),
    seed,
    progress: (done, total) => {
      reporter.progress('tuning on validation', done, total, 'settings');
      return takeBreath(context.signal);
    },
  });
  reporter.info(
    `Tuned on ${queries} validation queries: ${metric} ${value.toFixed(4)} with ${JSON.stringify(parameters)}.`,
  );
  return { parameters, metrics: { [`tuning ${metric}`]: value, 'tuning queries': queries } };
}

/** Items of the groups (artists) that the list holds, new items included; docs/models.md gives the formula. */
export const groupAffinity: ModelKind = {
  name: NAME,
  title: 'Group affinity',
  description:
    'Recommends items of the groups (artists) that the list holds, also items that no training sequence has; no training.',
  parameters: groupAffinityParameters,
  search: groupAffinitySearch,
  queryStated: 'the groups (artists) of the newest items, older ones fading (decayed list)',
  parallel: false,
  fits: ({ hasGroups }) => hasGroups,
  fit,
  async open({ data, locate }) {
    const parameters = await readFitted(locate('parameters'), NAME, groupAffinityParameters);
    return groupAffinityScorer(groupedItems(data), parameters);
  },
};
