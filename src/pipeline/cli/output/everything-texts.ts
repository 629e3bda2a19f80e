/** What the terminal prints of models that were trained on all rows. */
import * as path from 'node:path';
import { oneOrMany } from '../../../protocol/text/format.ts';
import { ModelFile, MODEL_FILE } from '../../model/model-file.ts';
import { estimateText, plainText } from '../../terminal/format.ts';
import { paint, table } from '../../terminal/terminal.ts';
import { readJson } from '../../store/read-json.ts';
import type { RunFolder } from '../../store/run-folder.ts';

type Everything = NonNullable<ModelFile['everything']>;

/** Of all figures those that most people look at. */
const SHOWN = ['hitRate@10', 'hitRate@100', 'ndcg@10', 'mrr@10'];

/** @param asked paths of the tasks that trained them */
export function everythingTexts(asked: readonly string[]): (run: RunFolder) => readonly string[] {
  return (run) => asked.flatMap((task) => textOf(run.stepFolder(task)));
}

function textOf(folder: string): string[] {
  const file = readJson(path.join(folder, MODEL_FILE), ModelFile);
  if (file?.everything === undefined) return [];
  const { name, everything } = file;
  const rows = oneOrMany(everything.rows, '1 row', (count) => `${count} rows`);
  const sequences = oneOrMany(everything.sequences, '1 sequence', (count) => `${count} sequences`);
  const head = `${name} is trained on all ${rows} of ${sequences}, those of ${everything.parts.join(', ')}.`;
  return [
    [paint.bold(head), ...everything.leftOut.map((text) => paint.yellow(`! ${plainText(text)}`))].join('\n'),
    expectedText(everything),
    paint.dim(`${folder}\nrecsys recommend <item> --everything · recsys recommend <item> --package <folder>`),
  ];
}

function expectedText({ expected }: Everything): string {
  if (expected === undefined) return 'It was never measured, and the run has no figures of it.';
  const shown = SHOWN.flatMap((metric) => {
    const figure = expected.test[metric];
    return figure === undefined ? [] : [[metric, estimateText(figure)]];
  });
  return [
    'What to expect of it. It was not measured itself, as nothing is held out from it.',
    table(['metric', 'on test'], shown, [1]),
    paint.dim(plainText(expected.protocol.join(' '))),
  ].join('\n');
}
