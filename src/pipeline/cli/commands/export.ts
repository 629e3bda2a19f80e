import { Option, type Command } from 'commander';
import * as z from 'zod/mini';
import {
  EXPORT_FORMATS,
  isModelFormat,
  MODEL_FORMATS,
  type ExportFormat,
  type ModelFormat,
} from '../../../protocol/export-format.ts';
import type { GraphFigures } from '../../../protocol/graph-figures.ts';
import type { ExportedEvent, ExportedModelEvent } from '../../../protocol/export.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import type { exportModel } from '../../exporters/savedmodel/export-model.ts';
import { StepReporter } from '../../flow/step-reporter.ts';
import { addModelOptionsOfRun, askedPackage, openAskedVectors, packageSource } from '../asked-model.ts';
import { knownOfModel } from '../known-of-model.ts';
import { exportView, type ExportView } from '../output/export-view.ts';
import { stopSignal } from '../stop-signal.ts';

const FORMATS = [...EXPORT_FORMATS, ...MODEL_FORMATS] as const;
/** Longest list that a graph can be asked for. */
const LARGEST_K = 10_000;

const ExportOptions = z.object({
  format: z.enum(FORMATS),
  output: z.string(),
  force: z._default(z.boolean(), false),
  maxK: z.optional(z.coerce.number().check(z.int(), z.gte(10), z.lte(LARGEST_K))),
  json: z._default(z.boolean(), false),
});
type ExportOptions = z.infer<typeof ExportOptions>;

const HELP = `
Formats:
  word2vec         the text that gensim's KeyedVectors.load_word2vec_format reads
  word2vec-binary  the same with binary=True
  npy              a matrix for numpy.load, and <name>.names.txt, one a line
  parquet          item columns, name, training rows, group and vector (FLOAT[])
  tsv              two files for TensorFlow's projector: vectors, and <name>.metadata.tsv
  savedmodel       the whole model for TensorFlow: a folder for tf.saved_model.load, or <name>.tar.gz for
                   TensorFlow Serving and SageMaker. It answers as recsys neighbours and the evaluation do
  onnx             the same as one file for ONNX Runtime

Into a folder they are called vectors.<…>, names.txt and metadata.tsv; a model is saved_model.pb or model.onnx.

Examples:
  recsys export latest --format word2vec -o vectors.txt
  recsys export latest --format tsv -o projector/
  recsys export latest --everything --format parquet -o vectors.parquet
  recsys export --package models/prod2vec --format npy -o vectors.npy
  recsys export latest --format savedmodel -o model.tar.gz
  recsys export latest --format onnx -o model.onnx`;

/** `recsys export <run>`: the vectors of a model, or the model itself, for other tools. */
export function addExportCommand(program: Command): void {
  const command = program
    .command('export [run]')
    .description("Write a model's item vectors, or the whole model, in a format of other tools.")
    .addOption(new Option('--format <format>', 'what to write').choices(FORMATS).makeOptionMandatory())
    .requiredOption('-o, --output <place>', 'file to write, or a folder (ending with /, or there already)')
    .option('--force', 'replace files that are there')
    .option('--max-k <n>', 'savedmodel, onnx: length of the longest list that can be asked (default: 100)')
    .option('--json', 'print events as JSON, a line each; the last tells what was written')
    .addHelpText('after', HELP);
  addModelOptionsOfRun(command, 'its best with vectors; savedmodel, onnx: its best').action(
    async (reference: string | undefined, given: Record<string, unknown>) => {
      const options = ExportOptions.parse(given);
      const view = exportView(options.json);
      const stop = stopSignal();
      try {
        const asked = { ...given, run: reference };
        const exported = await exportAsked(asked, options, { view, ...stop });
        view.close();
        view.done(exported);
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

interface Exporting {
  readonly view: ExportView;
  readonly signal: AbortSignal;
}

function exportAsked(
  asked: unknown,
  { format, ...options }: ExportOptions,
  exporting: Exporting,
): Promise<ExportedEvent | ExportedModelEvent> {
  if (isModelFormat(format)) return exportAskedModel(asked, { ...options, format }, exporting);
  if (options.maxK !== undefined)
    throw new UserError(`--max-k means nothing to ${format}.`, 'Leave it out.', { exitCode: EXIT.usage });
  return exportAskedVectors(asked, { format, ...options }, exporting);
}

/** Loaded when it is asked for. */
async function modelExporter(format: ModelFormat): Promise<typeof exportModel> {
  return format === 'onnx'
    ? (await import('../../exporters/onnx/onnx-model.ts')).exportOnnx
    : (await import('../../exporters/savedmodel/export-model.ts')).exportModel;
}

/** What a run measured of a model is known where its report is; a package alone may not tell. */
async function exportAskedModel(
  asked: unknown,
  { format, output, force, maxK }: Omit<ExportOptions, 'format'> & { readonly format: ModelFormat },
  { view, signal }: Exporting,
): Promise<ExportedModelEvent> {
  const write = await modelExporter(format);
  const found = await askedPackage(asked);
  const reporter = new StepReporter((event) => view.event(event));
  const onProgress = (done: number, of: number): void =>
    reporter.progress(`writing ${format}`, done, of, 'bytes');
  let numbers = 0;
  const onGraph = (figures: GraphFigures): void => {
    numbers = figures.numbers;
    view.graph(figures);
  };
  const { files, bytes, manifest, sha256 } = await write(
    found.folder,
    { output, force, ...(await knownOfModel(found)), ...(maxK === undefined ? {} : { maxK }) },
    { signal, onProgress, onGraph },
  );
  return {
    ...{
      type: 'exported-model',
      t: Date.now(),
      ...packageSource(found),
      model: manifest.model,
      kind: manifest.kind,
    },
    ...{ format, sha256, files: [...files], bytes, numbers, items: manifest.items, maxK: manifest.maxK },
  };
}

async function exportAskedVectors(
  asked: unknown,
  { format, output, force }: Omit<ExportOptions, 'format'> & { readonly format: ExportFormat },
  { view, signal }: Exporting,
): Promise<ExportedEvent> {
  const { exportVectors } = await import('../../exporters/export-vectors.ts');
  const reporter = new StepReporter((event) => view.event(event));
  const opened = await openAskedVectors(asked);
  const { items, dimension } = opened.vectors;
  const onRows = (done: number): void => reporter.progress(`writing ${format}`, done, items.length, 'rows');
  const { files, names, notes } = await exportVectors(opened, { format, output, force }, { signal, onRows });
  return {
    ...{ type: 'exported', t: Date.now(), ...opened.source, model: opened.name, kind: opened.kind, format },
    ...{ files: [...files], rows: items.length, dimension, vectors: opened.stated, names, notes: [...notes] },
  };
}
