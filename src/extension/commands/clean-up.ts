import * as vscode from 'vscode';
import type { RetentionRule } from '../../protocol/engine.ts';
import { formatBytes } from '../../protocol/text/format.ts';
import { idOf } from '../runs/run-reference.ts';
import { countOfRuns, runDescription, runTitle } from '../runs/run-text.ts';
import type { Services } from '../services.ts';
import { deletedText, moveToTrash, offerUndo } from './delete-runs.ts';

interface RuleItem extends vscode.QuickPickItem {
  readonly rule?: RetentionRule;
}

/**
 * *Clean Up Runs*: a retention rule, then the list of what it gives up with the bytes, then a confirmation. What is deleted
 * is what the list showed, whatever the rule would say by then, and it goes to the trash.
 */
export async function cleanUp(services: Services): Promise<void> {
  const rule = await pickRule();
  if (rule === undefined) return;
  const { references, bytes } = await expired(services, rule);
  if (references.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Nothing to clean up: running, starred, named and tagged runs are always kept.'),
    );
    return;
  }
  const runs = countOfRuns(references.length);
  const deleteThem = vscode.l10n.t('Delete {0}', runs);
  const detail = [
    ...references.map((reference) => describe(services, reference)),
    '',
    vscode.l10n.t('They stay in the trash of the store for an hour.'),
  ].join('\n');
  const question = vscode.l10n.t('Delete {0} ({1})?', runs, formatBytes(bytes));
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, deleteThem);
  if (chosen !== deleteThem) return;
  const deleted = await moveToTrash(services, references);
  if (deleted.length > 0) offerUndo(services, deleted, deletedText(deleted.length));
}

/** What the rule gives up, in each store by itself. */
async function expired(
  { stores }: Services,
  rule: RetentionRule,
): Promise<{ references: string[]; bytes: number }> {
  await stores.ready();
  const plans = await Promise.all(
    stores.all.map(async ({ engine, model }) => {
      const { runs, bytes } = await engine.request('store/cleanUp', { rule, dryRun: true });
      return { runs: runs.map((id) => model.run(id)?.folder ?? id), bytes };
    }),
  );
  return {
    references: plans.flatMap(({ runs }) => runs),
    bytes: plans.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function describe({ stores }: Services, reference: string): string {
  const run = stores.run(reference);
  return run === undefined
    ? idOf(reference)
    : `${runTitle(run)} · ${runDescription(run)} · ${formatBytes(run.bytes)}`;
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
