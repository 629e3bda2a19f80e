import * as os from 'node:os';
import { type Command, Option } from 'commander';
import * as z from 'zod/mini';
import type { PredictedEvent } from '../../../protocol/predict.ts';
import { EXIT } from '../../../protocol/user-error.ts';
import { defaultMemoryLimit, LEAST_RUN_MIB } from '../../flow/memory-budget.ts';
import { StepReporter } from '../../flow/step-reporter.ts';
import type { Predictions } from '../../predict/prediction.ts';
import { plainText } from '../../terminal/format.ts';
import { print, printJson } from '../../terminal/terminal.ts';
import { addModelOptionsOfRun, askedPackage, packageSource, type AskedPackage } from '../asked-model.ts';
import { jobView, type JobView } from '../output/job-view.ts';
import { predictedLines, predictionNotes } from '../output/predict-view.ts';
import { addQueryOptions, specChangesIn } from '../spec-options.ts';
import { stopSignal } from '../stop-signal.ts';
import { wholeNumber } from '../store-options.ts';

const PredictOptions = z.object({
  input: z.string(),
  output: z.string(),
  k: z.int(),
  keepSeen: z._default(z.boolean(), false),
  force: z._default(z.boolean(), false),
  threads: z.int(),
  memoryLimit: z.int(),
  json: z._default(z.boolean(), false),
});
type PredictOptions = z.infer<typeof PredictOptions>;

const HELP = `
Input: a row an item with what tells queries apart (--sequence), or a row a query with a list of items (--item). Columns are
those of the run's data unless they are told; files are read as by recsys run.
Output: .parquet and .ndjson have a row a query with lists of items and scores, .csv a row a recommended item.

Examples:
  recsys predict latest --input playlists.parquet --output next.parquet
  recsys predict latest --input 'carts/*.csv' --sequence cart --item sku --order time -k 20 --output next.csv
  recsys predict --package models/stack --input lists.ndjson --item tracks --output next.ndjson`;

/** `recsys predict <run>`: the next items of many queries. */
export function addPredictCommand(program: Command): void {
  const command = program
    .command('predict [run]')
    .description('The next items of all queries of a file, by the best model on validation.')
    .requiredOption('-i, --input <data>', 'queries: a file, a folder or a glob')
    .requiredOption('-o, --output <file>', 'file to write: .parquet, .csv or .ndjson')
    .addOption(new Option('-k <n>', 'how many items a query').argParser(wholeNumber(1)).default(10))
    .option('--keep-seen', 'items of a query may be recommended again')
    .option('--force', 'replace a file that is there')
    .addOption(
      new Option('--threads <n>', 'threads that rank, each with the model in its memory')
        .argParser(wholeNumber(1))
        .default(os.availableParallelism(), 'all cores'),
    )
    .addOption(
      new Option('--memory-limit <MiB>', `memory to use, at least ${LEAST_RUN_MIB}`)
        .argParser(wholeNumber(LEAST_RUN_MIB))
        .default(defaultMemoryLimit(), '60 % of the machine, or of its container'),
    )
    .option('--json', 'print events as JSON, a line each; the last tells what was written')
    .addHelpText('after', HELP);
  addQueryOptions(addModelOptionsOfRun(command, 'its best on validation')).action(
    async (reference: string | undefined, given: Record<string, unknown>) => {
      const options = PredictOptions.parse(given);
      const view = jobView('predict', options.json);
      const stop = stopSignal();
      try {
        const found = await askedPackage({ ...given, run: reference });
        const predicted = await predictAsked(found, given, options, { view, signal: stop.signal });
        view.close();
        tell(predicted, options.json);
      } catch (error) {
        view.close();
        if (!stop.signal.aborted) throw error;
        process.stderr.write('Cancelled: nothing was written.\n');
        process.exitCode = EXIT.cancelled;
      } finally {
        stop.dispose();
      }
    },
  );
}

async function predictAsked(
  found: AskedPackage,
  given: Readonly<Record<string, unknown>>,
  { json, ...options }: PredictOptions,
  { view, signal }: { readonly view: JobView; readonly signal: AbortSignal },
): Promise<PredictedEvent> {
  const { predictFile } = await import('../../predict/predict-file.ts');
  const reporter = new StepReporter((event) => view.event(event));
  const predictions = await predictFile(
    {
      ...{ ...options, packageFolder: found.folder, changes: specChangesIn(given) },
      trainedOn: found.run?.manifest().spec,
    },
    { reporter, signal },
  );
  view.close();
  if (!json) predictions.reasons.forEach((reason) => process.stderr.write(`${plainText(reason)}\n`));
  return predictedEvent(found, options.input, predictions);
}

function predictedEvent(found: AskedPackage, input: string, predictions: Predictions): PredictedEvent {
  const { file, model, queries, rows, unknownRows } = predictions;
  const { byModel, byPopularity, unanswered, filledUp } = predictions;
  return {
    ...{ type: 'predicted', t: Date.now(), ...packageSource(found), model: model.name, kind: model.kind },
    ...{ input, output: file, queries, rows, unknownRows },
    ...{ byModel, byPopularity, unanswered, filledUp },
    notes: predictionNotes(predictions),
  };
}

function tell(predicted: PredictedEvent, json: boolean): void {
  if (json) printJson(predicted);
  else predictedLines(predicted).forEach((line) => print(line));
}
