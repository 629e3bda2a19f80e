/** What came of predictions, to a person or a program. */
import { formatCount, formatPercent, oneOrMany } from '../../../protocol/text/format.ts';
import type { PredictedEvent } from '../../../protocol/predict.ts';
import type { Predictions } from '../../predict/prediction.ts';
import { plainText } from '../../terminal/format.ts';
import { paint } from '../../terminal/terminal.ts';
import { sourceText } from '../asked-model.ts';

/** What a reader of the predictions must know, in sentences. */
export function predictionNotes({
  rows,
  unknownRows,
  unknownNames,
  missing,
  emptyQueries,
  byPopularity,
  unanswered,
}: Predictions): string[] {
  const names = unknownNames.map((name) => `‘${name}’`).join(', ');
  const notes: readonly (readonly [number, string, (figure: string) => string])[] = [
    [
      unknownRows,
      `1 row is of an item that the model's data never had (${names}) and was passed over.`,
      (figure) =>
        `${figure} rows (${formatPercent(unknownRows / rows)}) are of items that the model's data never had (such as ${names}) and were passed over.`,
    ],
    [
      missing.item,
      '1 row has no item and was left out.',
      (figure) => `${figure} rows have no item and were left out.`,
    ],
    [
      missing.sequence,
      '1 row belongs to no query and was left out.',
      (figure) => `${figure} rows belong to no query and were left out.`,
    ],
    [
      emptyQueries,
      '1 row holds no items and got no line.',
      (figure) => `${figure} rows hold no items and got no line.`,
    ],
    [
      byPopularity,
      '1 query got the most popular items: the model knows nothing of it.',
      (figure) => `${figure} queries got the most popular items: the model knows nothing of them.`,
    ],
    [
      unanswered,
      '1 query got no item, as there are no others to recommend.',
      (figure) => `${figure} queries got no item, as there are no others to recommend.`,
    ],
  ];
  return notes.flatMap(([count, one, many]) => (count === 0 ? [] : [oneOrMany(count, one, many)]));
}

export function predictedLines({ output, queries, rows, notes, ...of }: PredictedEvent): string[] {
  const what = `${formatCount(queries)} queries of ${formatCount(rows)} rows`;
  return [
    plainText(output),
    `${paint.bold(what)} ${paint.dim(`by ${of.model} ${plainText(sourceText(of))}`)}`,
    ...notes.map((note) => paint.yellow(`! ${plainText(note)}`)),
  ];
}
