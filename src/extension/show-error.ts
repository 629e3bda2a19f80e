import * as vscode from 'vscode';
import { UserError, messageOf } from '../protocol/user-error.ts';
import { escapeLinks } from './text/escape.ts';

/** Shows anything thrown: what happened, what to do next, and a way to the log. Returns at once. */
export function showError(error: unknown, log: vscode.LogOutputChannel): void {
  const hint = error instanceof UserError && error.hint !== '' ? ` ${error.hint}` : '';
  const showOutput = vscode.l10n.t('Show Output');
  void vscode.window
    .showErrorMessage(escapeLinks(`${messageOf(error)}${hint}`), showOutput)
    .then((chosen) => {
      if (chosen === showOutput) log.show();
    });
}
