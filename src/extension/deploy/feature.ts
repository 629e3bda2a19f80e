/** Deployments, removals and predictions as this window sees them: what they ask, how far they are, and what they cost. */
import type * as vscode from 'vscode';
import type { EndpointList, ShownAtAws } from '../endpoints/endpoint-list.ts';
import type { Stores } from '../runs/stores.ts';
import { FollowedPredictions, type FollowedPrediction } from '../predict/followed-predictions.ts';
import { FollowedChanges, type FollowedChange } from './followed-changes.ts';
import { FollowedDeployments, type FollowedDeployment } from './followed-deployments.ts';
import { Follower } from './follower.ts';
import { PaidReminder } from './paid-reminder.ts';
import { QuestionDesk } from './question-desk.ts';
import { Remembered } from './remembered.ts';

export interface DeployParts {
  readonly list: EndpointList;
  readonly stores: Stores;
  readonly memento: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
  readonly tryIt: (shown: ShownAtAws) => unknown;
}

export class DeployFeature implements vscode.Disposable {
  readonly remembered: Remembered;
  readonly follower: Follower<FollowedDeployment>;
  readonly changes: Follower<FollowedChange>;
  readonly predictions: Follower<FollowedPrediction>;
  readonly #desk: QuestionDesk;
  readonly #reminder: PaidReminder;

  constructor({ list, stores, memento, log, tryIt }: DeployParts) {
    this.remembered = new Remembered(memento);
    const parts = { list, log };
    this.follower = new Follower(new FollowedDeployments({ ...parts, tryIt }), parts);
    this.changes = new Follower(new FollowedChanges({ ...parts, stores }), parts);
    this.predictions = new Follower(new FollowedPredictions(parts), parts);
    this.#desk = new QuestionDesk({ list, stores, remembered: this.remembered, log });
    this.#reminder = new PaidReminder(list, memento);
  }

  dispose(): void {
    for (const part of [this.follower, this.changes, this.predictions, this.#desk, this.#reminder])
      part.dispose();
  }
}
