import * as vscode from 'vscode';
import type { EndpointChange } from '../../protocol/endpoint-change.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { errorInWindow } from '../../protocol/text/window-hint.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { ShownAtAws } from '../endpoints/endpoint-list.ts';
import { whoseModel } from '../endpoints/whose-model.ts';
import type { LaunchEnd } from '../processes/launch-detached.ts';
import { showWithButtons, type Button } from '../remedies.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import type { Stores } from '../runs/stores.ts';
import { showError } from '../show-error.ts';
import { modelText } from './aws-text.ts';
import type { Followed, FollowedKind } from './follower.ts';
import {
  CANCELLED_EXIT,
  untoldEnd,
  type Doing,
  type FollowedProcess,
  type FollowingParts,
} from './following.ts';
import { tellRemovals } from './tell-removals.ts';

/** A removal or a rollback as a notification follows it. */
export interface FollowedChange extends Followed {
  readonly what: EndpointChange['what'];
  /** Name of the endpoint, where it is about a single one. */
  readonly name: string | undefined;
  readonly profile: string | undefined;
}

export interface ChangeParts extends FollowingParts {
  readonly stores: Stores;
}

export class FollowedChanges implements FollowedKind<FollowedChange> {
  readonly #parts: ChangeParts;

  constructor(parts: ChangeParts) {
    this.#parts = parts;
  }

  underWay(): readonly FollowedChange[] {
    return this.#parts.list.changes
      .filter(({ change }) => change.state === 'running')
      .map(({ store, change }) => followedOf(store, change));
  }

  ended(store: FolderStore, id: string): FollowedChange | undefined {
    const known = this.#known(store, id);
    return known === undefined ? undefined : followedOf(store, known);
  }

  shown(change: FollowedChange): Omit<FollowedProcess, keyof Followed> {
    return {
      title: titleOf(change),
      cancelling:
        change.what === 'rollback'
          ? vscode.l10n.t('cancelling; what answers now is kept…')
          : vscode.l10n.t('stopping; what is gone stays gone…'),
      doing: () => this.#doing(change),
    };
  }

  #known(store: FolderStore, id: string): EndpointChange | undefined {
    return this.#parts.list.changes.find((one) => one.store === store && one.change.id === id)?.change;
  }

  #endpoint({ store, name }: FollowedChange): ShownAtAws | undefined {
    return this.#parts.list.atAws.find((one) => one.store === store && one.endpoint.name === name);
  }

  #doing(change: FollowedChange): Doing | undefined {
    const known = this.#known(change.store, change.id);
    if (known?.state !== 'running') return undefined;
    const { pieces: all = 0, status } = known;
    const left = this.#endpoint(change)?.endpoint.pieces.length ?? 0;
    const gone = Math.max(0, all - left);
    const parts = [
      ...(gone === 0 ? [] : [vscode.l10n.t('{0} of {1} pieces are gone', gone, all)]),
      ...(status === undefined ? [] : [vscode.l10n.t('AWS says: {0}', status)]),
    ];
    return { message: parts.join(' · '), fraction: all === 0 ? 0 : gone / all };
  }

  async announce(change: FollowedChange, end: LaunchEnd | undefined): Promise<void> {
    const { log } = this.#parts;
    const known = this.#known(change.store, change.id);
    if (isCancelled(known, end)) tell(vscode.l10n.t('Cancelled: {0}.', doneText(change)));
    else if (known?.state === 'succeeded') this.#tellDone(change, known);
    else if (known?.state === 'lost') this.#tellLost(change);
    else {
      const untold = vscode.l10n.t('The process ended without saying why: {0}.', doneText(change));
      const error =
        known?.failure === undefined ? await untoldEnd(end, untold) : errorInWindow(known.failure);
      if (error !== undefined) showError(error, log, { profile: change.profile ?? null });
    }
  }

  #tellDone(change: FollowedChange, { removals }: EndpointChange): void {
    if (removals === undefined) tell(this.#rolledBack(change));
    else tellRemovals(removals, this.#again(change));
  }

  #rolledBack(change: FollowedChange): string {
    const answering = this.#endpoint(change)?.endpoint.answering;
    const model =
      answering === undefined
        ? vscode.l10n.t('an earlier model')
        : modelText(answering, whoseModel(this.#parts.stores, answering));
    return vscode.l10n.t('{0} answers by {1} again.', change.name ?? '', model);
  }

  #tellLost(change: FollowedChange): void {
    const isGone =
      change.what === 'delete'
        ? this.#endpoint(change) === undefined
        : change.what === 'deleteFront' && this.#endpoint(change)?.endpoint.front === undefined;
    if (isGone) {
      tell(vscode.l10n.t('Done: {0}.', doneText(change)));
      return;
    }
    const { message, hint } = lost(change);
    showWithButtons(escapeLinks(`${message} ${hint}`), [this.#again(change)]);
  }

  /** What does the same once more, or the rest of it. */
  #again(change: FollowedChange): Button {
    const [id, title] = commandOf(change);
    const press = (): unknown => {
      const shown = this.#endpoint(change);
      return vscode.commands.executeCommand(id, ...(shown === undefined ? [] : [shown]));
    };
    return { title, press };
  }
}

function followedOf(store: FolderStore, { id, what, endpoint, profile }: EndpointChange): FollowedChange {
  return { store, id, what, name: endpoint, profile };
}

function isCancelled(known: EndpointChange | undefined, end: LaunchEnd | undefined): boolean {
  return known === undefined ? end?.code === CANCELLED_EXIT : known.state === 'cancelled';
}

function tell(text: string): void {
  void vscode.window.showInformationMessage(escapeLinks(text));
}

/** What is done, as a clause. */
function doneText({ what, name = '' }: FollowedChange): string {
  switch (what) {
    case 'delete':
      return vscode.l10n.t('taking {0} away', name);
    case 'deleteFront':
      return vscode.l10n.t('taking the REST front of {0} away', name);
    case 'rollback':
      return vscode.l10n.t('rolling {0} back', name);
    case 'sweep':
      return vscode.l10n.t('sweeping what was left');
    case 'things':
      return vscode.l10n.t('deleting at AWS');
  }
}

function titleOf(change: FollowedChange): string {
  return vscode.l10n.t('RecSys: {0}', escapeLinks(doneText(change)));
}

function commandOf({ what }: FollowedChange): readonly [id: string, title: string] {
  switch (what) {
    case 'delete':
      return ['recsys.deleteEndpoint', vscode.l10n.t('Delete…')];
    case 'deleteFront':
      return ['recsys.deleteFront', vscode.l10n.t('Delete…')];
    case 'rollback':
      return ['recsys.rollBackEndpoint', vscode.l10n.t('Roll Back…')];
    case 'sweep':
      return ['recsys.sweepEndpoints', vscode.l10n.t('Sweep')];
    case 'things':
      return ['recsys.findCosts', vscode.l10n.t('Find What Costs Money')];
  }
}

function lost(change: FollowedChange): UserError {
  return new UserError(
    vscode.l10n.t('The process was lost that was {0}.', doneText(change)),
    change.what === 'rollback'
      ? vscode.l10n.t('Roll it back again, or sweep, which lets the model answer again that did before.')
      : vscode.l10n.t('Not all of it may be gone: do it again.'),
  );
}
