import * as vscode from 'vscode';
import { isUserError, messageOf, type UserError } from '../protocol/user-error.ts';
import { remedyButton, showWithButtons, type Subject } from './remedies.ts';
import { escapeLinks } from '../protocol/text/escape.ts';

/** Shows anything thrown: what happened, what to do next, the button that mends it, and a way to the log. Returns at once. */
export function showError(error: unknown, log: vscode.LogOutputChannel, subject: Subject = {}): void {
  const { hint = '', remedy }: Partial<UserError> = isUserError(error) ? error : {};
  const text = escapeLinks([messageOf(error), hint].filter((part) => part !== '').join(' '));
  const showLog = { title: vscode.l10n.t('Show Log'), press: () => log.show() };
  showWithButtons(text, [remedyButton(remedy, subject), showLog]);
}
