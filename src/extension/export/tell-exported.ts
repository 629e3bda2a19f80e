/** What is said of files that were exported. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ExportedEvent, ExportedModelEvent } from '../../protocol/export.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { formatBytes } from '../../protocol/text/format.ts';

/** Returns at once. */
export function tellExported(exported: ExportedEvent | ExportedModelEvent): void {
  const sentences = exported.type === 'exported' ? vectorSentences(exported) : modelSentences(exported);
  const [file = ''] = exported.files;
  const reveal = vscode.l10n.t('Reveal');
  const words = sentences.map((part) => escapeLinks(part)).join(' ');
  void vscode.window.showInformationMessage(words, reveal).then((chosen) => {
    if (chosen === reveal) void vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(file));
  });
}

function vectorSentences({ files, rows, dimension, model, vectors, notes }: ExportedEvent): string[] {
  const text = vscode.l10n.t(
    '{0} vectors of {1} numbers of {2} are in {3}.',
    rows,
    dimension,
    model,
    namesOf(files),
  );
  return [text, vectors, ...notes];
}

function modelSentences({ files, format, bytes, items, maxK, model }: ExportedModelEvent): string[] {
  const size = formatBytes(bytes);
  return [
    format === 'onnx'
      ? vscode.l10n.t('{0} is an ONNX model of {1} in {2}.', model, size, namesOf(files))
      : vscode.l10n.t('{0} is a SavedModel of {1} in {2}.', model, size, namesOf(files)),
    vscode.l10n.t('It knows {0} items and lists up to {1} of them.', items, maxK),
  ];
}

function namesOf(files: readonly string[]): string {
  return files.map((file) => path.basename(file)).join(', ');
}
