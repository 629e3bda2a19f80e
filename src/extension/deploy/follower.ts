import type * as vscode from 'vscode';
import type { LaunchEnd } from '../processes/launch-detached.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import { showError } from '../show-error.ts';
import { Following, type FollowedProcess, type FollowingParts } from './following.ts';

export interface Followed {
  readonly store: FolderStore;
  readonly id: string;
}

/** Processes of one kind that outlive windows: what the list knows of them, and what is said of them. */
export interface FollowedKind<F extends Followed> {
  underWay(): readonly F[];
  /** One that has ended; undefined where the list knows none. */
  ended(store: FolderStore, id: string): F | undefined;
  /** Of the notification. */
  shown(followed: F): Omit<FollowedProcess, keyof Followed>;
  /** @param end how the process ended, where this window started it */
  announce(followed: F, end: LaunchEnd | undefined): Promise<void>;
}

/**
 * A notification with *Cancel* for each process of a kind, and a word at its end: for those of this window, for those that
 * were under way when it was opened, and, without the notification, for those that had ended and no window has told of.
 */
export class Follower<F extends Followed> implements vscode.Disposable {
  readonly #kind: FollowedKind<F>;
  readonly #parts: FollowingParts;
  readonly #subscription: vscode.Disposable;
  readonly #followed = new Set<string>();
  /** Stores of which it was seen what had ended before this window was opened. */
  readonly #seen = new WeakSet<FolderStore>();

  constructor(kind: FollowedKind<F>, parts: FollowingParts) {
    this.#kind = kind;
    this.#parts = parts;
    this.#subscription = parts.list.onDidChange(() => this.#look());
  }

  #look(): void {
    for (const followed of this.#kind.underWay()) if (!this.#followed.has(followed.id)) this.follow(followed);
    for (const { store, ids } of this.#parts.list.untold) {
      if (this.#seen.has(store)) continue;
      this.#seen.add(store);
      for (const id of ids) this.#tellOfEnded(store, id);
    }
  }

  /** @param ended how the process ended; absent for one that another window started */
  follow(followed: F, ended?: Promise<LaunchEnd>): void {
    this.#followed.add(followed.id);
    this.#untilTold(followed, ended).catch((error: unknown) => showError(error, this.#parts.log));
  }

  async #untilTold(followed: F, ended: Promise<LaunchEnd> | undefined): Promise<void> {
    const { store, id } = followed;
    const end = await new Following({ store, id, ...this.#kind.shown(followed) }, this.#parts).show(ended);
    if (end !== undefined)
      this.#parts.log.info(`process ${id} ended with exit code ${end.code ?? 'none'} ${end.said}`);
    // Whoever follows it tells of it, be it the first or not.
    await this.#isFirst(followed);
    await this.#kind.announce(followed, end);
  }

  #tellOfEnded(store: FolderStore, id: string): void {
    const followed = this.#kind.ended(store, id);
    if (followed === undefined || this.#followed.has(id)) return;
    this.#followed.add(id);
    this.#isFirst(followed)
      .then((isFirst) => (isFirst ? this.#kind.announce(followed, undefined) : undefined))
      .catch((error: unknown) => showError(error, this.#parts.log));
  }

  /** A store that cannot be written keeps nobody from being told. */
  async #isFirst({ store, id }: F): Promise<boolean> {
    try {
      return (await store.engine.request('endpoints/tell', { id })).first;
    } catch (error) {
      this.#parts.log.warn(`It was not marked that ${id} was told of: ${String(error)}`);
      return true;
    }
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
