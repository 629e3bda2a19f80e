import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { escapeIcons } from '../../protocol/text/escape.ts';
import { runDescription, runLabel } from '../runs/run-text.ts';
import type { Services } from '../services.ts';
import { answeringText } from './answering-text.ts';

/** *Choose Answering Model*: whose model tells what is near an item, in the hover and everywhere. */
export async function chooseAnswering({ answering, stores }: Services): Promise<void> {
  const now = await answering.require();
  const byRule = { label: vscode.l10n.t('$(sync) The starred run, else the latest'), run: undefined };
  const chosen = await vscode.window.showQuickPick([byRule, ...answering.candidates.map(runChoice)], {
    title: vscode.l10n.t('RecSys: Choose Answering Model'),
    placeHolder: vscode.l10n.t('Now: {0}', answeringText(now)),
    matchOnDescription: true,
  });
  if (chosen === undefined) return;
  if (chosen.run === undefined) return answering.choose(undefined);
  const { folder, bestEmbedding } = chosen.run;
  const { models } = await stores.request('explorer/models', { run: folder });
  const model = await chooseModel(
    models.map(({ name }) => name),
    bestEmbedding,
  );
  if (model !== undefined) await answering.choose({ run: folder, model });
}

function runChoice(run: RunRow) {
  const star = run.labels.starred ? '$(star-full) ' : '';
  return {
    label: `${star}${escapeIcons(runLabel(run))}`,
    description: escapeIcons(runDescription(run)),
    detail: run.id,
    run,
  };
}

/** The model that has vectors first. */
async function chooseModel(names: readonly string[], best: string | undefined): Promise<string | undefined> {
  const sorted = names.toSorted((a, b) => Number(b === best) - Number(a === best));
  if (sorted.length < 2) return best ?? sorted[0];
  const items = sorted.map((name) => ({
    label: escapeIcons(name),
    description: name === best ? vscode.l10n.t('the best of those with vectors') : '',
    name,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which of its models') });
  return chosen?.name;
}
