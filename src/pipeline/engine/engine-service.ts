/** What the engine does for each request. Models stay open between requests, the most recently used few. */
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import type {
  DataPreview,
  EngineParams,
  ModelKindEntry,
  NeighbourReply,
  RecommendReply,
  RetentionRule,
  TunableKind,
} from '../../protocol/engine.ts';
import type { LabelChange } from '../../protocol/run.ts';
import type { CardData, StoreView } from '../../protocol/run-view.ts';
import { cancelRun } from '../flow/request-cancel.ts';
import { neighboursOf } from '../query/neighbours.ts';
import { bestModel, defaultModel, latestSuccessful } from '../query/open-model.ts';
import { recommendationsFor } from '../query/recommendations.ts';
import { modelKinds } from '../models/registry.ts';
import { ownParameters } from '../stages/flow-parameters.ts';
import { flows } from '../stages/flows.ts';
import { expiredRuns } from '../store/retention.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { ownShell } from '../own-shell.ts';
import { cardData } from '../views/card-data.ts';
import { commandOf } from '../views/command-line.ts';
import { viewStore } from '../views/view-run.ts';
import { ModelCache } from './model-cache.ts';

export class EngineService {
  readonly #store: RunStore;
  readonly #workspace: string;
  readonly #models = new ModelCache();

  constructor(store: RunStore, workspace: string) {
    this.#store = store;
    this.#workspace = workspace;
  }

  viewStore(): StoreView {
    return viewStore(this.#store);
  }

  async cleanUp(rule: RetentionRule, dryRun: boolean): Promise<{ runs: string[]; bytes: number }> {
    const expired = expiredRuns(viewStore(this.#store).runs, rule);
    if (!dryRun) {
      for (const { id } of expired) await this.#store.remove(this.#store.run(id));
    }
    return { runs: expired.map(({ id }) => id), bytes: expired.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  card(run: string, shell = ownShell()): CardData {
    return cardData(this.#store, this.#store.resolve(run), shell);
  }

  command(run: string, shell = ownShell()): { command: string } {
    return { command: commandOf(this.#store.resolve(run).manifest(), shell) };
  }

  async cancel(run: string): Promise<Record<string, never>> {
    await cancelRun(this.#store, run);
    return {};
  }

  async delete(run: string): Promise<{ trash: string }> {
    return { trash: await this.#store.throwAway(this.#store.resolve(run)) };
  }

  async restore(run: string): Promise<Record<string, never>> {
    await this.#store.restore(run);
    return {};
  }

  async label(run: string, change: LabelChange): Promise<Record<string, never>> {
    await this.#store.changeLabels(this.#store.resolve(run), change);
    return {};
  }

  async preview(path: string): Promise<DataPreview> {
    const { previewData } = await import('../data/preview-data.ts');
    return previewData(path, this.#workspace);
  }

  async saveSpec(path: string, spec: DatasetSpec): Promise<{ file: string }> {
    const { saveSpec } = await import('../data/recsys-file.ts');
    return { file: await saveSpec(path, this.#workspace, spec) };
  }

  /** The kinds of models that a run can train. */
  kinds(): { kinds: ModelKindEntry[] } {
    const byDefault = ownParameters.models.default.split(',');
    const kinds = modelKinds.map(({ name, title, description }) => ({
      ...{ name, title, description },
      byDefault: byDefault.includes(name),
    }));
    return { kinds };
  }

  /** The kinds of models that a flow can tune. */
  tunable(): { kinds: TunableKind[] } {
    return { kinds: flows.flatMap(({ shows }) => [...(shows.tuning?.kinds ?? [])]) };
  }

  async neighbours({
    item,
    k,
    run: reference,
    model,
  }: EngineParams<'neighbours/query'>): Promise<NeighbourReply> {
    const run = this.#runOf(reference);
    const { opened, names } = await this.#models.open(run, model ?? defaultModel(run));
    return neighboursOf(opened, names, item, k);
  }

  async recommend({
    run: reference,
    model,
    ...query
  }: EngineParams<'recommend/query'>): Promise<RecommendReply> {
    const run = this.#runOf(reference);
    const { opened, names } = await this.#models.open(run, model ?? bestModel(run));
    return recommendationsFor(opened, names, query);
  }

  #runOf(reference: string | undefined): RunFolder {
    return reference === undefined ? latestSuccessful(this.#store) : this.#store.resolve(reference);
  }
}
