import * as vscode from 'vscode';
import { UserError } from '../../protocol/user-error.ts';
import type { LaunchEnd } from '../processes/launch-detached.ts';
import { launchDetached } from '../processes/launch-detached.ts';
import type { Site } from '../site.ts';
import { showError } from '../show-error.ts';
import type { RunProgress } from './run-progress.ts';
import type { StoreModel } from './store-model.ts';

const CANCELLED_EXIT = 130;

/** Starts runs as detached processes and follows those it started. */
export class RunLauncher {
  readonly #site: () => Site;
  readonly #model: StoreModel;
  readonly #progress: RunProgress;
  readonly #logFolder: string;
  readonly #log: vscode.LogOutputChannel;

  constructor(
    site: () => Site,
    model: StoreModel,
    progress: RunProgress,
    logFolder: string,
    log: vscode.LogOutputChannel,
  ) {
    this.#site = site;
    this.#model = model;
    this.#progress = progress;
    this.#logFolder = logFolder;
    this.#log = log;
  }

  /**
   * Starts `recsys <args>` with the settings of this window.
   * @param known the run it goes on with; without it, the run that appears in the store is followed
   */
  async start(args: readonly string[], known?: string): Promise<void> {
    const before = new Set((await this.#model.ready(), this.#model.runs).map((run) => run.id));
    const { folder, runtime } = this.#site();
    const all = [...args, ...this.#options(args)];
    this.#log.info(`recsys ${all.join(' ')}`);
    const { ended } = await launchDetached({
      runtime,
      arguments: all,
      workingFolder: folder,
      logFolder: this.#logFolder,
    });
    const watch = this.#progress.follow(
      known === undefined ? { newSince: before } : { run: known },
      ended.then(
        () => undefined,
        () => undefined,
      ),
    );
    ended.then(
      (end) => this.#ended(end, watch),
      (error: unknown) => showError(error, this.#log),
    );
  }

  #options(args: readonly string[]): string[] {
    const { settings } = this.#site();
    const options = ['--store', settings.storeFolder];
    if (args[0] === 'cancel') return options;
    if (settings.maxWorkers > 0) options.push('--max-workers', String(settings.maxWorkers));
    if (settings.memoryLimit > 0) options.push('--memory-limit', String(settings.memoryLimit));
    return options;
  }

  /** A failed run says so itself, in the store; a process that never made one has to be heard here. */
  #ended(end: LaunchEnd, watch: { readonly sawRun: boolean }): void {
    this.#log.info(
      `recsys ended with exit code ${end.code ?? 'none'}${end.said === '' ? '' : `: ${end.said}`}`,
    );
    void this.#model.load();
    if (end.code === 0 || end.code === CANCELLED_EXIT || watch.sawRun) return;
    showError(
      new UserError(end.said === '' ? vscode.l10n.t('The run could not be started.') : end.said, ''),
      this.#log,
    );
  }
}
