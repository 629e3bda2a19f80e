/** Which model a command asks: one of a run, or that of a package by itself. */
import { type Command, Option } from 'commander';
import * as z from 'zod/mini';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { Question } from '../flow/flow-views.ts';
import type { OpenModel } from '../model/open-model.ts';
import type { OpenVectors } from '../model/open-vectors.ts';
import type { WhichTraining } from '../query/run-model.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { addStoreOption, openStoreOf } from './store-options.ts';

const ModelOptions = z.object({
  run: z.optional(z.string()),
  model: z.optional(z.string()),
  package: z.optional(z.string()),
  everything: z._default(z.boolean(), false),
});

/** @param which how the model is chosen where none is named: `its best on validation` */
export function addModelOptions(command: Command, which: string): Command {
  command.option('--run <run>', 'run (default: the latest finished)');
  return addModelOptionsOfRun(command, which);
}

/** The same for a command whose argument is the run. */
export function addModelOptionsOfRun(command: Command, which: string): Command {
  command
    .option('--model <name>', `model of the run (default: ${which})`)
    .addOption(
      new Option(
        '--package <folder>',
        'a model by its folder alone: <store>/runs/<run>/train/<model> (refit/<model> where models were trained twice, everything/<model> after recsys refit), or a copy of it',
      ).conflicts(['run', 'model', 'everything']),
    )
    .option('--everything', 'the model as recsys refit trained it, on all rows');
  return addStoreOption(command);
}

/** A model by its package, or of a run. */
type AskedModel =
  | { readonly folder: string }
  | { readonly run: RunFolder; readonly model: string; readonly which: WhichTraining };

/** The model that the options name, or, of a run, the one that answers such questions. */
async function askedModel(options: unknown, question: Question): Promise<AskedModel> {
  const { run: reference, model, package: folder, everything } = ModelOptions.parse(options);
  if (folder !== undefined && reference !== undefined)
    throw new UserError('A run and --package were given.', 'Name one of them.', { exitCode: EXIT.usage });
  if (folder !== undefined) return { folder };
  const { askedRun, modelFor } = await import('../query/choose-model.ts');
  const run = askedRun(openStoreOf(options), reference);
  return { run, model: model ?? modelFor(run, question), which: everything ? 'everything' : 'evaluated' };
}

/** Opens the model that the options name, or, of a run, the one that answers such questions. */
export async function openAskedModel(options: unknown, question: Question): Promise<OpenModel> {
  const asked = await askedModel(options, question);
  if ('folder' in asked) return (await import('../model/open-model.ts')).openModel(asked.folder);
  const { openRunModel } = await import('../query/run-model.ts');
  return openRunModel(asked.run, asked.model, asked.which);
}

/** A package to serve or to export, and whose it is. */
export interface AskedPackage {
  readonly folder: string;
  /** Absent: a package by itself. */
  readonly run?: RunFolder;
  readonly everything?: true;
}

/** The package of the model that the options name, or, of a run, of the one that recommends. */
export async function askedPackage(options: unknown): Promise<AskedPackage> {
  const asked = await askedModel(options, 'recommend');
  if ('folder' in asked) return asked;
  const { runPackage } = await import('../query/run-model.ts');
  const { run, model, which } = asked;
  const folder = await runPackage(run, model, which);
  return { folder, run, ...(which === 'everything' ? { everything: true } : {}) };
}

/** Whose model a package is, as it is said of an open one. */
export function packageSource({ folder, run, everything }: AskedPackage): OpenModel['source'] {
  return run === undefined ? { package: folder } : { run: run.id, ...(everything && { everything }) };
}

/** Opens the vectors alone of the model that the options name, or, of a run, of the one that tells neighbours. */
export async function openAskedVectors(options: unknown): Promise<OpenVectors> {
  const asked = await askedModel(options, 'neighbours');
  if ('folder' in asked) return (await import('../model/open-vectors.ts')).openVectors(asked.folder);
  const { openRunVectors } = await import('../query/run-model.ts');
  return openRunVectors(asked.run, asked.model, asked.which);
}

/** `of run 20260101-…`, or `of the package …`. */
export function sourceText({
  run,
  package: folder = '',
  everything = false,
}: {
  readonly run?: string | undefined;
  readonly package?: string | undefined;
  readonly everything?: boolean | undefined;
}): string {
  if (run === undefined) return `of the package ${folder}`;
  return everything ? `of run ${run}, trained on everything` : `of run ${run}`;
}
