import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { remedyOf } from '../../protocol/user-error.ts';
import { remedyButton, showWithButtons } from '../remedies.ts';
import { showError } from '../show-error.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { hintInWindow } from '../../protocol/text/window-hint.ts';
import { formatRate } from '../text/format.ts';
import type { FolderStore } from './folder-store.ts';
import { dataFileOf, isRunning } from './run-facts.ts';
import { runDescription, runLabel, runTitle } from './run-text.ts';

/** A run that was just started. */
export interface Followed {
  readonly store: FolderStore;
  /** The id that a new run has or will have. */
  readonly id: string;
  /** The run that is gone on with, unless that makes a new one. */
  readonly known?: string;
}

export interface Watch {
  /** Whether a run of this start was ever there. */
  readonly sawRun: boolean;
}

/** Progress notifications with *Cancel* for the runs that this window started, and a word at their end. */
export class RunProgress {
  readonly #log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /** @param processEnded resolves when the process that was started has ended */
  follow(followed: Followed, processEnded: Promise<void>): Watch {
    const following = new Following(followed, this.#log);
    const options = { location: vscode.ProgressLocation.Notification, title: 'RecSys', cancellable: true };
    void vscode.window
      .withProgress(options, (progress, token) => following.report(progress, token, processEnded))
      .then(() => {
        if (following.sawRun) announce(following.run(), followed.store);
      });
    return following;
  }
}

/** One notification. */
class Following implements Watch {
  readonly #followed: Followed;
  readonly #log: vscode.LogOutputChannel;
  readonly #began = Date.now();
  #shown = 0;
  #cancel: 'not asked' | 'to be sent' | 'sent' = 'not asked';
  #toldWhy = false;
  sawRun = false;

  constructor(followed: Followed, log: vscode.LogOutputChannel) {
    this.#followed = followed;
    this.#log = log;
  }

  /** The new run once it is there; before that, the one that is gone on with. */
  run(): RunRow | undefined {
    const { store, id, known } = this.#followed;
    return store.model.run(id) ?? (known === undefined ? undefined : store.model.run(known));
  }

  async report(
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
    processEnded: Promise<void>,
  ): Promise<void> {
    const { model } = this.#followed.store;
    progress.report({ message: vscode.l10n.t('starting') });
    const update = (): void => this.#update(progress);
    const subscriptions = [
      model.onDidChange(update),
      token.onCancellationRequested(() => {
        this.#cancel = 'to be sent';
        update();
      }),
    ];
    update();
    try {
      await processEnded;
      await model.load();
      this.#look();
    } finally {
      for (const subscription of subscriptions) subscription.dispose();
    }
  }

  #look(): RunRow | undefined {
    const run = this.run();
    if (run !== undefined && this.#isOfThisStart(run)) this.sawRun = true;
    return run;
  }

  /** A run that is gone on with was there before, and may never come to be driven again. */
  #isOfThisStart(run: RunRow): boolean {
    return run.id === this.#followed.id || isRunning(run) || Date.parse(run.started) >= this.#began;
  }

  #update(progress: vscode.Progress<{ message?: string; increment?: number }>): void {
    const run = this.#look();
    if (this.#cancel === 'to be sent') void this.#sendCancel();
    if (this.#cancel !== 'not asked') progress.report({ message: vscode.l10n.t('cancelling…') });
    else if (run !== undefined && this.sawRun) this.#show(run, progress);
  }

  #show(run: RunRow, progress: vscode.Progress<{ message?: string; increment?: number }>): void {
    const percent = (run.fraction ?? 0) * 100;
    progress.report({
      message: escapeLinks(`${runLabel(run)}: ${runDescription(run)}`),
      increment: Math.max(0, percent - this.#shown),
    });
    this.#shown = Math.max(this.#shown, percent);
  }

  /** Before the run is there as well: the process that makes it knows itself by the id. What fails is tried again. */
  async #sendCancel(): Promise<void> {
    const { store, id } = this.#followed;
    this.#cancel = 'sent';
    try {
      await store.engine.request('run/cancel', { run: id });
    } catch (error) {
      this.#cancel = 'to be sent';
      if (!this.#toldWhy) showError(error, this.#log, { folder: store.site.folder });
      this.#toldWhy = true;
    }
  }
}

const FAILED: readonly RunRow['state'][] = ['failed', 'interrupted', 'damaged'];

function announce(run: RunRow | undefined, store: FolderStore): void {
  if (run === undefined) return;
  if (run.state === 'succeeded') announceSuccess(run);
  else if (FAILED.includes(run.state)) announceFailure(run, store);
}

function announceSuccess(run: RunRow): void {
  const openCard = vscode.l10n.t('Open Result Card');
  const headline =
    run.headline === undefined
      ? ''
      : `: ${run.best ?? ''} ${run.headline.metric} ${formatRate(run.headline.value)}`;
  const text = escapeLinks(vscode.l10n.t('{0} is done{1}', runLabel(run), headline));
  void vscode.window.showInformationMessage(text, openCard).then((chosen) => {
    if (chosen === openCard) void vscode.commands.executeCommand('recsys.openCard', run.folder);
  });
}

/** Resuming what the data or the options stop ends in the same way, so it is offered where nothing else is known. */
function announceFailure(run: RunRow, { site }: FolderStore): void {
  const failure = run.failure ?? run.stepFailure;
  const words = [failure?.message ?? vscode.l10n.t('The run failed.'), hintInWindow(failure ?? {})].join(' ');
  const on = (title: string, command: string) => ({
    title,
    press: () => vscode.commands.executeCommand(command, run.folder),
  });
  const subject = { file: dataFileOf(run, site.folder), folder: site.folder };
  const remedy = remedyButton(remedyOf(failure?.remedy), subject);
  showWithButtons(escapeLinks(`${runTitle(run)}: ${words}`), [
    remedy ?? on(vscode.l10n.t('Resume'), 'recsys.resume'),
    on(vscode.l10n.t('Open Log'), 'recsys.openLog'),
  ]);
}
