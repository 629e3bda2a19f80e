import * as vscode from 'vscode';
import { newRunId } from '../../protocol/run-id.ts';
import { UserError } from '../../protocol/user-error.ts';
import { launchDetached, type LaunchEnd } from '../processes/launch-detached.ts';
import { ERRORS_AS_JSON, toldFailure } from '../processes/told-failure.ts';
import type { Subject } from '../remedies.ts';
import { showError } from '../show-error.ts';
import type { FolderStore } from './folder-store.ts';
import type { RunProgress, Watch } from './run-progress.ts';

const CANCELLED_EXIT = 130;

/** What a run is started on: a data file, or a run that is gone on with. */
export type Start = { readonly file: string } | { readonly run: string; readonly file?: string };

/** Starts runs as detached processes and follows those it started. */
export class RunLauncher {
  readonly #progress: RunProgress;
  readonly #logFolder: string;
  readonly #log: vscode.LogOutputChannel;

  constructor(progress: RunProgress, logFolder: string, log: vscode.LogOutputChannel) {
    this.#progress = progress;
    this.#logFolder = logFolder;
    this.#log = log;
  }

  /** Starts `recsys <args>` in the folder of a store, with its settings. */
  async start(store: FolderStore, args: readonly string[], start: Start): Promise<void> {
    await store.model.ready();
    const newest = store.model.runs.map(({ id }) => id).toSorted();
    const id = newRunId(new Date(), newest.at(-1));
    const { folder, runtime } = store.site;
    const words = [...args, ...optionsOf(store), '--id', id];
    this.#log.info(`recsys ${words.join(' ')}`);
    const { ended } = await launchDetached({
      runtime,
      arguments: [...words, ERRORS_AS_JSON],
      workingFolder: folder,
      logFolder: this.#logFolder,
    });
    const over = ended.then(
      () => undefined,
      () => undefined,
    );
    const known = 'run' in start ? { known: start.run } : {};
    const watch = this.#progress.follow({ store, id, ...known }, over);
    const subject = { file: start.file, folder };
    ended.then(
      (end) => this.#ended(end, watch, store, subject),
      (error: unknown) => showError(error, this.#log, subject),
    );
  }

  /** A failed run says so itself, in the store; a process that never made one has to be heard here. */
  async #ended(end: LaunchEnd, watch: Watch, { model }: FolderStore, subject: Subject): Promise<void> {
    this.#log.info(
      `recsys ended with exit code ${end.code ?? 'none'}${end.said === '' ? '' : `: ${end.said}`}`,
    );
    await model.load();
    if (end.code === CANCELLED_EXIT && !watch.sawRun)
      vscode.window.setStatusBarMessage(vscode.l10n.t('RecSys: cancelled before the run began'), 6_000);
    if (end.code === 0 || end.code === CANCELLED_EXIT || watch.sawRun) return;
    showError(await failureOf(end), this.#log, subject);
  }
}

function optionsOf({ site: { settings } }: FolderStore): string[] {
  const options = ['--store', settings.storeFolder];
  if (settings.maxWorkers > 0) options.push('--max-workers', String(settings.maxWorkers));
  if (settings.memoryLimit > 0) options.push('--memory-limit', String(settings.memoryLimit));
  return options;
}

/** The failure as the process told it; what one wrote that could not tell is in the log. */
function failureOf({ said }: LaunchEnd): Promise<UserError> {
  return toldFailure(
    said,
    () =>
      new UserError(
        vscode.l10n.t('The run could not be started: its process ended without saying why.'),
        vscode.l10n.t('The log has what it wrote.'),
      ),
  );
}
