import { tieOrder } from '../../seeded-random.ts';
import { catalogueOf, type Catalogue } from '../../data/catalogue.ts';
import { checkedParameters } from '../fitting/checked-parameters.ts';
import { tunedIfAsked } from '../fitting/count-tuning.ts';
import { readFitted, writeFitted } from '../fitting/fitted-parameters.ts';
import type { FitContext, FitResult } from '../fitting/fit-context.ts';
import type { ModelKind } from '../model-kind.ts';
import type { GroupedItems } from './group-shares.ts';
import { groupAffinityParameters, groupAffinitySearch } from './parameters.ts';
import { groupAffinityScorer } from './scorer.ts';
import { tune } from './tuning.ts';
import { affinityMemory } from './memory.ts';

const NAME = 'group-affinity';

function groupedItems({ itemGroups, groupCount, trainCounts, known }: Catalogue, seed: number): GroupedItems {
  if (itemGroups === undefined) throw new Error(`${NAME} needs a group column`);
  const ties = tieOrder(trainCounts.length, seed);
  return { groups: itemGroups, groupCount, trainCounts, catalogue: known, ties };
}

async function fit(context: FitContext): Promise<FitResult> {
  const start = checkedParameters(NAME, groupAffinityParameters, context.parameters);
  const index = groupedItems(catalogueOf(context.data), context.seed);
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
  async open({ catalogue, locate, seed }) {
    const parameters = await readFitted(locate('parameters'), NAME, groupAffinityParameters);
    return groupAffinityScorer(groupedItems(catalogue, seed), parameters);
  },
};
