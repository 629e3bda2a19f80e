/** Commands about one run. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RunView } from '../../protocol/run-view.ts';
import { UserError } from '../../protocol/user-error.ts';
import { captureCli } from '../processes/capture-cli.ts';
import { terminalShell } from '../processes/terminal-shell.ts';
import { hasReport, isFinished, isPrepared, isResumable, isRunning, isTrained } from '../runs/run-facts.ts';
import { runLabel } from '../runs/run-text.ts';
import type { Services } from '../services.ts';
import { escapeLinks } from '../text/escape.ts';
import { isNode, isStepReference, pickRun, runIdOf } from './pick-run.ts';

/** Goes on with a run by `recsys train|evaluate|resume <run>`. */
export async function continueRun(
  services: Services,
  verb: 'train' | 'evaluate' | 'resume',
  argument: unknown,
): Promise<void> {
  const suits: Record<typeof verb, (run: RunView) => boolean> = {
    train: isPrepared,
    evaluate: isTrained,
    resume: isResumable,
  };
  const run = await pickRun(services.model, argument, `RecSys: ${verb}`, suits[verb]);
  if (run !== undefined) await services.launcher.start([verb, run.id], run.id);
}

export async function cancelRun(services: Services, argument: unknown): Promise<void> {
  const run = await pickRun(services.model, argument, vscode.l10n.t('RecSys: Cancel Run'), isRunning);
  if (run === undefined) return;
  await services.engine.request('run/cancel', { run: run.id });
  await services.model.load();
}

export async function openCard(services: Services, argument: unknown): Promise<void> {
  const run = await pickRun(services.model, argument, vscode.l10n.t('RecSys: Open Result Card'));
  if (run !== undefined) await services.cards.open(run.id, runLabel(run));
}

export async function saveCard(services: Services, argument: unknown): Promise<void> {
  const run = await pickRun(services.model, argument, vscode.l10n.t('RecSys: Save Result Card'), hasReport);
  if (run === undefined) return;
  const { folder, settings, runtime } = services.site();
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(folder, `card-${run.id}.html`)),
    filters: { HTML: ['html'] },
  });
  if (target === undefined) return;
  await captureCli(
    runtime,
    ['card', run.id, '--output', target.fsPath, '--store', settings.storeFolder],
    folder,
  );
  void vscode.window.showInformationMessage(
    vscode.l10n.t('The result card is in {0}.', escapeLinks(target.fsPath)),
  );
}

export async function openLog(services: Services, argument: unknown): Promise<void> {
  const run = await pickRun(services.model, argument, vscode.l10n.t('RecSys: Open Log'));
  if (run !== undefined) await services.logs.open(run.id, stepOf(argument));
}

/** The step or branch of a tree row; a step with branches stands for all, so its run's whole log is meant. */
function stepOf(argument: unknown): string | undefined {
  if (isStepReference(argument)) return argument.step;
  if (!isNode(argument)) return undefined;
  if (argument.kind === 'branch' || argument.kind === 'artifact') return argument.view.path;
  return argument.kind === 'step' && argument.views.length === 1 ? argument.views[0]?.path : undefined;
}

export async function copyCommand(services: Services, argument: unknown): Promise<void> {
  const run = await pickRun(services.model, argument, vscode.l10n.t('RecSys: Copy as Command'));
  if (run === undefined) return;
  const { command } = await services.engine.request('run/command', { run: run.id, shell: terminalShell() });
  await vscode.env.clipboard.writeText(command);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: it works in the integrated terminal'), 4_000);
}

export async function revealFolder(services: Services, argument: unknown): Promise<void> {
  if (isNode(argument) && argument.kind === 'error' && argument.broken !== undefined)
    return reveal(argument.broken.folder);
  const run = await pickRun(services.model, argument, vscode.l10n.t('RecSys: Reveal Run Folder'));
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
export async function openArtifact(argument: unknown): Promise<void> {
  if (!isNode(argument) || argument.kind !== 'artifact') return;
  const file = path.join(argument.run.folder, argument.view.path, argument.artifact.file);
  const isText = TEXT.has(path.extname(file)) && argument.artifact.bytes <= TEXT_LIMIT_BYTES;
  if (isText) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file), { preview: true });
  else await reveal(file);
}

export async function deleteRun(services: Services, argument: unknown): Promise<void> {
  const id =
    isNode(argument) && argument.kind === 'error'
      ? runIdOf(argument)
      : (await pickRun(services.model, argument, vscode.l10n.t('RecSys: Delete Run'), isFinished))?.id;
  if (id === undefined) return;
  const run = services.model.run(id);
  await services.engine.request('run/delete', { run: id });
  await services.model.load();
  const undo = vscode.l10n.t('Undo');
  const text = vscode.l10n.t('Deleted {0}.', run === undefined ? id : runLabel(run));
  void vscode.window.showInformationMessage(escapeLinks(text), undo).then(async (chosen) => {
    if (chosen !== undo) return;
    await services.engine.request('run/restore', { run: id });
    await services.model.load();
  });
}
