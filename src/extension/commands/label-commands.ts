/** Commands for what people add to a run: name, tags, note, star. */
import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import type { LabelChange } from '../../protocol/run.ts';
import { runLabel } from '../runs/run-text.ts';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';

/** Asks what is to be changed of a run's labels; undefined leaves them as they are. */
type Edit = (run: RunRow) => Promise<Partial<LabelChange> | undefined>;

async function editLabels(
  services: Services,
  argument: unknown,
  title: string,
  suits: (run: RunRow) => boolean,
  edit: Edit,
): Promise<void> {
  const run = await pickRun(services.model, argument, title, suits);
  const change = run === undefined ? undefined : await edit(run);
  if (run === undefined || change === undefined) return;
  await services.engine.request('run/label', {
    run: run.id,
    change: { addTags: [], removeTags: [], ...change },
  });
  await services.model.load();
}

const anyRun = (): boolean => true;

export function setStar(services: Services, argument: unknown, starred: boolean): Promise<void> {
  const title = starred ? vscode.l10n.t('RecSys: Star Run') : vscode.l10n.t('RecSys: Remove Star');
  return editLabels(
    services,
    argument,
    title,
    (run) => run.labels.starred !== starred,
    () => Promise.resolve({ starred }),
  );
}

export function renameRun(services: Services, argument: unknown): Promise<void> {
  return editLabels(services, argument, vscode.l10n.t('RecSys: Rename Run'), anyRun, async (run) => {
    const value = await vscode.window.showInputBox({
      title: vscode.l10n.t('Name of the run'),
      value: run.labels.name ?? '',
      placeHolder: runLabel(run),
    });
    return value === undefined ? undefined : { name: value.trim() };
  });
}

export function editNote(services: Services, argument: unknown): Promise<void> {
  return editLabels(services, argument, vscode.l10n.t('RecSys: Edit Note'), anyRun, async (run) => {
    const value = await vscode.window.showInputBox({
      title: vscode.l10n.t('Note on {0}', runLabel(run)),
      value: run.labels.note ?? '',
    });
    return value === undefined ? undefined : { note: value.trim() };
  });
}

export function editTags(services: Services, argument: unknown): Promise<void> {
  return editLabels(services, argument, vscode.l10n.t('RecSys: Edit Tags'), anyRun, async (run) => {
    const options = {
      title: vscode.l10n.t('Tags of {0}', runLabel(run)),
      value: run.labels.tags.join(', '),
      prompt: vscode.l10n.t('Separated by commas'),
    };
    const value = await vscode.window.showInputBox(options);
    if (value === undefined) return undefined;
    const tags = splitTags(value);
    return { addTags: tags, removeTags: run.labels.tags.filter((tag) => !tags.includes(tag)) };
  });
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
