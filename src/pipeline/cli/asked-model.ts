/** Which model a command asks: one of a run, or that of a package by itself. */
import { type Command, Option } from 'commander';
import * as z from 'zod/mini';
import type { Question } from '../flow/flow-views.ts';
import type { OpenModel } from '../model/open-model.ts';
import { addStoreOption, openStoreOf } from './store-options.ts';

const ModelOptions = z.object({
  run: z.optional(z.string()),
  model: z.optional(z.string()),
  package: z.optional(z.string()),
});

/** @param which how the model is chosen where none is named: `its best on validation` */
export function addModelOptions(command: Command, which: string): Command {
  command
    .option('--run <run>', 'run (default: the latest finished)')
    .option('--model <name>', `model of the run (default: ${which})`)
    .addOption(
      new Option(
        '--package <folder>',
        'a model by its folder alone: <store>/runs/<run>/train/<model> (refit/<model> where models were trained twice), or a copy of it',
      ).conflicts(['run', 'model']),
    );
  return addStoreOption(command);
}

/** Opens the model that the options name, or, of a run, the one that answers such questions. */
export async function openAskedModel(options: unknown, question: Question): Promise<OpenModel> {
  const { run: reference, model, package: folder } = ModelOptions.parse(options);
  if (folder !== undefined) {
    const { openModel } = await import('../model/open-model.ts');
    return openModel(folder);
  }
  const [{ latestSuccessful, modelFor }, { openRunModel }] = await Promise.all([
    import('../query/choose-model.ts'),
    import('../query/run-model.ts'),
  ]);
  const store = openStoreOf(options);
  const run = reference === undefined ? latestSuccessful(store) : store.resolve(reference);
  return openRunModel(run, model ?? modelFor(run, question));
}

/** `of run 20260101-…`, or `of the package …`. */
export function sourceText({
  run,
  package: folder = '',
}: {
  readonly run?: string | undefined;
  readonly package?: string | undefined;
}): string {
  return run === undefined ? `of the package ${folder}` : `of run ${run}`;
}
