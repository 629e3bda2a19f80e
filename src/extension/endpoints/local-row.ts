/** The row of a server on this machine. */
import * as vscode from 'vscode';
import type { LocalEndpoint } from '../../protocol/endpoint.ts';
import { escapeMarkdown, oneLine } from '../../protocol/text/escape.ts';

/** @param whose of what the model is */
export function localRow(endpoint: LocalEndpoint, whose: string): vscode.TreeItem {
  const item = new vscode.TreeItem(endpoint.url);
  item.contextValue = 'endpoint';
  item.iconPath = new vscode.ThemeIcon('broadcast');
  item.description = oneLine(
    [endpoint.answering.model, whose, figures(endpoint)].filter((part) => part !== '').join(' · '),
  );
  item.tooltip = tooltip(endpoint, whose);
  return item;
}

function tooltip(endpoint: LocalEndpoint, whose: string): vscode.MarkdownString {
  const { name, version, since, watches, protected: needsToken, answering } = endpoint;
  const lines = [
    vscode.l10n.t('Model {0} ({1})', answering.model, answering.kind),
    whose,
    vscode.l10n.t('Answers as {0}, version {1}, since {2}', name, version, new Date(since).toLocaleString()),
    ...(watches ? [vscode.l10n.t('Takes newer runs of its data by itself')] : []),
    ...(needsToken ? [vscode.l10n.t('Requests need a token')] : []),
  ];
  return new vscode.MarkdownString(lines.map(escapeMarkdown).join('  \n'));
}

function figures({ figures: counted }: LocalEndpoint): string {
  if (counted === undefined || counted.requests === 0) return '';
  if (counted.p95 === undefined) return vscode.l10n.t('{0} requests', counted.requests);
  return vscode.l10n.t('{0} requests, p95 {1} ms', counted.requests, counted.p95.toFixed(1));
}
