/** Commands about runs. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { UserError } from '../../protocol/user-error.ts';
import { captureCli } from '../processes/capture-cli.ts';
import { terminalShell } from '../processes/terminal-shell.ts';
import { dataFileOf, hasReport, isPrepared, isResumable, isRunning, isTrained } from '../runs/run-facts.ts';
import { runTitle } from '../runs/run-text.ts';
import { goneRun } from '../runs/stores.ts';
import type { Services } from '../services.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { isNode, isStepReference, pickRun, pickRuns, type Target } from './pick-run.ts';

/** Goes on with runs by `recsys train|evaluate|resume <run>`. */
export async function continueRuns(
  services: Services,
  verb: 'train' | 'evaluate' | 'resume',
  target: Target,
): Promise<void> {
  const questions: Record<typeof verb, { title: string; suits: (run: RunRow) => boolean }> = {
    train: { title: vscode.l10n.t('RecSys: Train on Prepared Data'), suits: isPrepared },
    evaluate: { title: vscode.l10n.t('RecSys: Evaluate'), suits: isTrained },
    resume: { title: vscode.l10n.t('RecSys: Resume Run'), suits: isResumable },
  };
  for (const run of await pickRuns(services.stores, target, questions[verb]))
    await goOn(services, [verb, run.id], run);
}

/** Starts a command that goes on with a run. */
export async function goOn({ stores, launcher }: Services, args: readonly string[], run: RunRow) {
  const store = stores.of(run.folder);
  if (store === undefined) throw goneRun(run.id);
  await launcher.start(store, args, { run: run.id, file: dataFileOf(run, store.site.folder) });
}

export async function cancelRuns({ stores }: Services, target: Target): Promise<void> {
  const title = vscode.l10n.t('RecSys: Cancel Run');
  for (const run of await pickRuns(stores, target, { title, suits: isRunning }))
    await stores.request('run/cancel', { run: run.folder });
  await stores.load();
}

export async function openCards({ stores, cards }: Services, target: Target): Promise<void> {
  const title = vscode.l10n.t('RecSys: Open Result Card');
  for (const run of await pickRuns(stores, target, { title })) await cards.open(run.folder, runTitle(run));
}

export async function saveCard({ stores }: Services, target: Target): Promise<void> {
  const run = await pickRun(stores, target, {
    title: vscode.l10n.t('RecSys: Save Result Card'),
    suits: hasReport,
  });
  if (run === undefined) return;
  const store = stores.of(run.folder);
  if (store === undefined) throw goneRun(run.id);
  const { folder, settings, runtime } = store.site;
  const chosen = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(folder, `card-${run.id}.html`)),
    filters: { HTML: ['html'] },
  });
  if (chosen === undefined) return;
  const args = ['card', run.id, '--output', chosen.fsPath, '--store', settings.storeFolder];
  await captureCli(runtime, args, folder);
  void vscode.window.showInformationMessage(
    vscode.l10n.t('The result card is in {0}.', escapeLinks(chosen.fsPath)),
  );
}

export async function openLog({ stores, logs }: Services, target: Target): Promise<void> {
  const run = await pickRun(stores, target, { title: vscode.l10n.t('RecSys: Open Log') });
  if (run !== undefined) await logs.open(run, stepOf(target.argument));
}

/** The step or branch of a tree row; a step with branches stands for all, so its run's whole log is meant. */
function stepOf(argument: unknown): string | undefined {
  if (isStepReference(argument)) return argument.step;
  if (!isNode(argument)) return undefined;
  if (argument.kind === 'branch' || argument.kind === 'artifact') return argument.view.path;
  return argument.kind === 'step' && argument.views.length === 1 ? argument.views[0]?.path : undefined;
}

/** Of several runs, a line each. */
export async function copyCommand({ stores }: Services, target: Target): Promise<void> {
  const runs = await pickRuns(stores, target, { title: vscode.l10n.t('RecSys: Copy as Command') });
  if (runs.length === 0) return;
  const lines: string[] = [];
  for (const { folder } of runs)
    lines.push((await stores.request('run/command', { run: folder, shell: terminalShell() })).command);
  await vscode.env.clipboard.writeText(lines.join('\n'));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: it works in the integrated terminal'), 4_000);
}

export async function revealFolder({ stores }: Services, target: Target): Promise<void> {
  const { argument } = target;
  if (isNode(argument) && argument.kind === 'error' && argument.broken !== undefined)
    return reveal(argument.broken.folder);
  const run = await pickRun(stores, target, { title: vscode.l10n.t('RecSys: Reveal Run Folder') });
  if (run === undefined) return;
  const step = stepOf(argument);
  return reveal(step === undefined ? run.folder : path.join(run.folder, step));
}

/** In the explorer where the folder is part of the workspace, in the system's file manager elsewhere. */
async function reveal(folder: string): Promise<void> {
  const uri = vscode.Uri.file(folder);
  await fs.access(folder).catch(() => {
    throw new UserError(
      vscode.l10n.t('{0} is not there yet.', folder),
      vscode.l10n.t('It appears when the step begins.'),
    );
  });
  const inside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  await vscode.commands.executeCommand(inside ? 'revealInExplorer' : 'revealFileInOS', uri);
}

const TEXT_LIMIT_BYTES = 5_000_000;
const TEXT = new Set(['.json', '.txt', '.csv', '.ndjson', '.log', '.md']);

/** Opens text artifacts in an editor; others are shown in their folder. */
export async function openArtifact({ argument }: Target): Promise<void> {
  if (!isNode(argument) || argument.kind !== 'artifact') return;
  const file = path.join(argument.run.folder, argument.view.path, argument.artifact.file);
  const isText = TEXT.has(path.extname(file)) && argument.artifact.bytes <= TEXT_LIMIT_BYTES;
  if (isText) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file), { preview: true });
  else await reveal(file);
}
