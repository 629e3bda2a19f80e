/**
 * Reads runs from programs, as Metaflow's client does:
 *
 *     import { openStore } from 'recsys';
 *     const run = openStore('.recsys').latestSuccessfulRun();
 *     const { items, values, dimension } = await run.vectors();
 *     const { recommendations } = await run.recommend(['artist|||older track', 'artist|||newest track'], 5);
 */
import type { DataProfile } from '../protocol/profile.ts';
import type { EvaluationReport } from '../protocol/report.ts';
import type { RunManifest } from '../protocol/run.ts';
import type { RunView } from '../protocol/run-view.ts';
import type { NeighbourReply, RecommendReply } from '../protocol/engine.ts';
import { UserError, type Remedy, type UserErrorOptions } from '../protocol/user-error.ts';
import type { Sequences, SplitName } from './data/prepared-data.ts';
import { splitSequences } from './query/split-sequences.ts';
import { latestSuccessful, modelFor } from './query/choose-model.ts';
import { openItemNames, openRunData } from './query/run-data.ts';
import { openRunModel, openRunVectors } from './query/run-model.ts';
import type { OpenModel } from './model/open-model.ts';
import {
  requireCount,
  requireNames,
  requireOneOf,
  requireSwitches,
  requireText,
} from './query/check-arguments.ts';
import { neighboursOf } from './query/neighbours.ts';
import { ItemNames } from './model/item-names.ts';
import { recommendationsFor } from './query/recommendations.ts';
import type { RunFolder } from './store/run-folder.ts';
import { RunStore } from './store/run-store.ts';
import { readProfile } from './views/reports.ts';
import { flowOf } from './flows/registry.ts';
import { ownShell } from './own-shell.ts';
import { viewRun } from './views/view-run.ts';

export type {
  DataProfile,
  EvaluationReport,
  NeighbourReply,
  RecommendReply,
  RunManifest,
  RunView,
  Sequences,
  SplitName,
};
export { UserError };
export type { Remedy, UserErrorOptions };

export interface Vectors {
  readonly model: string;
  readonly dimension: number;
  /** Name of each row (`artist|||track`). */
  readonly items: readonly string[];
  /** Rows × dimension, as trained. */
  readonly values: Float32Array;
}

export interface RecommendOptions {
  /** Whether items of the list may be recommended again. Default: no. */
  readonly keepSeen?: boolean;
  /** Leaves out names that no item has, instead of an error. Default: no. */
  readonly skipUnknown?: boolean;
  /** Says of each item why it is there (`parts`, `facts`), where the model can tell. Default: no. */
  readonly explain?: boolean;
}

/** One run of a store. Every method reads the run's files; none changes them. */
export class Run {
  readonly id: string;
  readonly #folder: RunFolder;

  constructor(folder: RunFolder) {
    this.id = folder.id;
    this.#folder = folder;
  }

  get manifest(): RunManifest {
    return this.#folder.manifest();
  }
  get parameters(): RunManifest['parameters'] {
    return this.manifest.parameters;
  }
  /** State, steps, artifacts, times. */
  get view(): RunView {
    return viewRun(this.#folder);
  }
  /**
   * Metrics of all models, the choice, paired tests; undefined until the run is finished, and of flows whose report is no
   * evaluation of next items.
   */
  get report(): EvaluationReport | undefined {
    return flowOf(this.manifest.flow).views.card(this.#folder, ownShell()).report;
  }
  get profile(): DataProfile | undefined {
    return readProfile(this.#folder);
  }

  /** Names of all items (`artist|||track`), by item code. */
  async itemNames(): Promise<string[]> {
    const names = await openItemNames(this.#folder);
    return Array.from({ length: names.count }, (_, code) => names.name(code));
  }

  /** Sequences of item codes of one part of the data. By leave-one-out every part holds whole sequences. */
  async sequences(split: SplitName): Promise<Sequences> {
    requireOneOf('The split', ['train', 'validation', 'test'] satisfies SplitName[], split);
    return splitSequences(await openRunData(this.#folder), split);
  }

  /**
   * Item vectors of a model (default: the best that has vectors): those that `neighbours` compares.
   * @throws UserError when the model has none
   */
  async vectors(model = modelFor(this.#folder, 'neighbours')): Promise<Vectors> {
    requireText('The model', model);
    const { vectors, itemsFile } = await openRunVectors(this.#folder, model);
    const names = await ItemNames.read(itemsFile);
    return {
      model,
      dimension: vectors.dimension,
      values: vectors.values,
      items: Array.from(vectors.items, (code) => names.name(code)),
    };
  }

  /** The `k` items nearest to one item by a model (default: the best that has vectors). */
  async neighbours(item: string, k = 10, model?: string): Promise<NeighbourReply> {
    requireText('The item', item);
    requireCount(k, 'neighbours');
    return this.#ask(model ?? modelFor(this.#folder, 'neighbours'), (opened, names) =>
      neighboursOf(opened, names, item, k),
    );
  }

  /**
   * The `k` items a model (default: the best on validation) recommends after a list of items.
   * @param items names, the oldest first, the newest last
   * @throws UserError when a name is no item's and `skipUnknown` is not set
   */
  async recommend(
    items: readonly string[],
    k = 10,
    model?: string,
    options: RecommendOptions = {},
  ): Promise<RecommendReply> {
    requireNames('The items', items);
    requireCount(k, 'items');
    requireSwitches('The options', ['keepSeen', 'skipUnknown', 'explain'], options);
    const { keepSeen = false, skipUnknown = false, explain = false } = options;
    return this.#ask(model ?? modelFor(this.#folder, 'recommend'), (opened, names) =>
      recommendationsFor(opened, names, { items, k, keepSeen, skipUnknown, explain }),
    );
  }

  async #ask<Reply>(model: string, answer: (opened: OpenModel, names: ItemNames) => Reply): Promise<Reply> {
    requireText('The model', model);
    const opened = await openRunModel(this.#folder, model);
    const names = await opened.names();
    return answer(opened, names);
  }
}

/** The runs of one store. */
export class Store {
  readonly #store: RunStore;

  constructor(store: RunStore) {
    this.#store = store;
  }
  /** All runs, newest first. */
  runs(): Run[] {
    return this.#store.runIds().map((id) => new Run(this.#store.run(id)));
  }
  /** By id, unambiguous beginning of it, name, or `latest`. */
  run(reference: string): Run {
    requireText('The run', reference);
    return new Run(this.#store.resolve(reference));
  }
  /** The newest run that came to its end. */
  latestSuccessfulRun(): Run {
    return new Run(latestSuccessful(this.#store));
  }
}

/** @throws UserError when a newer version wrote the store */
export function openStore(folder = '.recsys'): Store {
  requireText('The folder of the store', folder);
  return new Store(RunStore.open(folder));
}
