import type { MethodOfDomain } from '../../../protocol/engine.ts';
import type { explorerMethods, ModelReference } from '../../../protocol/engine/explorer.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import type { Question } from '../../flow/flow-views.ts';
import { askedRun, modelFor } from '../../query/choose-model.ts';
import type { AskedModel } from '../../query/explorer/asked-model.ts';
import { ItemGroups } from '../../query/explorer/item-groups.ts';
import { itemPage } from '../../query/explorer/item-page.ts';
import { itemSequences, type NameSequences } from '../../query/explorer/item-sequences.ts';
import { listReply, type AskedSide } from '../../query/explorer/list-reply.ts';
import { shownQueries, type ShownQueries } from '../../query/explorer/shown-queries.ts';
import { testedQueries, type TestedModel } from '../../query/explorer/tested-queries.ts';
import { whyRecommended } from '../../query/explorer/why.ts';
import { openRunData, preparedFile } from '../../query/run-data.ts';
import { runModels } from '../../query/run-models.ts';
import { sequenceNames } from '../../query/sequence-names.ts';
import { testQueriesOf } from '../../query/test-queries-of.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import type { RunStore } from '../../store/run-store.ts';
import { awaited } from '../awaited.ts';
import type { ModelCache } from '../model-cache.ts';
import { Recent } from '../recent.ts';
import type { Handlers } from './handler.ts';

type ExplorerMethod = keyof typeof explorerMethods & MethodOfDomain<'items'>;

/** Runs whose prepared data, and whose test queries, are kept at hand. */
const RUNS_KEPT = 2;

/** Opens what is asked. */
class AskedModels {
  readonly #store: RunStore;
  readonly #models: ModelCache;
  readonly #data = new Recent<PreparedData>(RUNS_KEPT);
  readonly #tests = new Recent<ShownQueries>(RUNS_KEPT);

  constructor(store: RunStore, models: ModelCache) {
    this.#store = store;
    this.#models = models;
  }

  run(reference: string | undefined): RunFolder {
    return askedRun(this.#store, reference);
  }

  side(asked: ModelReference, question: Question, signal: AbortSignal): AskedSide {
    return { asked, open: () => this.open(asked, question, signal) };
  }

  async open(asked: ModelReference, question: Question, signal: AbortSignal): Promise<AskedModel> {
    const run = this.run(asked.run);
    return this.#open(run, asked.model ?? modelFor(run, question), signal);
  }

  async tested(asked: ModelReference, signal: AbortSignal): Promise<TestedModel> {
    const run = this.run(asked.run);
    const opened = await this.open(asked, 'recommend', signal);
    const tests = this.#tests.get(run.folder, async () =>
      shownQueries(testQueriesOf(run, await this.#prepared(run))),
    );
    return { ...opened, tests: await awaited(tests, signal) };
  }

  /** @throws UserError where the run's data are not prepared */
  data(run: RunFolder, signal: AbortSignal): Promise<PreparedData> {
    return awaited(this.#prepared(run), signal);
  }

  #prepared(run: RunFolder): Promise<PreparedData> {
    return this.#data.get(run.folder, () => openRunData(run));
  }

  async #open(run: RunFolder, model: string, signal: AbortSignal): Promise<AskedModel> {
    const { opened, names, facts } = await awaited(this.#models.open(run, model), signal);
    return { run: run.id, model: opened, names, facts, groups: new ItemGroups(opened.catalogue) };
  }
}

/** @param models share what is open with the other methods about items */
export function explorerHandlers(
  store: RunStore,
  models: ModelCache,
): Pick<Handlers<'items'>, ExplorerMethod> {
  const askedModels = new AskedModels(store, models);
  return {
    'explorer/models': ({ run }) => runModels(askedModels.run(run)),
    'explorer/item': async ({ item, ...asked }, signal) => {
      const opened = await askedModels.open(asked, 'neighbours', signal);
      // Versions of the item are found by it.
      await awaited(opened.names.readyIndex(), signal);
      return itemPage(opened, item);
    },
    'explorer/sequences': async ({ run: reference, model, ...request }, signal) => {
      const run = askedModels.run(reference);
      const { names } = await askedModels.open({ run: run.id, model }, 'neighbours', signal);
      const prepared = await askedModels.data(run, signal);
      const found = await itemSequences(prepared, names, request, namesIn(run, signal), signal);
      return { run: run.id, ...found };
    },
    'explorer/list': ({ models: asked, ...request }, signal) => {
      const question = request.question.kind;
      return listReply(
        asked.map((one) => askedModels.side(one, question, signal)),
        request,
        signal,
      );
    },
    'explorer/why': async ({ items, item, keepSeen, ...asked }, signal) =>
      whyRecommended(await askedModels.open(asked, 'recommend', signal), { items, item, keepSeen }, signal),
    'explorer/queries': async ({ models: asked, ...request }, signal) => {
      const opened: TestedModel[] = [];
      for (const one of asked) opened.push(await askedModels.tested(one, signal));
      const [first] = asked;
      return testedQueries(opened, request, namesIn(askedModels.run(first?.run), signal), signal);
    },
  };
}

function namesIn(run: RunFolder, signal: AbortSignal): NameSequences {
  const file = preparedFile(run, 'sequences');
  return async (indices) => (file === undefined ? new Map() : sequenceNames(file, indices, signal));
}
