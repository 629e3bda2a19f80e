/** What an endpoint runs on: serverless, or an instance, and how long that stays. */
import * as vscode from 'vscode';

/** @returns options of `recsys deploy`; undefined where the person turned away */
export async function pickCapacity(title: string): Promise<readonly string[] | undefined> {
  const items = [
    {
      label: vscode.l10n.t('Serverless'),
      detail: vscode.l10n.t(
        'Paid by request: an idle endpoint costs nothing. Its memory follows the size of the model.',
      ),
      on: 'serverless',
    },
    {
      label: vscode.l10n.t('Instance…'),
      detail: vscode.l10n.t('Paid by the hour, asked or not. Its answers are never slowed by a cold start.'),
      on: 'instance',
    },
    {
      label: vscode.l10n.t('Scale to Zero…'),
      detail: vscode.l10n.t(
        'An instance that is paid by the hour while it is up, and goes while nobody asks. The first request after that fails until it is up again, some minutes later.',
      ),
      on: 'toZero',
    },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title, ignoreFocusOut: true, placeHolder: vscode.l10n.t('What is the endpoint to run on?') },
  });
  if (chosen === undefined) return undefined;
  if (chosen.on === 'serverless') return [];
  return chosen.on === 'toZero' ? pickToZero(title) : pickInstance(title);
}

async function pickInstance(title: string): Promise<readonly string[] | undefined> {
  const type = await typeInstance(title, 'ml.t2.medium');
  if (type === undefined) return undefined;
  const time = await pickTime(title);
  return time === undefined ? undefined : ['--instance-type', type, '--ttl', time];
}

/** It costs nothing while nobody asks, so that nobody is asked how long it is to stay. */
async function pickToZero(title: string): Promise<readonly string[] | undefined> {
  const type = await typeInstance(title, 'ml.m5.large');
  return type === undefined ? undefined : ['--instance-type', type, '--scale-to-zero'];
}

/** @param value what stands there first */
export async function typeInstance(
  title: string,
  value: string,
  token?: vscode.CancellationToken,
): Promise<string | undefined> {
  const type = await vscode.window.showInputBox(
    {
      ...{ title, value, ignoreFocusOut: true },
      prompt: vscode.l10n.t('Type of the instance'),
      validateInput: (text) =>
        /^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(text.trim())
          ? undefined
          : vscode.l10n.t('Such as ml.t2.medium or ml.m5.large'),
    },
    token,
  );
  return type?.trim();
}

interface TimeItem extends vscode.QuickPickItem {
  /** Absent: typed. */
  readonly time?: string;
}

/** How long an instance is to stay, as the command writes it. */
async function pickTime(title: string): Promise<string | undefined> {
  const items: TimeItem[] = [
    { label: vscode.l10n.t('8 hours'), time: '8h' },
    { label: vscode.l10n.t('1 hour'), time: '1h' },
    { label: vscode.l10n.t('2 days'), time: '2d' },
    { label: vscode.l10n.t('Until I take it away'), time: 'never' },
    { label: vscode.l10n.t('Another time…') },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title, ignoreFocusOut: true },
    placeHolder: vscode.l10n.t(
      'How long is it to stay? A clock at AWS takes it away then, where you may set one.',
    ),
  });
  if (chosen === undefined || chosen.time !== undefined) return chosen?.time;
  const typed = await vscode.window.showInputBox({
    ...{ title, ignoreFocusOut: true, placeHolder: '12h' },
    prompt: vscode.l10n.t('Minutes, hours or days: 30m, 12h, 5d'),
    validateInput: (text) =>
      /^[1-9]\d{0,4}[mhd]$/.test(text.trim()) ? undefined : vscode.l10n.t('Such as 30m, 12h or 5d'),
  });
  return typed?.trim();
}
