import path from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import { deriveRun } from '../../launch/new-run.ts';
import { parseStepPath } from '../../../protocol/paths.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import { requireSameData } from '../../flow/check-data.ts';
import type { FlowDefinition } from '../../flow/flow-definition.ts';
import { recsysCommand } from '../../own-shell.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import type { RunStore } from '../../store/run-store.ts';
import { addLabelOptions, labelsOf } from '../label-options.ts';
import { addParameterOptions, givenParameters } from '../parameter-options.ts';
import { addSpecOptions, specChangesIn } from '../spec-options.ts';
import { addLaunchOptions, launchRun } from '../launch-run.ts';
import { runLike, runOfData, type StartRequest } from '../start-run.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

const RunOptions = z.object({
  spec: z.optional(z.string()),
  from: z.optional(z.string()),
  like: z.optional(z.string()),
});

const HELP = `
Examples:
  recsys run playlists.parquet
  recsys run playlists.parquet --window 20 --epochs 15 --min-count 5
  recsys run 'lists/*.parquet' --sets '[{"window":5},{"window":20}]'
  recsys run reviews.txt --split leave-one-out
  recsys run orders.csv --sequence order_id --item product_id
  recsys run --like latest --epochs 20
  recsys run sessions.csv.gz --deterministic --seed 1 --json`;

/** `recsys run <data>`, and, with an earlier last step, `recsys prepare <data>`. */
export function addRunCommand(
  program: Command,
  flow: FlowDefinition,
  name: string,
  until: string,
  help: string,
): void {
  const command = program
    .command(`${name} [data]`)
    .description(help)
    .option('--spec <file>', 'recsys.json or one spec as JSON (default: the nearest recsys.json)')
    .option('--from <step>', "anew from this step of the data's latest run, in a new one")
    .option('--like <run>', 'with data, spec, parameters and models of this run');
  addLabelOptions(addLaunchOptions(addStoreOption(addSpecOptions(command))));
  addParameterOptions(command, flow);
  command.addHelpText('after', HELP.replaceAll('recsys run', `recsys ${name}`));
  command.action(async (data: string | undefined, options: Record<string, unknown>) => {
    const { from } = RunOptions.parse(options);
    const store = openStoreOf(options);
    process.exitCode = await launchRun(store, options, {
      until,
      standBy: parseStepPath(from ?? flow.steps[0]?.name ?? '').step,
      make: () => makeAsked(store, flow, until, data, options),
    });
  });
}

/**
 * The run that the words of a command ask for.
 * @param data the argument
 * @param options as commander has parsed them
 * @throws UserError for a command that contradicts itself, data that cannot be read, bad parameters
 */
export async function makeAsked(
  store: RunStore,
  flow: FlowDefinition,
  until: string,
  data: string | undefined,
  options: Readonly<Record<string, unknown>>,
): Promise<RunFolder> {
  const { spec: specFile, from, like } = RunOptions.parse(options);
  const given = givenParameters(options, flow.parameters);
  const specChanges = specChangesIn(options);
  const request = { specFile, specChanges, given, until, labels: labelsOf(options) };
  if (like !== undefined) {
    refuseWith('--like', from);
    return runLike(store, flow, store.resolve(like), { ...request, data });
  }
  if (data === undefined)
    throw new UserError('There are no data.', 'Name a file, or a run to take them from with --like.', {
      exitCode: EXIT.usage,
    });
  if (from === undefined) return runOfData(store, flow, { ...request, data });
  const respecified = specFile !== undefined || Object.keys(specChanges).length > 0;
  return runFrom(store, flow, { ...request, data, respecified, from });
}

/** @throws UserError where an earlier run is named in two ways */
function refuseWith(option: string, from: string | undefined): void {
  if (from === undefined) return;
  throw new UserError(
    `${option} and --from exclude each other: one makes all anew, the other keeps finished steps.`,
    'Leave one of them out.',
    { exitCode: EXIT.usage },
  );
}

interface FromRequest extends Pick<StartRequest, 'data' | 'given' | 'until' | 'labels'> {
  readonly from: string;
  readonly respecified: boolean;
}

/** A run from the finished steps of the latest one of these data, which must still be what they were. */
async function runFrom(
  store: RunStore,
  flow: FlowDefinition,
  { data, respecified, from, given, until, labels }: FromRequest,
): Promise<RunFolder> {
  const origin = latestOf(store, flow, data, respecified);
  await requireSameData(origin.manifest());
  const reason = `started again from ${from}`;
  return deriveRun(store, { flow, origin, changes: given, from, until, labels, reason });
}

/** The latest run of these data, which are the same when they resolve to the same place. */
function latestOf(store: RunStore, flow: FlowDefinition, data: string, respecified: boolean): RunFolder {
  if (respecified)
    throw new UserError(
      'A dataset spec and --from exclude each other: finished steps have the spec of their run.',
      'Leave one of them out.',
      { exitCode: EXIT.usage },
    );
  for (const id of store.runIds()) {
    const run = store.run(id);
    if (isOf(run, flow, data)) return run;
  }
  throw new UserError(`No run of ${data} is in this store.`, `Start one: ${recsysCommand('run', data)}`, {
    exitCode: EXIT.notFound,
  });
}

function isOf(run: RunFolder, flow: FlowDefinition, data: string): boolean {
  try {
    const manifest = run.manifest();
    const [first, ...more] = manifest.data.files;
    const same = manifest.data.path === data || (more.length === 0 && first?.path === path.resolve(data));
    return manifest.flow === flow.name && same;
  } catch {
    // A run that cannot be read is none of these data.
    return false;
  }
}
