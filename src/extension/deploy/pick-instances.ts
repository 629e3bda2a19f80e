/** On which instances a batch transform is to run, and on how many. */
import * as vscode from 'vscode';
import { onInstances } from '../../protocol/answers.ts';
import type { PlannedTransform } from '../../protocol/question.ts';
import { escapeIcons } from '../../protocol/text/escape.ts';
import { priceText } from './aws-text.ts';
import { typeInstance } from './pick-capacity.ts';

interface InstanceItem extends vscode.QuickPickItem {
  /** Absent: typed. */
  readonly instance?: string;
}

/** @returns the answer that asks for a plan on these; undefined where none was chosen */
export async function pickInstances(
  plan: PlannedTransform,
  title: string,
  token: vscode.CancellationToken,
): Promise<string | undefined> {
  const options = {
    ...{ title, ignoreFocusOut: true, matchOnDescription: true },
    placeHolder: vscode.l10n.t('On which instances? The plan is shown again before anything is made'),
  };
  const chosen = await vscode.window.showQuickPick(itemsOf(plan), options, token);
  if (chosen === undefined) return undefined;
  const instance = chosen.instance ?? (await typeInstance(title, plan.instance, token));
  if (instance === undefined) return undefined;
  const count = await typeCount(plan, title, token);
  return count === undefined ? undefined : onInstances(instance, count);
}

function itemsOf({ choices = [], instance: planned }: PlannedTransform): InstanceItem[] {
  const listed = choices.map(({ instance, memory, price }) => ({
    label: escapeIcons(instance),
    description: [
      vscode.l10n.t('{0} GB', memory / 1024),
      priceText({ price }) ?? vscode.l10n.t('its price is unknown'),
      ...(instance === planned ? [vscode.l10n.t('planned')] : []),
    ].join(' · '),
    instance,
  }));
  return [...listed, { label: `$(edit) ${vscode.l10n.t('Type an instance…')}` }];
}

async function typeCount(
  { count }: PlannedTransform,
  title: string,
  token: vscode.CancellationToken,
): Promise<number | undefined> {
  const typed = await vscode.window.showInputBox(
    {
      ...{ title, value: String(count), ignoreFocusOut: true },
      prompt: vscode.l10n.t('How many of them? They share out files of 64 MB, so that few queries need one'),
      validateInput: (text) =>
        /^[1-9]\d{0,2}$/.test(text.trim()) ? undefined : vscode.l10n.t('A whole number from 1 to 999'),
    },
    token,
  );
  return typed === undefined ? undefined : Number(typed.trim());
}
