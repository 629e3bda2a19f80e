/** Shows how an export goes, and what came of it, to a person or a program. */
import type { ExportedEvent, ExportedModelEvent } from '../../../protocol/export.ts';
import { formatBytes, formatCount } from '../../../protocol/text/format.ts';
import { graphText, graphWarnings } from '../../../protocol/text/graph-words.ts';
import type { GraphFigures } from '../../../protocol/graph-figures.ts';
import { plainText } from '../../terminal/format.ts';
import { paint, paintError, print, printJson } from '../../terminal/terminal.ts';
import { sourceText } from '../asked-model.ts';
import { jobView, type JobView } from './job-view.ts';

export interface ExportView extends JobView {
  /** Of a whole model, before anything is written. */
  graph(figures: GraphFigures): void;
  done(exported: ExportedEvent | ExportedModelEvent): void;
}

export function exportView(json: boolean): ExportView {
  const view = jobView('export', json);
  const graph = (figures: GraphFigures): void => {
    const message = `the graph: ${graphText(figures)}`;
    if (json) view.event({ type: 'log', level: 'info', message });
    else process.stderr.write(`${paintError.dim(message)}\n`);
    for (const warning of graphWarnings(figures))
      view.event({ type: 'log', level: 'warning', message: warning });
  };
  if (json) return { ...view, graph, done: printJson };
  return {
    ...{ ...view, graph },
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
