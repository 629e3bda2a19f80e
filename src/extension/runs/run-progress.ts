import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { escapeLinks } from '../text/escape.ts';
import { formatRate } from '../text/format.ts';
import { isRunning } from './run-facts.ts';
import { runDescription, runLabel } from './run-text.ts';
import type { StoreModel } from './store-model.ts';

/** The run to follow: a known one, or the first that is not among those known before. */
export type Followed = { readonly run: string } | { readonly newSince: ReadonlySet<string> };

export interface Watch {
  readonly sawRun: boolean;
}

export interface ProgressActions {
  cancel(run: string): Promise<unknown>;
}

/** Progress notifications with *Cancel* for the runs that this window started, and a word at their end. */
export class RunProgress {
  readonly #model: StoreModel;
  readonly #actions: ProgressActions;
  /** Runs that a notification follows already. */
  readonly #claimed = new Set<string>();

  constructor(model: StoreModel, actions: ProgressActions) {
    this.#model = model;
    this.#actions = actions;
  }

  /** @param processEnded resolves when the process that was started has ended */
  follow(followed: Followed, processEnded: Promise<void>): Watch {
    const watch = { sawRun: false, id: 'run' in followed ? followed.run : undefined };
    const options = { location: vscode.ProgressLocation.Notification, title: 'RecSys', cancellable: true };
    void vscode.window
      .withProgress(options, (progress, token) =>
        this.#report(followed, watch, progress, token, processEnded),
      )
      .then(() => this.#announce(watch.id));
    return watch;
  }

  async #report(
    followed: Followed,
    watch: { sawRun: boolean; id: string | undefined },
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
    processEnded: Promise<void>,
  ): Promise<void> {
    let shown = 0;
    progress.report({ message: vscode.l10n.t('starting') });
    const update = (): void => {
      watch.id ??= this.#claim(followed);
      const run = watch.id === undefined ? undefined : this.#model.run(watch.id);
      if (run === undefined) return;
      if (isRunning(run)) watch.sawRun = true;
      const percent = (run.fraction ?? 0) * 100;
      progress.report({
        message: escapeLinks(`${runLabel(run)}: ${runDescription(run)}`),
        increment: Math.max(0, percent - shown),
      });
      shown = Math.max(shown, percent);
    };
    const cancel = (): void => {
      progress.report({ message: vscode.l10n.t('cancelling…') });
      if (watch.id !== undefined) void this.#actions.cancel(watch.id);
    };
    const subscriptions = [this.#model.onDidChange(update), token.onCancellationRequested(cancel)];
    update();
    try {
      await processEnded;
      await this.#model.load();
      watch.id ??= this.#claim(followed);
      if (watch.id !== undefined && this.#model.run(watch.id) !== undefined) watch.sawRun = true;
    } finally {
      for (const subscription of subscriptions) subscription.dispose();
      if (watch.id !== undefined) this.#claimed.delete(watch.id);
    }
  }

  #claim(followed: Followed): string | undefined {
    if ('run' in followed) return followed.run;
    const fresh = this.#model.runs.find(
      (run) => !followed.newSince.has(run.id) && !this.#claimed.has(run.id),
    );
    if (fresh !== undefined) this.#claimed.add(fresh.id);
    return fresh?.id;
  }

  #announce(id: string | undefined): void {
    const run = id === undefined ? undefined : this.#model.run(id);
    if (run === undefined) return;
    if (run.state === 'succeeded') announceSuccess(run);
    else if (FAILED.includes(run.state)) announceFailure(run);
  }
}

const FAILED: readonly RunRow['state'][] = ['failed', 'interrupted', 'damaged'];

function announceSuccess(run: RunRow): void {
  const openCard = vscode.l10n.t('Open Result Card');
  const headline =
    run.headline === undefined
      ? ''
      : `: ${run.best ?? ''} ${run.headline.metric} ${formatRate(run.headline.value)}`;
  const text = escapeLinks(vscode.l10n.t('{0} is done{1}', runLabel(run), headline));
  void vscode.window.showInformationMessage(text, openCard).then((chosen) => {
    if (chosen === openCard) void vscode.commands.executeCommand('recsys.openCard', run.id);
  });
}

function announceFailure(run: RunRow): void {
  const [openLog, resume] = [vscode.l10n.t('Open Log'), vscode.l10n.t('Resume')];
  const failure = run.failure ?? run.stepFailure;
  const words = [failure?.message ?? vscode.l10n.t('The run failed.'), failure?.hint ?? ''].join(' ');
  void vscode.window
    .showErrorMessage(escapeLinks(`${runLabel(run)}: ${words}`), openLog, resume)
    .then((chosen) => {
      if (chosen === openLog) void vscode.commands.executeCommand('recsys.openLog', run.id);
      if (chosen === resume) void vscode.commands.executeCommand('recsys.resume', run.id);
    });
}
