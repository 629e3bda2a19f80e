import * as vscode from 'vscode';
import type { SageMakerEndpoint } from '../../protocol/endpoint.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { errorInWindow } from '../../protocol/text/window-hint.ts';
import type { UserError } from '../../protocol/user-error.ts';
import type { ShownAtAws } from '../endpoints/endpoint-list.ts';
import type { LaunchEnd } from '../processes/launch-detached.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import { showError } from '../show-error.ts';
import { copyFrontRequest } from '../endpoints/copy-request.ts';
import { stepText } from './aws-text.ts';
import type { Followed, FollowedKind } from './follower.ts';
import {
  CANCELLED_EXIT,
  untoldEnd,
  type Doing,
  type FollowedProcess,
  type FollowingParts,
} from './following.ts';

/** A deployment as a notification follows it. */
export interface FollowedDeployment extends Followed {
  /** Of the endpoint. */
  readonly name: string;
  readonly profile: string | undefined;
}

export interface DeploymentParts extends FollowingParts {
  readonly tryIt: (shown: ShownAtAws) => unknown;
}

export class FollowedDeployments implements FollowedKind<FollowedDeployment> {
  readonly #parts: DeploymentParts;

  constructor(parts: DeploymentParts) {
    this.#parts = parts;
  }

  underWay(): readonly FollowedDeployment[] {
    return this.#parts.list.atAws.flatMap(({ store, endpoint: { activity, name, profile } }) =>
      activity === undefined ? [] : [{ store, id: activity.id, name, profile }],
    );
  }

  ended(store: FolderStore, id: string): FollowedDeployment | undefined {
    const found = this.#parts.list.atAws.find((one) => one.store === store && one.endpoint.deployment === id);
    // What was to be taken away since then is not told to be in service.
    if (found === undefined || found.endpoint.removal !== undefined) return undefined;
    const { name, profile } = found.endpoint;
    return { store, id, name, profile };
  }

  shown({ store, id, name }: FollowedDeployment): Omit<FollowedProcess, keyof Followed> {
    return {
      title: vscode.l10n.t('RecSys: deploying {0}', escapeLinks(name)),
      cancelling: vscode.l10n.t('cancelling; what was made is taken away…'),
      doing: () => this.#doing(store, id),
    };
  }

  #doing(store: FolderStore, id: string): Doing | undefined {
    const { atAws } = this.#parts.list;
    const found = atAws.find((one) => one.store === store && one.endpoint.activity?.id === id);
    const activity = found?.endpoint.activity;
    if (activity === undefined) return undefined;
    const { step, message, fraction } = activity;
    return { message: [stepText(step), message].filter(Boolean).join(' · '), fraction };
  }

  async announce(
    { name, id, store, profile }: FollowedDeployment,
    end: LaunchEnd | undefined,
  ): Promise<void> {
    const { list, log, tryIt } = this.#parts;
    const shown = list.atAws.find((one) => one.store === store && one.endpoint.name === name);
    const own = shown?.endpoint.deployment === id ? shown : undefined;
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

  #announceService(shown: ShownAtAws, tryIt: DeploymentParts['tryIt']): void {
    const [tryButton, curl] = [vscode.l10n.t('Try It'), vscode.l10n.t('Copy curl')];
    const { name, region = '', front, expires, clock } = shown.endpoint;
    const text = [
      vscode.l10n.t('{0} is in service in {1}; its answers are the model’s own.', name, region),
      ...(front === undefined ? [] : [vscode.l10n.t('Its REST front: {0}', front)]),
      ...(expires === undefined || clock === true
        ? []
        : [vscode.l10n.t('No clock at AWS takes it away at its time: delete it when you are done.')]),
    ].join(' ');
    const buttons = front === undefined ? [tryButton] : [tryButton, curl];
    void vscode.window.showInformationMessage(escapeLinks(text), ...buttons).then((chosen) => {
      if (chosen === tryButton) tryIt(shown);
      if (chosen === curl) void copyFrontRequest(shown.endpoint);
    });
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
