/** What is said of predictions that were written. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { PredictedEvent } from '../../protocol/predict.ts';
import { textInWindow } from '../../protocol/text/window-hint.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';

/** Returns at once. @param warnings what was said on the way */
export function tellPredicted(predicted: PredictedEvent, warnings: readonly string[]): void {
  const { output, queries, model, notes } = predicted;
  const text = vscode.l10n.t(
    'The next items of {0} queries, by {1}, are in {2}.',
    queries.toLocaleString('en-US'),
    model,
    path.basename(output),
  );
  const [open, reveal] = [vscode.l10n.t('Open'), vscode.l10n.t('Reveal')];
  // An editor shows no parquet.
  const buttons = path.extname(output).toLowerCase() === '.parquet' ? [reveal] : [open, reveal];
  const words = [text, ...[...notes, ...warnings].map(textInWindow)]
    .map((part) => escapeLinks(part))
    .join(' ');
  void vscode.window.showInformationMessage(words, ...buttons).then((chosen) => {
    const file = vscode.Uri.file(output);
    if (chosen === open) void vscode.commands.executeCommand('vscode.open', file);
    if (chosen === reveal) void vscode.commands.executeCommand('revealFileInOS', file);
  });
}
