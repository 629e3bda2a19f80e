import * as vscode from 'vscode';
import { shellKind, type Shell } from '../../protocol/text/shell-words.ts';

/** The kind of shell that integrated terminals run by default. */
export function terminalShell(): Shell {
  return shellKind(vscode.env.shell, process.platform);
}
