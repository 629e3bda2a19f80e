import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Prediction } from '../../protocol/prediction.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { formatPercent } from '../../protocol/text/format.ts';
import { errorInWindow, textInWindow } from '../../protocol/text/window-hint.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { Followed, FollowedKind } from '../deploy/follower.ts';
import {
  CANCELLED_EXIT,
  untoldEnd,
  type Doing,
  type FollowedProcess,
  type FollowingParts,
} from '../deploy/following.ts';
import type { LaunchEnd } from '../processes/launch-detached.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import { showError } from '../show-error.ts';
import { tellPredicted } from './tell-predicted.ts';

/** Predictions of a file as a notification follows them. */
export interface FollowedPrediction extends Followed {
  readonly output: string;
  /** Asks for other columns of the input, and predicts by them; absent where another window knows the rest. */
  readonly chooseColumns?: () => unknown;
}

export class FollowedPredictions implements FollowedKind<FollowedPrediction> {
  readonly #parts: FollowingParts;

  constructor(parts: FollowingParts) {
    this.#parts = parts;
  }

  underWay(): readonly FollowedPrediction[] {
    return this.#parts.list.predictions
      .filter(({ prediction }) => prediction.state === 'running')
      .map(({ store, prediction: { id, output } }) => ({ store, id, output }));
  }

  ended(store: FolderStore, id: string): FollowedPrediction | undefined {
    const known = this.#known(store, id);
    return known === undefined ? undefined : { store, id, output: known.output };
  }

  shown({ store, id, output }: FollowedPrediction): Omit<FollowedProcess, keyof Followed> {
    return {
      title: vscode.l10n.t('RecSys: predicting {0}', escapeLinks(path.basename(output))),
      cancelling: vscode.l10n.t('cancelling…'),
      doing: () => doingOf(this.#known(store, id)),
    };
  }

  #known(store: FolderStore, id: string): Prediction | undefined {
    return this.#parts.list.predictions.find((one) => one.store === store && one.prediction.id === id)
      ?.prediction;
  }

  async announce(
    { store, id, chooseColumns }: FollowedPrediction,
    end: LaunchEnd | undefined,
  ): Promise<void> {
    const { log } = this.#parts;
    const known = this.#known(store, id);
    if (known?.predicted !== undefined) {
      tellPredicted(known.predicted, known.warnings);
      return;
    }
    if (known?.state === 'cancelled' || end?.code === CANCELLED_EXIT) {
      tellCancelled(known?.warnings ?? []);
      return;
    }
    const error = await errorOf(known, end);
    if (error !== undefined) showError(error, log, { profile: known?.profile ?? null, chooseColumns });
  }
}

function doingOf(prediction: Prediction | undefined): Doing | undefined {
  if (prediction?.state !== 'running') return undefined;
  const { progress } = prediction;
  if (progress === undefined) return { message: vscode.l10n.t('starting'), fraction: 0 };
  const { stage, done, total, share = 0 } = progress;
  const ofStage = total > 0 ? [formatPercent(Math.min(1, done / total))] : [];
  return { message: [stage, ...ofStage].join(' · '), fraction: share };
}

function tellCancelled(warnings: readonly string[]): void {
  const text = vscode.l10n.t('The prediction was cancelled: no file was written.');
  void vscode.window.showInformationMessage(escapeLinks([text, ...warnings.map(textInWindow)].join(' ')));
}

async function errorOf(
  known: Prediction | undefined,
  end: LaunchEnd | undefined,
): Promise<UserError | undefined> {
  if (known?.failure !== undefined) return errorInWindow(known.failure);
  if (known?.state === 'lost') return lost(known);
  return untoldEnd(end, vscode.l10n.t('The prediction ended without saying why.'));
}

function lost({ output, where }: Prediction): UserError {
  return new UserError(
    vscode.l10n.t('The process that predicted {0} was lost.', path.basename(output)),
    where === 'aws'
      ? vscode.l10n.t(
          'Start it again; what it left at AWS is taken away then, or by “RecSys: Sweep What Was Left”.',
        )
      : vscode.l10n.t('Nothing was written. Start it again.'),
  );
}
