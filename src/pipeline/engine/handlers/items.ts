import { neighboursOf } from '../../query/neighbours.ts';
import { latestSuccessful, modelFor } from '../../query/choose-model.ts';
import { recommendationsFor } from '../../query/recommendations.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import { RunStore } from '../../store/run-store.ts';
import { ModelCache } from '../model-cache.ts';
import type { EngineSite, Handlers } from './handler.ts';

/** Models stay open between requests, the most recently used few. */
export function itemHandlers({ store: folder }: EngineSite): Handlers<'items'> {
  const store = RunStore.open(folder);
  const models = new ModelCache();
  const runOf = (reference: string | undefined): RunFolder =>
    reference === undefined ? latestSuccessful(store) : store.resolve(reference);
  return {
    'neighbours/query': async ({ item, k, run: reference, model }) => {
      const run = runOf(reference);
      const { opened, names } = await models.open(run, model ?? modelFor(run, 'neighbours'));
      return neighboursOf(opened, names, item, k);
    },
    'recommend/query': async ({ run: reference, model, ...query }) => {
      const run = runOf(reference);
      const { opened, names } = await models.open(run, model ?? modelFor(run, 'recommend'));
      return recommendationsFor(opened, names, query);
    },
  };
}
