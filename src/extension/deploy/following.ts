import * as vscode from 'vscode';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { EndpointList } from '../endpoints/endpoint-list.ts';
import type { LaunchEnd } from '../processes/launch-detached.ts';
import { toldFailure } from '../processes/told-failure.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import { showError } from '../show-error.ts';

export const CANCELLED_EXIT = 130;

/** A process that outlives windows, and asks and tells by files in the store. */
export interface FollowedProcess {
  readonly store: FolderStore;
  readonly id: string;
  /** Of the notification. */
  readonly title: string;
  /** What it does now, by the list; undefined where nothing is known of it, or it has ended. */
  readonly doing: () => Doing | undefined;
  /** What is said while it is being cancelled. */
  readonly cancelling: string;
}

export interface Doing {
  readonly message: string;
  /** 0 to 1. */
  readonly fraction: number;
}

export interface FollowingParts {
  readonly list: EndpointList;
  readonly log: vscode.LogOutputChannel;
}

type Progress = vscode.Progress<{ message?: string; increment?: number }>;

/** A notification with *Cancel* that tells how far such a process is, until it has ended. */
export class Following {
  readonly #followed: FollowedProcess;
  readonly #parts: FollowingParts;
  #shown = 0;
  #cancelling = false;

  constructor(followed: FollowedProcess, parts: FollowingParts) {
    this.#followed = followed;
    this.#parts = parts;
  }

  /**
   * @param ended how the process ended; absent for one that another window started
   * @returns how it ended, where that is known; the list knows by then what it left
   */
  show(ended?: Promise<LaunchEnd>): Thenable<LaunchEnd | undefined> {
    const { title } = this.#followed;
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, (progress, token) => this.#untilEnd(progress, token, ended));
  }

  async #untilEnd(
    progress: Progress,
    token: vscode.CancellationToken,
    ended: Promise<LaunchEnd> | undefined,
  ): Promise<LaunchEnd | undefined> {
    progress.report({ message: vscode.l10n.t('starting') });
    const { list } = this.#parts;
    let isOver = (): void => undefined;
    const over = new Promise<undefined>((resolve) => (isOver = () => resolve(undefined)));
    const update = (): void => {
      // A process that this window started tells its end itself.
      if (!this.#update(progress) && ended === undefined) isOver();
    };
    const subscriptions = [
      list.onDidChange(update),
      token.onCancellationRequested(() => void this.#cancel(progress)),
    ];
    update();
    try {
      const end = await (ended ?? over);
      await list.look();
      return end;
    } finally {
      for (const subscription of subscriptions) subscription.dispose();
    }
  }

  /** @returns whether it is under way */
  #update(progress: Progress): boolean {
    const { id, store, doing, cancelling } = this.#followed;
    const { questions } = this.#parts.list;
    const now = doing();
    const waits = questions.some((one) => one.store === store && one.question.id === id);
    if (now === undefined && !waits) return false;
    const percent = 100 * (now?.fraction ?? 0);
    const message = this.#cancelling
      ? cancelling
      : waits
        ? vscode.l10n.t('waits for your answer')
        : (now?.message ?? '');
    progress.report({ message: escapeLinks(message), increment: Math.max(0, percent - this.#shown) });
    this.#shown = Math.max(this.#shown, percent);
    return true;
  }

  async #cancel(progress: Progress): Promise<void> {
    const { id, store, cancelling } = this.#followed;
    this.#cancelling = true;
    progress.report({ message: cancelling });
    try {
      await store.engine.request('endpoints/cancel', { id });
    } catch (error) {
      this.#cancelling = false;
      showError(error, this.#parts.log);
    }
  }
}

/** Why a process ended that left nothing in the store. */
export async function untoldEnd(end: LaunchEnd | undefined, untold: string): Promise<UserError | undefined> {
  if (end === undefined || end.code === 0) return undefined;
  return toldFailure(end.said, () => new UserError(untold, vscode.l10n.t('The log has what it wrote.')));
}
