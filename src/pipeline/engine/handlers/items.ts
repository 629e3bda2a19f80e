import { PART_LETTERS } from '../../../protocol/engine/items.ts';
import { itemAtPlace, itemsOfText } from '../../query/item-at-place.ts';
import { neighboursOf } from '../../query/neighbours.ts';
import { askedRun, modelFor } from '../../query/choose-model.ts';
import { searchItems } from '../../query/search-items.ts';
import { recommendationsFor } from '../../query/recommendations.ts';
import { RunStore } from '../../store/run-store.ts';
import type { Question } from '../../flow/flow-views.ts';
import { awaited } from '../awaited.ts';
import { ModelCache, type CachedModel } from '../model-cache.ts';
import { explorerHandlers } from './explorer.ts';
import type { EngineSite, Handlers } from './handler.ts';

/** MiB that open models may take where nothing else is told. */
const DEFAULT_MEMORY = 2048;

interface Asked {
  readonly run?: string | undefined;
  readonly model?: string | undefined;
}

/** Models stay open between requests, as many as fit. */
export function itemHandlers({ store: folder, memory = DEFAULT_MEMORY }: EngineSite): Handlers<'items'> {
  const store = RunStore.open(folder);
  const models = new ModelCache(memory);
  const open = (
    { run: reference, model }: Asked,
    question: Question,
    signal: AbortSignal,
  ): Promise<CachedModel> => {
    const run = askedRun(store, reference);
    return awaited(models.open(run, model ?? modelFor(run, question)), signal);
  };
  /** With what finds its items by their names. */
  const openIndexed = async (asked: Asked, signal: AbortSignal): Promise<CachedModel> => {
    const known = await open(asked, 'neighbours', signal);
    await awaited(known.names.readyIndex(), signal);
    return known;
  };
  return {
    ...explorerHandlers(store, models),
    'items/search': async ({ text, limit, ...asked }, signal) => {
      const { opened, names, facts } = await openIndexed(asked, signal);
      return searchItems(opened, names, facts, { text, limit });
    },
    'items/vocabulary': async ({ from, ...asked }, signal) => {
      const { opened, names, columns, words } = await openIndexed(asked, signal);
      const { bits } = await awaited(words(), signal);
      return {
        ...{ ...opened.source, model: opened.name, items: names.count, columns: [...columns] },
        words: { bits: bits.slice(from, from + PART_LETTERS), letters: bits.length },
      };
    },
    'items/hover': async ({ place, k, ...asked }, signal) =>
      itemAtPlace(await openIndexed(asked, signal), place, k),
    'items/readList': async ({ text, header, ...asked }, signal) =>
      itemsOfText(await openIndexed(asked, signal), { text, header }, signal),
    'items/models': () => ({
      models: models.entries(),
      ceilingBytes: models.ceilingBytes,
      processBytes: process.memoryUsage.rss(),
    }),
    'neighbours/query': async ({ item, k, ...asked }, signal) => {
      const { opened, names } = await open(asked, 'neighbours', signal);
      return neighboursOf(opened, names, item, k);
    },
    'recommend/query': async ({ run, model, ...query }, signal) => {
      const { opened, names } = await open({ run, model }, 'recommend', signal);
      return recommendationsFor(opened, names, query);
    },
  };
}
