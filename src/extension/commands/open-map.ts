import * as vscode from 'vscode';
import { hasVectors } from '../runs/run-facts.ts';
import { runTitle } from '../runs/run-text.ts';
import type { Services } from '../services.ts';
import { pickRun, type Target } from './pick-run.ts';

/** *Open Map*: of the best model with vectors of a run. */
export async function openMap({ stores, maps }: Services, target: Target): Promise<void> {
  const run = await pickRun(stores, target, { title: vscode.l10n.t('RecSys: Open Map'), suits: hasVectors });
  if (run !== undefined) await maps.open({ run: run.folder }, runTitle(run));
}
