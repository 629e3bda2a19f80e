import * as vscode from 'vscode';
import type { RemovalReport } from '../../protocol/aws.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';

/** What went, what stays, and why. */
export function tellRemovals(reports: readonly RemovalReport[]): void {
  const removed = reports.flatMap((report) => report.removed);
  const remaining = reports.flatMap((report) =>
    report.remaining.map(({ piece, why }) => `${piece} (${why})`),
  );
  const skipped = reports.flatMap(({ endpoint, skipped: why }) =>
    why === undefined ? [] : [`${endpoint}: ${why}`],
  );
  const left = reports.flatMap((report) => report.left);
  const sentences = [
    removed.length === 0
      ? vscode.l10n.t('There was nothing to take away.')
      : vscode.l10n.t('Taken away: {0}.', removed.join(', ')),
    ...(left.length === 0 ? [] : [vscode.l10n.t('Left, as others use it: {0}.', left.join(', '))]),
    ...(remaining.length === 0
      ? []
      : [vscode.l10n.t('Still there: {0}. Sweep again later.', remaining.join(', '))]),
    ...(skipped.length === 0 ? [] : [vscode.l10n.t('Not looked at: {0}', skipped.join(' '))]),
  ];
  const text = escapeLinks(sentences.join(' '));
  if (remaining.length + skipped.length === 0) void vscode.window.showInformationMessage(text);
  else void vscode.window.showWarningMessage(text);
}
