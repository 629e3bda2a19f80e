import type { PreparedData } from '../../../data/prepared-data.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import { openModel } from '../../../model/open-model.ts';
import { yieldToEventLoop } from '../../../yield-to-event-loop.ts';
import { heldOutQueries } from './held-out-queries.ts';
import { querySample } from './query-sample.ts';
import { rankQueries } from './rank-queries.ts';
import type { OpenRankingThreads, RankingThreads } from './ranking-threads.ts';
import type { RuleRanks } from './rule-ranks.ts';

export type AllItemsRanks = Readonly<Partial<Record<'validation' | 'test', RuleRanks>>>;

/**
 * Ranks a sample of the queries by a model that may recommend all items of the data, those too that only held-out rows
 * hold: what a catalogue that listed them would be worth. The model is as it was trained and tuned without them.
 * @param folder of the model's package, all files as they were written
 * @param openThreads gives threads that rank with this one, where there are any
 * @returns undefined where the model would recommend none of them
 */
export async function rankAllItems(
  { manifest, seed, reporter, signal }: StepContext,
  data: PreparedData,
  folder: string,
  parts: readonly ('validation' | 'test')[],
  openThreads: OpenRankingThreads,
): Promise<AllItemsRanks | undefined> {
  if (!data.catalogue.includes(0)) return undefined;
  const { recommender } = await openModel(folder, { verified: true, allKnown: true });
  const { scorer, ownRule } = recommender;
  const rank = async (part: 'validation' | 'test', threads?: RankingThreads): Promise<RuleRanks> => {
    const queries = heldOutQueries({ manifest, seed }, data, part);
    const subset = querySample(queries.targets.length, part, seed);
    const pause = (done: number): Promise<void> => {
      const all = subset?.length ?? queries.targets.length;
      reporter.progress(`ranking ${part} among all items of the data`, done, all, 'queries');
      return yieldToEventLoop(signal);
    };
    const sampled = subset === undefined ? {} : { subset };
    return rankQueries(recommender, queries, ownRule, { pause, threads, ...sampled });
  };
  const adds = data.catalogue.some((known, item) => known === 0 && scorer.recommends(item));
  if (!adds) return undefined;
  const threads = openThreads({ folder, allKnown: true });
  try {
    const ranks: Partial<Record<'validation' | 'test', RuleRanks>> = {};
    for (const part of parts) ranks[part] = await rank(part, threads);
    return ranks;
  } finally {
    await threads?.dispose();
  }
}
