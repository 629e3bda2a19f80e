import * as vscode from 'vscode';
import type { SageMakerEndpoint } from '../../protocol/endpoint.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { remedyOf, UserError } from '../../protocol/user-error.ts';
import type { EndpointList, ShownAtAws } from '../endpoints/endpoint-list.ts';
import type { LaunchEnd } from '../processes/launch-detached.ts';
import { toldFailure } from '../processes/told-failure.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import { showError } from '../show-error.ts';
import { stepText } from './aws-text.ts';

const CANCELLED_EXIT = 130;

/** A deployment as a notification follows it. */
export interface FollowedDeployment {
  readonly store: FolderStore;
  readonly id: string;
  /** Of the endpoint. */
  readonly name: string;
  readonly profile: string | undefined;
}

export interface FollowerParts {
  readonly list: EndpointList;
  readonly log: vscode.LogOutputChannel;
  readonly tryIt: (shown: ShownAtAws) => unknown;
}

/**
 * A notification with *Cancel* for each deployment, and a word at its end: for those of this window, and for those that
 * were under way when it was opened.
 */
export class DeployFollower implements vscode.Disposable {
  readonly #parts: FollowerParts;
  readonly #subscription: vscode.Disposable;
  readonly #followed = new Set<string>();

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.#subscription = parts.list.onDidChange(() => this.#look());
  }

  #look(): void {
    for (const { store, endpoint } of this.#parts.list.atAws) {
      const { activity, name, profile } = endpoint;
      if (activity !== undefined && !this.#followed.has(activity.id))
        this.follow({ store, id: activity.id, name, profile });
    }
  }

  /** @param ended how the process ended; absent for one that another window started */
  follow(followed: FollowedDeployment, ended?: Promise<LaunchEnd>): void {
    this.#followed.add(followed.id);
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('RecSys: deploying {0}', escapeLinks(followed.name)),
      cancellable: true,
    };
    const following = new Following(followed, this.#parts);
    void vscode.window
      .withProgress(options, (progress, token) => following.untilEnd(progress, token, ended))
      .then(
        (end) => this.#announce(followed, end),
        (error: unknown) => showError(error, this.#parts.log),
      );
  }

  async #announce(
    { name, id, store, profile }: FollowedDeployment,
    end: LaunchEnd | undefined,
  ): Promise<void> {
    const { list, log, tryIt } = this.#parts;
    const shown = list.atAws.find((one) => one.store === store && one.endpoint.name === name);
    const own = shown?.endpoint.deployment === id ? shown : undefined;
    if (end !== undefined) log.info(`recsys deploy ended with exit code ${end.code ?? 'none'} ${end.said}`);
    const cancelled = cancelledText(own?.endpoint, end);
    if (cancelled !== undefined) {
      void vscode.window.showInformationMessage(escapeLinks(cancelled));
      return;
    }
    const error = own === undefined ? await untoldEnd(end) : failureOf(own.endpoint);
    if (error !== undefined) showError(error, log, { profile: profile ?? null });
    else if (own?.endpoint.state === 'inService') this.#announceService(own, tryIt);
  }

  #announceService(shown: ShownAtAws, tryIt: FollowerParts['tryIt']): void {
    const button = vscode.l10n.t('Try It');
    const { name, region = '' } = shown.endpoint;
    const text = vscode.l10n.t('{0} is in service in {1}; its answers are the model’s own.', name, region);
    void vscode.window.showInformationMessage(escapeLinks(text), button).then((chosen) => {
      if (chosen === button) tryIt(shown);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

/** What is said of a deployment that a person stopped; undefined of others. */
function cancelledText(own: SageMakerEndpoint | undefined, end: LaunchEnd | undefined): string | undefined {
  const untold = vscode.l10n.t('The deployment was cancelled: nothing was made.');
  if (own === undefined) return end?.code === CANCELLED_EXIT ? untold : undefined;
  return own.cancelled === true ? (own.failure?.message ?? untold) : undefined;
}

function failureOf({ failure }: SageMakerEndpoint): UserError | undefined {
  if (failure === undefined) return undefined;
  return new UserError(failure.message, failure.hint ?? '', { remedy: remedyOf(failure.remedy) });
}

/** Why a process ended that left nothing in the store. */
async function untoldEnd(end: LaunchEnd | undefined): Promise<UserError | undefined> {
  if (end === undefined || end.code === 0) return undefined;
  return toldFailure(
    end.said,
    () =>
      new UserError(
        vscode.l10n.t('The deployment could not be started: its process ended without saying why.'),
        vscode.l10n.t('The log has what it wrote.'),
      ),
  );
}

type Progress = vscode.Progress<{ message?: string; increment?: number }>;

/** One notification. */
class Following {
  readonly #followed: FollowedDeployment;
  readonly #parts: FollowerParts;
  #shown = 0;
  #cancelling = false;

  constructor(followed: FollowedDeployment, parts: FollowerParts) {
    this.#followed = followed;
    this.#parts = parts;
  }

  async untilEnd(
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
      if (!this.#show(progress) && ended === undefined) isOver();
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
  #show(progress: Progress): boolean {
    const { id, store } = this.#followed;
    const { list } = this.#parts;
    const activity = list.atAws.find((one) => one.store === store && one.endpoint.activity?.id === id)
      ?.endpoint.activity;
    const waits = list.questions.some((one) => one.store === store && one.question.id === id);
    if (activity === undefined && !waits) return false;
    const percent = 100 * (activity?.fraction ?? 0);
    const does =
      activity === undefined ? '' : [stepText(activity.step), activity.message].filter(Boolean).join(' · ');
    const message = this.#cancelling
      ? vscode.l10n.t('cancelling; what was made is taken away…')
      : waits
        ? vscode.l10n.t('waits for your answer')
        : does;
    progress.report({ message: escapeLinks(message), increment: Math.max(0, percent - this.#shown) });
    this.#shown = Math.max(this.#shown, percent);
    return true;
  }

  async #cancel(progress: Progress): Promise<void> {
    this.#cancelling = true;
    progress.report({ message: vscode.l10n.t('cancelling; what was made is taken away…') });
    try {
      await this.#followed.store.engine.request('endpoints/cancel', { id: this.#followed.id });
    } catch (error) {
      this.#cancelling = false;
      showError(error, this.#parts.log);
    }
  }
}
