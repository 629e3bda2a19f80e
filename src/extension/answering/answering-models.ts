/** Which run and model answer where none is named: one choice for the hover, Find Neighbours and all else that asks of items. */
import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { UserError } from '../../protocol/user-error.ts';
import { dataFileOf, hasVectors } from '../runs/run-facts.ts';
import type { Stores } from '../runs/stores.ts';

/** Why this one: a person chose it, it is starred, or it is the latest. */
export type AnsweringReason = 'chosen' | 'starred' | 'latest';

export interface Answering {
  readonly run: RunRow;
  readonly model: string;
  readonly reason: AnsweringReason;
}

const KEPT = 'recsys.answering';

interface Chosen {
  /** The run's folder. */
  readonly run: string;
  readonly model: string;
}

function isChosen(kept: unknown): kept is Chosen {
  return (
    typeof kept === 'object' &&
    kept !== null &&
    'run' in kept &&
    typeof kept.run === 'string' &&
    'model' in kept &&
    typeof kept.model === 'string'
  );
}

export class AnsweringModels implements vscode.Disposable {
  readonly #stores: Stores;
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  /** A person chose another, or runs came or went. */
  readonly onDidChange = this.#changed.event;

  constructor(stores: Stores, state: vscode.Memento) {
    this.#stores = stores;
    this.#state = state;
    this.#subscription = stores.onDidChange(() => this.#changed.fire());
  }

  /**
   * The run and model that answer for a file: what was chosen, for all files; else the starred run of its data, else the latest of it. A
   * file that is no data is answered by the runs of its folder's store. Only models with vectors answer unless another
   * was chosen.
   * @returns undefined where no run has such a model
   */
  of(file?: string): Answering | undefined {
    const chosen = this.#chosen();
    const meant = this.#stores.runs.find(({ folder }) => folder === chosen?.run);
    if (chosen !== undefined && meant !== undefined)
      return { run: meant, model: chosen.model, reason: 'chosen' };
    const runs = this.#runsFor(file);
    const starred = runs.find(({ labels }) => labels.starred);
    const run = starred ?? runs[0];
    if (run?.bestEmbedding === undefined) return undefined;
    return { run, model: run.bestEmbedding, reason: starred === undefined ? 'latest' : 'starred' };
  }

  /** @throws {UserError} where no run has a model that can answer */
  async require(file?: string): Promise<Answering> {
    await this.#stores.ready();
    const answering = this.of(file);
    if (answering !== undefined) return answering;
    throw new UserError(
      vscode.l10n.t('No run has a model with vectors yet, which could tell what is near an item.'),
      vscode.l10n.t('Start one with “RecSys: Train”.'),
    );
  }

  /** All that can be chosen, the newest first. */
  get candidates(): readonly RunRow[] {
    return this.#runsFor(undefined);
  }

  /** @param chosen undefined: the rule decides again */
  async choose(chosen: Chosen | undefined): Promise<void> {
    await this.#state.update(KEPT, chosen);
    this.#changed.fire();
  }

  #chosen(): Chosen | undefined {
    const kept = this.#state.get<unknown>(KEPT);
    return isChosen(kept) ? kept : undefined;
  }

  /** Runs with vectors, the newest first: of the file's data, else of its store, else of all. */
  #runsFor(file: string | undefined): readonly RunRow[] {
    const all = newestFirst(this.#stores.runs.filter(hasVectors));
    if (file === undefined || this.#stores.all.length === 0) return all;
    const { model, site } = this.#stores.ofFile(file);
    const own = all.filter(({ id, folder }) => model.run(id)?.folder === folder);
    const ofData = own.filter((run) => dataFileOf(run, site.folder) === file);
    return ofData.length > 0 ? ofData : own.length > 0 ? own : all;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

function newestFirst(runs: readonly RunRow[]): RunRow[] {
  return runs.toSorted((a, b) => (a.id < b.id ? 1 : -1));
}
