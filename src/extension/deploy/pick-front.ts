/** Whether an endpoint is to have a REST front, and who may ask it. */
import * as vscode from 'vscode';
import { newToken } from '../../protocol/front-token.ts';

export interface ChosenFront {
  /** Options of `recsys deploy`. */
  readonly words: readonly string[];
  /** To be shown once; kept by nobody. */
  readonly token?: string;
}

/** @returns undefined where the person turned away */
export async function pickFront(title: string): Promise<ChosenFront | undefined> {
  const items = [
    {
      label: vscode.l10n.t('No'),
      detail: vscode.l10n.t('The endpoint is asked through AWS alone; a front that it has stays as it is'),
      access: undefined,
    },
    {
      label: vscode.l10n.t('With AWS sign-in'),
      detail: vscode.l10n.t('GET /predict for callers who sign their requests and whom IAM allows'),
      access: 'iam',
    },
    {
      label: vscode.l10n.t('With a token'),
      detail: vscode.l10n.t('GET /predict for whoever has its token, which is shown once'),
      access: 'token',
    },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title, ignoreFocusOut: true, placeHolder: vscode.l10n.t('Also a REST front, paid by request?') },
  });
  if (chosen === undefined) return undefined;
  if (chosen.access === undefined) return { words: [] };
  if (chosen.access === 'iam') return { words: ['--rest'] };
  const { token, hash } = await newToken();
  return { words: ['--rest-token-hash', hash], token };
}

/**
 * Shows a token before anything is started: this window may be closed by the time the front answers, and nobody keeps it.
 * @returns whether it was copied; the person turned away otherwise
 */
export async function showToken(token: string, endpoint: string): Promise<boolean> {
  const copy = vscode.l10n.t('Copy and Go On');
  const question = vscode.l10n.t('The token of the REST front of {0}', endpoint);
  const detail = [
    token,
    vscode.l10n.t(
      'It is shown this once and kept nowhere; AWS is given its SHA-256. Callers send it as “Authorization: Bearer <token>”. A lost one is replaced by deploying with a token again.',
    ),
  ].join('\n\n');
  if ((await vscode.window.showInformationMessage(question, { modal: true, detail }, copy)) !== copy)
    return false;
  await vscode.env.clipboard.writeText(token);
  return true;
}
