/** *Sign In*: what renews the sign-in of a profile, in a terminal where a person sees what is asked. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { signInWords } from '../../protocol/text/aws-words.ts';
import { shellLine } from '../../protocol/text/shell-words.ts';
import { terminalShell } from '../processes/terminal-shell.ts';

export async function signIn(profile: string | undefined): Promise<void> {
  const words = signInWords(profile);
  const line = shellLine(words, terminalShell()) ?? words.join(' ');
  if (!(await hasAws(process.env))) {
    const text = vscode.l10n.t(
      'Signing in needs the AWS command line, which was not found. Install it, then run: {0}',
      line,
    );
    void vscode.window.showWarningMessage(escapeLinks(text));
    return;
  }
  const terminal = vscode.window.createTerminal({ name: vscode.l10n.t('AWS sign-in') });
  terminal.show();
  terminal.sendText(line);
}

/** Whether the AWS command line is on the path. */
export async function hasAws({ PATH = '', PATHEXT = '' }: NodeJS.ProcessEnv): Promise<boolean> {
  const endings = process.platform === 'win32' ? PATHEXT.split(';') : [''];
  const files = PATH.split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => endings.map((ending) => path.join(folder, `aws${ending}`)));
  for (const file of files) {
    const isThere = await fs.access(file, fs.constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}
