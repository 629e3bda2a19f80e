import * as vscode from 'vscode';
import type { RetentionRule } from '../../protocol/engine.ts';
import { runDescription, runLabel } from '../runs/run-text.ts';
import type { Services } from '../services.ts';
import { formatBytes } from '../../protocol/format.ts';

interface RuleItem extends vscode.QuickPickItem {
  readonly rule?: RetentionRule;
}

/** *Clean Up Runs*: a retention rule, then the list of what it would delete with the bytes, then a confirmation. */
export async function cleanUp(services: Services): Promise<void> {
  const rule = await pickRule();
  if (rule === undefined) return;
  const plan = await services.engine.request('store/cleanUp', { rule, dryRun: true });
  if (plan.runs.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Nothing to clean up: running, starred, named and tagged runs are always kept.'),
    );
    return;
  }
  const deleteThem = vscode.l10n.t('Delete {0} Runs', plan.runs.length);
  const detail = plan.runs.map((id) => describe(services, id)).join('\n');
  const question = vscode.l10n.t('Delete {0} runs and free {1}?', plan.runs.length, formatBytes(plan.bytes));
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, deleteThem);
  if (chosen !== deleteThem) return;
  const done = await services.engine.request('store/cleanUp', { rule, dryRun: false });
  await services.model.load();
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Deleted {0} runs, {1}.', done.runs.length, formatBytes(done.bytes)),
  );
}

function describe(services: Services, id: string): string {
  const run = services.model.run(id);
  return run === undefined ? id : `${runLabel(run)} · ${runDescription(run)} · ${formatBytes(run.bytes)}`;
}

async function pickRule(): Promise<RetentionRule | undefined> {
  const items: RuleItem[] = [
    {
      label: vscode.l10n.t('Keep the latest 10 runs and those of the last 30 days'),
      rule: { keepLatest: 10, keepDays: 30 },
    },
    { label: vscode.l10n.t('Keep the latest 10 runs'), rule: { keepLatest: 10, keepDays: 0 } },
    { label: vscode.l10n.t('Keep the latest 3 runs'), rule: { keepLatest: 3, keepDays: 0 } },
    { label: vscode.l10n.t('Keep another number…') },
  ];
  const title = vscode.l10n.t('RecSys: Clean Up Runs');
  const placeHolder = vscode.l10n.t(
    'What to keep; running, starred, named and tagged runs stay anyway. The list is shown before anything is deleted.',
  );
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder });
  if (chosen === undefined || chosen.rule !== undefined) return chosen?.rule;
  const number = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('How many of the latest runs to keep'),
    value: '5',
    validateInput: checkNumber,
  });
  return number === undefined ? undefined : { keepLatest: Number(number), keepDays: 0 };
}

function checkNumber(text: string): string | undefined {
  return /^\d{1,6}$/.test(text.trim()) ? undefined : vscode.l10n.t('A whole number, 0 or more');
}
