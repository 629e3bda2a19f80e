import { tieOrder } from '../../seeded-random.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import { checkedParameters } from '../fitting/checked-parameters.ts';
import { tunedIfAsked } from '../fitting/count-tuning.ts';
import { readFitted, writeFitted } from '../fitting/fitted-parameters.ts';
import type { FitContext, FitResult, ModelKind } from '../model-kind.ts';
import type { GroupedItems } from './group-shares.ts';
import { groupAffinityParameters, groupAffinitySearch } from './parameters.ts';
import { groupAffinityScorer } from './scorer.ts';
import { tune } from './tuning.ts';
import { affinityMemory } from './memory.ts';

const NAME = 'group-affinity';

function groupedItems(data: PreparedData, seed: number): GroupedItems {
  const { itemGroups, layout, trainCounts, catalogue } = data;
  if (itemGroups === undefined) throw new Error(`${NAME} needs a group column`);
  const ties = tieOrder(trainCounts.length, seed);
  return { groups: itemGroups, groupCount: layout.groupCount, trainCounts, catalogue, ties };
}

async function fit(context: FitContext): Promise<FitResult> {
  const start = checkedParameters(NAME, groupAffinityParameters, context.parameters);
  const index = groupedItems(context.data, context.seed);
  const { parameters, metrics } = await tunedIfAsked(context, { index, start, ties: index.ties, tune });
  await writeFitted(context.write, parameters);
  return { metrics, parameters };
}

/** Items of the groups (artists, categories) that the list holds, new items of the catalogue included; docs/models.md gives the formula. */
export const groupAffinity: ModelKind = {
  name: NAME,
  title: 'Group affinity',
  version: '4',
  description:
    'Recommends items of the groups (artists, categories) that the list holds, also new items of a catalogue; no training.',
  parameters: groupAffinityParameters,
  search: groupAffinitySearch,
  queryStated: 'the groups of the newest items, older ones fading (decayed list)',
  parallel: false,
  recommendsNewItems: true,
  fits: ({ hasGroups }) => hasGroups,
  memory: affinityMemory,
  fit,
  async open({ data, locate, seed }) {
    const parameters = await readFitted(locate('parameters'), NAME, groupAffinityParameters);
    return groupAffinityScorer(groupedItems(data, seed), parameters);
  },
};
