/** In which format a model, or its vectors, is written. */
import * as vscode from 'vscode';
import {
  endingOf,
  EXPORT_FORMATS,
  MODEL_FORMATS,
  type ExportFormat,
  type ModelFormat,
} from '../../protocol/export-format.ts';
import { oneLine } from '../../protocol/text/escape.ts';

export type AnyFormat = ExportFormat | ModelFormat;

interface FormatItem extends vscode.QuickPickItem {
  /** Absent: a heading. */
  readonly format?: AnyFormat;
}

/** Whole models can be written of every kind, vectors of those that have some. @returns undefined where the person turned away */
export async function pickFormat(
  { name, hasVectors }: { readonly name: string; readonly hasVectors: boolean },
  title: string,
): Promise<AnyFormat | undefined> {
  const vectors = hasVectors ? [heading(vscode.l10n.t('its vectors')), ...EXPORT_FORMATS.map(itemOf)] : [];
  const items = [heading(vscode.l10n.t('the whole model')), ...MODEL_FORMATS.map(itemOf), ...vectors];
  const placeHolder =
    name === '' ? vscode.l10n.t('Format') : vscode.l10n.t('Format for {0}', oneLine(name, 80));
  return (await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDetail: true }))?.format;
}

function heading(label: string): FormatItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function itemOf(format: AnyFormat): FormatItem {
  const [label, detail] = formatTexts()[format];
  return { format, label, description: endingOf(format), detail };
}

function formatTexts(): Readonly<Record<AnyFormat, readonly [label: string, detail: string]>> {
  return {
    savedmodel: [
      vscode.l10n.t('SavedModel'),
      vscode.l10n.t('answers in TensorFlow Serving and SageMaker as the evaluation did'),
    ],
    onnx: [vscode.l10n.t('ONNX'), vscode.l10n.t('the same answers, in one file for ONNX Runtime')],
    word2vec: [vscode.l10n.t('word2vec, text'), vscode.l10n.t('for gensim and many others')],
    'word2vec-binary': [
      vscode.l10n.t('word2vec, binary'),
      vscode.l10n.t('the same, smaller and faster to read'),
    ],
    npy: [vscode.l10n.t('NumPy'), vscode.l10n.t('a matrix, and a file of names')],
    parquet: [vscode.l10n.t('Parquet'), vscode.l10n.t('one table of items and vectors')],
    tsv: [vscode.l10n.t('TSV pair'), vscode.l10n.t('for TensorFlow’s Embedding Projector')],
  };
}
