import * as vscode from 'vscode';
import type { RemovalReport } from '../../protocol/aws.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { showWithButtons, type Button } from '../remedies.ts';

/**
 * What went, what stays, and why. Returns at once.
 * @param again offered where something may still be there
 */
export function tellRemovals(reports: readonly RemovalReport[], again?: Button): void {
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
      : [vscode.l10n.t('Still there: {0}. Try again later.', remaining.join(', '))]),
    ...(skipped.length === 0 ? [] : [vscode.l10n.t('Not looked at: {0}', skipped.join(' '))]),
  ];
  const text = escapeLinks(sentences.join(' '));
  if (remaining.length + skipped.length === 0) void vscode.window.showInformationMessage(text);
  else showWithButtons(text, [again], 'warning');
}
