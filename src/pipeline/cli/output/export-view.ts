/** Shows how an export goes, and what came of it, to a person or a program. */
import type { ExportedEvent, ExportedModelEvent } from '../../../protocol/export.ts';
import { formatBytes, formatCount } from '../../../protocol/text/format.ts';
import { plainText } from '../../terminal/format.ts';
import { paint, print, printJson } from '../../terminal/terminal.ts';
import { sourceText } from '../asked-model.ts';
import { jobView, type JobView } from './job-view.ts';

export interface ExportView extends JobView {
  done(exported: ExportedEvent | ExportedModelEvent): void;
}

export function exportView(json: boolean): ExportView {
  const view = jobView('export', json);
  if (json) return { ...view, done: printJson };
  return {
    ...view,
    done: (exported) =>
      (exported.type === 'exported' ? exportedLines(exported) : modelLines(exported)).forEach(print),
  };
}

function exportedLines({ files, rows, dimension, vectors, names, notes, ...of }: ExportedEvent): string[] {
  const what = `${formatCount(rows)} vectors of ${dimension} numbers`;
  return [
    ...files.map(plainText),
    `${paint.bold(what)} ${paint.dim(`by ${of.model} ${plainText(sourceText(of))}`)}`,
    ...[vectors, names].map((line) => paint.dim(line)),
    ...notes.map((note) => paint.yellow(`! ${note}`)),
  ];
}

function modelLines({ format, files, bytes, items, maxK, ...of }: ExportedModelEvent): string[] {
  const what = `${format === 'onnx' ? 'An ONNX model' : 'A SavedModel'} of ${formatBytes(bytes)}`;
  return [
    ...files.map(plainText),
    `${paint.bold(what)} ${paint.dim(`by ${of.model} ${plainText(sourceText(of))}`)}`,
    paint.dim(`It knows ${formatCount(items)} items and lists up to ${formatCount(maxK)} of them.`),
  ];
}
