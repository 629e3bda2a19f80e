import * as vscode from 'vscode';
import type { SageMakerEndpoint } from '../../protocol/endpoint.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { errorInWindow, type UserError } from '../../protocol/user-error.ts';
import type { EndpointList, ShownAtAws } from '../endpoints/endpoint-list.ts';
import type { LaunchEnd } from '../processes/launch-detached.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import { showError } from '../show-error.ts';
import { copyFrontRequest } from '../endpoints/copy-request.ts';
import { stepText } from './aws-text.ts';
import { CANCELLED_EXIT, Following, untoldEnd, type Doing } from './following.ts';

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
    const { store, id, name } = followed;
    const following = new Following(
      {
        ...{ store, id },
        title: vscode.l10n.t('RecSys: deploying {0}', escapeLinks(name)),
        cancelling: vscode.l10n.t('cancelling; what was made is taken away…'),
        doing: () => this.#doing(followed),
      },
      this.#parts,
    );
    void following.show(ended).then(
      (end) => this.#announce(followed, end),
      (error: unknown) => showError(error, this.#parts.log),
    );
  }

  #doing({ store, id }: FollowedDeployment): Doing | undefined {
    const { atAws } = this.#parts.list;
    const found = atAws.find((one) => one.store === store && one.endpoint.activity?.id === id);
    const activity = found?.endpoint.activity;
    if (activity === undefined) return undefined;
    const { step, message, fraction } = activity;
    return { message: [stepText(step), message].filter(Boolean).join(' · '), fraction };
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
    const untold = vscode.l10n.t(
      'The deployment could not be started: its process ended without saying why.',
    );
    if (cancelled !== undefined) {
      void vscode.window.showInformationMessage(escapeLinks(cancelled));
      return;
    }
    const error = own === undefined ? await untoldEnd(end, untold) : failureOf(own.endpoint);
    if (error !== undefined) showError(error, log, { profile: profile ?? null });
    else if (own?.endpoint.state === 'inService') this.#announceService(own, tryIt);
  }

  #announceService(shown: ShownAtAws, tryIt: FollowerParts['tryIt']): void {
    const [tryButton, curl] = [vscode.l10n.t('Try It'), vscode.l10n.t('Copy curl')];
    const { name, region = '', front } = shown.endpoint;
    const text = [
      vscode.l10n.t('{0} is in service in {1}; its answers are the model’s own.', name, region),
      ...(front === undefined ? [] : [vscode.l10n.t('Its REST front: {0}', front)]),
    ].join(' ');
    const buttons = front === undefined ? [tryButton] : [tryButton, curl];
    void vscode.window.showInformationMessage(escapeLinks(text), ...buttons).then((chosen) => {
      if (chosen === tryButton) tryIt(shown);
      if (chosen === curl) void copyFrontRequest(shown.endpoint);
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
  return failure === undefined ? undefined : errorInWindow(failure);
}
