import * as vscode from 'vscode';
import type { Endpoint, SageMakerEndpoint } from '../../protocol/endpoint.ts';
import { invokeWords } from '../../protocol/text/aws-words.ts';
import { curlWords, frontCurlWords } from '../../protocol/text/curl.ts';
import { shellLine } from '../../protocol/text/shell-words.ts';
import { terminalShell } from '../processes/terminal-shell.ts';

/** Copies a request as a command of a terminal: curl, or that of AWS, which signs it. */
export async function copyRequest(endpoint: Endpoint, body: string): Promise<void> {
  const words =
    endpoint.where === 'local'
      ? curlWords(endpoint, body, endpoint.protected ? 'TOKEN' : undefined)
      : invokeWords({ ...endpoint, region: endpoint.region ?? '' }, body);
  await copyWords(words);
}

/** The same of the REST front of an endpoint at AWS, where it has one. */
export async function copyFrontRequest({
  front,
  region = '',
  frontAccess,
}: SageMakerEndpoint): Promise<void> {
  if (front !== undefined) await copyWords(frontCurlWords(front, region, frontAccess));
}

async function copyWords(words: readonly string[]): Promise<void> {
  const line = shellLine(words, terminalShell()) ?? words.join(' ');
  await vscode.env.clipboard.writeText(line);
  vscode.window.setStatusBarMessage(vscode.l10n.t('RecSys: copied'), 3000);
}
