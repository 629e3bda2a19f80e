import * as vscode from 'vscode';
import type { LocalEndpoint } from '../../protocol/endpoint.ts';
import { curlWords } from '../../protocol/text/curl.ts';
import { shellLine } from '../../protocol/text/shell-words.ts';
import { terminalShell } from '../processes/terminal-shell.ts';

export async function copyCurl(endpoint: LocalEndpoint, body: string): Promise<void> {
  const words = curlWords(endpoint, body, endpoint.protected ? 'TOKEN' : undefined);
  const line = shellLine(words, terminalShell()) ?? words.join(' ');
  await vscode.env.clipboard.writeText(line);
  vscode.window.setStatusBarMessage(vscode.l10n.t('RecSys: copied'), 3000);
}
