/** Commands for what people add to a run: name, tags, note, star. What is sent is the change, never all labels of a view. */
import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import type { LabelChange } from '../../protocol/run.ts';
import { countOfRuns, runLabel } from '../runs/run-text.ts';
import type { Services } from '../services.ts';
import { pickRun, pickRuns, type Target } from './pick-run.ts';

async function change({ stores }: Services, runs: readonly RunRow[], labels: Partial<LabelChange>) {
  for (const { folder } of runs)
    await stores.request('run/label', { run: folder, change: { addTags: [], removeTags: [], ...labels } });
  await stores.load();
}

export async function setStar(services: Services, target: Target, starred: boolean): Promise<void> {
  const title = starred ? vscode.l10n.t('RecSys: Star Run') : vscode.l10n.t('RecSys: Remove Star');
  const suits = (run: RunRow): boolean => run.labels.starred !== starred;
  await change(services, await pickRuns(services.stores, target, { title, suits }), { starred });
}

export async function renameRun(services: Services, target: Target): Promise<void> {
  const run = await pickRun(services.stores, target, { title: vscode.l10n.t('RecSys: Rename Run') });
  if (run === undefined) return;
  const value = await vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the run'),
    value: run.labels.name ?? '',
    placeHolder: runLabel(run),
  });
  if (value !== undefined) await change(services, [run], { name: value.trim() });
}

export async function editNote(services: Services, target: Target): Promise<void> {
  const run = await pickRun(services.stores, target, { title: vscode.l10n.t('RecSys: Edit Note') });
  if (run === undefined) return;
  const value = await vscode.window.showInputBox({
    title: vscode.l10n.t('Note on {0}', runLabel(run)),
    value: run.labels.note ?? '',
  });
  if (value !== undefined) await change(services, [run], { note: value.trim() });
}

/** Of several runs, the tags that all of them have are shown. */
export async function editTags(services: Services, target: Target): Promise<void> {
  const runs = await pickRuns(services.stores, target, { title: vscode.l10n.t('RecSys: Edit Tags') });
  const [first] = runs;
  if (first === undefined) return;
  const before = first.labels.tags.filter((tag) => runs.every(({ labels }) => labels.tags.includes(tag)));
  const value = await vscode.window.showInputBox({
    title: vscode.l10n.t('Tags of {0}', runs.length === 1 ? runLabel(first) : countOfRuns(runs.length)),
    value: before.join(', '),
    prompt: vscode.l10n.t('Separated by commas'),
  });
  if (value !== undefined) await change(services, runs, tagChange(before, splitTags(value)));
}

/** Only what was typed or taken away: another window may have changed the other tags meanwhile. */
export function tagChange(before: readonly string[], after: readonly string[]) {
  return {
    addTags: after.filter((tag) => !before.includes(tag)),
    removeTags: before.filter((tag) => !after.includes(tag)),
  };
}

function splitTags(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((tag) => tag.trim().replace(/^#/, ''))
        .filter((tag) => tag !== ''),
    ),
  ];
}
