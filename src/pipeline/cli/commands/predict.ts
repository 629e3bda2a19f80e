import * as os from 'node:os';
import * as path from 'node:path';
import { type Command, Option } from 'commander';
import * as z from 'zod/mini';
import type { PredictedEvent } from '../../../protocol/predict.ts';
import type { Prediction } from '../../../protocol/prediction.ts';
import type { StepEvent } from '../../../protocol/events.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import type { AskByFile } from '../../deploy/asking/ask-by-file.ts';
import { defaultMemoryLimit, LEAST_RUN_MIB } from '../../flow/memory-budget.ts';
import { StepReporter } from '../../flow/step-reporter.ts';
import { ofQueries } from '../../predict/of-queries.ts';
import { changedBy, PREDICTIONS } from '../../predict/prediction-record.ts';
import type { Predictions } from '../../predict/prediction.ts';
import type { Begun, OwnRecord } from '../../store/own-record.ts';
import { plainText } from '../../terminal/format.ts';
import { print, printJson } from '../../terminal/terminal.ts';
import { addModelOptionsOfRun, askedPackage, packageSource, type AskedPackage } from '../asked-model.ts';
import { askByFileOption, processIdOption, profileOf } from '../aws-options.ts';
import { jobView } from '../output/job-view.ts';
import { predictedLines, predictionNotes } from '../output/predict-view.ts';
import { addTransformOptions, agreedTransform, printedPolicy } from '../predict-at-aws.ts';
import { addQueryOptions, specChangesIn } from '../spec-options.ts';
import { stopSignal } from '../stop-signal.ts';
import { recordOf, watched } from '../watched.ts';
import { wholeNumber } from '../store-options.ts';

const PredictOptions = z.object({
  k: z.int(),
  keepSeen: z._default(z.boolean(), false),
  force: z._default(z.boolean(), false),
  threads: z.int(),
  memoryLimit: z.int(),
  json: z._default(z.boolean(), false),
  atAws: z._default(z.boolean(), false),
});
/** Not asked of who wants a policy printed alone. */
const Files = z.object({ input: z.optional(z.string()), output: z.optional(z.string()) });
interface Files {
  readonly input: string;
  readonly output: string;
}

const HELP = `
Input: a row an item with what tells queries apart (--sequence), or a row a query with a list of items (--item). Columns are
those of the run's data unless they are told; files are read as by recsys run.
Output: .parquet and .ndjson have a row a query with lists of items and scores, .csv a row a recommended item.
With --at-aws the queries are ranked by a batch transform job of Amazon SageMaker; account, region and price are shown before
anything is made, and all that is made is taken away again.

Examples:
  recsys predict latest --input playlists.parquet --output next.parquet
  recsys predict latest --input 'carts/*.csv' --sequence cart --item sku --order time -k 20 --output next.csv
  recsys predict latest --input playlists.parquet --output next.parquet --at-aws --profile shop --role SageMakerBatch
  recsys predict --package models/stack --input lists.ndjson --item tracks --output next.ndjson`;

/** `recsys predict <run>`: the next items of many queries. */
export function addPredictCommand(program: Command): void {
  const command = program
    .command('predict [run]')
    .description('The next items of all queries of a file, by the best model on validation.')
    .option('-i, --input <data>', 'queries: a file, a folder or a glob')
    .option('-o, --output <file>', 'file to write: .parquet, .csv or .ndjson')
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
    .addOption(processIdOption())
    .addOption(askByFileOption())
    .addHelpText('after', HELP);
  addQueryOptions(addTransformOptions(addModelOptionsOfRun(command, 'its best on validation'))).action(
    async (reference: string | undefined, given: Record<string, unknown>) => {
      if (await printedPolicy(given)) return;
      const stop = stopSignal();
      try {
        const files = filesIn(given);
        const { json } = PredictOptions.parse(given);
        const asked = { ...given, run: reference };
        const record = await recordOf(given, PREDICTIONS, (id) => begunPrediction(id, files, given));
        const about = `predicting ${path.basename(files.output)}`;
        const ended = (predicted: PredictedEvent): Partial<Prediction> => ({ predicted });
        const predicted = await watched({ given, about, stop, record, ended }, (asker) =>
          predictAsked(asked, files, stop, { asker, onEvent: (event) => glimpse(record, event) }),
        );
        tell(predicted, json);
      } catch (error) {
        if (!stop.signal.aborted) throw error;
        process.stderr.write('Cancelled: nothing was written.\n');
        process.exitCode = EXIT.cancelled;
      } finally {
        stop.dispose();
      }
    },
  );
}

/** @throws UserError where one is not named */
function filesIn(given: unknown): Files {
  const { input, output } = Files.parse(given);
  if (input !== undefined && output !== undefined) return { input, output };
  throw new UserError(
    input === undefined ? 'The queries are not named.' : 'The file to write is not named.',
    'Name both: --input playlists.parquet --output next.parquet',
    { exitCode: EXIT.usage },
  );
}

function begunPrediction(id: string, { output }: Files, given: unknown): Begun<Prediction> {
  const { atAws } = PredictOptions.parse(given);
  const profile = atAws ? profileOf(given) : undefined;
  return {
    ...{ id, output: path.resolve(output), where: atAws ? 'aws' : 'here', warnings: [] },
    ...(profile === undefined ? {} : { profile }),
  };
}

function glimpse(record: OwnRecord<Prediction> | undefined, event: StepEvent): void {
  const change = record === undefined ? undefined : changedBy(event, record.told);
  if (change !== undefined) record?.glimpse(change);
}

interface Watching {
  /** Absent: a person at a terminal is asked. */
  readonly asker: AskByFile | undefined;
  readonly onEvent: (event: StepEvent) => void;
}

async function predictAsked(
  given: Readonly<Record<string, unknown>>,
  files: Files,
  stop: ReturnType<typeof stopSignal>,
  { asker, onEvent }: Watching,
): Promise<PredictedEvent> {
  const { json, ...options } = PredictOptions.parse(given);
  const found = await askedPackage(given);
  const transform = await agreedTransform(found, given, { output: files.output, json, asker }, stop);
  const { predictFile } = await import('../../predict/predict-file.ts');
  const view = jobView('predict', json);
  const reporter = new StepReporter((event) => {
    view.event(event);
    onEvent(event);
  });
  try {
    const predictions = await predictFile(
      {
        ...{ ...options, ...files, packageFolder: found.folder, changes: specChangesIn(given) },
        trainedOn: found.run?.manifest().spec,
      },
      { reporter, signal: stop.signal, rank: transform?.rank(reporter) },
    ).catch((error: unknown) => {
      throw found.run === undefined ? error : ofQueries(error);
    });
    view.close();
    if (!json) predictions.reasons.forEach((reason) => process.stderr.write(`${plainText(reason)}\n`));
    return predictedEvent(found, files.input, predictions);
  } finally {
    view.close();
    transform?.dispose();
  }
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
