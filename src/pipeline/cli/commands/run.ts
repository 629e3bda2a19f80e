import path from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import { createRun, deriveRun } from '../../launch/new-run.ts';
import type { SpecChanges } from '../../../protocol/spec-fields.ts';
import { parseStepPath } from '../../../protocol/paths.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import { requireSameData } from '../../flow/check-data.ts';
import type { FlowDefinition } from '../../flow/flow-definition.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import { KnownFiles } from '../../store/known-files.ts';
import type { RunStore } from '../../store/run-store.ts';
import { driveRun } from '../drive.ts';
import { addLabelOptions, labelsOf } from '../label-options.ts';
import { plainText } from '../output/format.ts';
import { addParameterOptions, givenParameters } from '../parameter-options.ts';
import { addSpecOptions, specChangesIn } from '../spec-options.ts';
import { withProcesses } from '../standby.ts';
import { addExecutionOptions, addStoreOption, executionOf, openStoreOf } from '../store-options.ts';

const RunOptions = z.object({
  json: z._default(z.boolean(), false),
  spec: z.optional(z.string()),
  from: z.optional(z.string()),
});

const HELP = `
Examples:
  recsys run playlists.parquet
  recsys run playlists.parquet --window 20 --epochs 15 --min-count 5
  recsys run 'lists/*.parquet' --sets '[{"window":5},{"window":20}]'
  recsys run reviews.txt --split leave-one-out
  recsys run orders.csv --sequence order_id --item product_id
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
    .command(`${name} <data>`)
    .description(help)
    .option('--spec <file>', 'recsys.json or one spec as JSON (default: the nearest recsys.json)')
    .option('--from <step>', "anew from this step of the data's latest run, in a new one")
    .option('--json', 'print events as NDJSON');
  addLabelOptions(addExecutionOptions(addStoreOption(addSpecOptions(command))));
  addParameterOptions(command, flow);
  command.addHelpText('after', HELP.replaceAll('recsys run', `recsys ${name}`));
  command.action(async (data: string, options: Record<string, unknown>) => {
    const { json, spec, from } = RunOptions.parse(options);
    const store = openStoreOf(options);
    const given = givenParameters(options, flow.parameters);
    const labels = labelsOf(options);
    const specChanges = specChangesIn(options);
    const respecified = spec !== undefined || Object.keys(specChanges).length > 0;
    const makeRun = (): Promise<RunFolder> =>
      from === undefined
        ? runOfData(store, flow, { data, specFile: spec, specChanges, given, until, labels })
        : runFrom(store, flow, { data, respecified, from, given, until, labels });
    const execution = executionOf(options);
    process.exitCode = await withProcesses(store, async (processes) => {
      processes.standBy(parseStepPath(from ?? flow.steps[0]?.name ?? '').step);
      return driveRun(store, await makeRun(), { json, execution, until, processes });
    });
  });
}

interface NewRunRequest {
  readonly data: string;
  readonly specFile: string | undefined;
  readonly specChanges: SpecChanges;
  readonly given: Record<string, unknown>;
  readonly until: string;
  readonly labels: ReturnType<typeof labelsOf>;
}

/** A new run of data, whose spec is told to the person where it was guessed. */
export async function runOfData(
  store: RunStore,
  flow: FlowDefinition,
  { data, specFile, specChanges, given, until, labels }: NewRunRequest,
): Promise<RunFolder> {
  const { describeForRun } = await import('../../launch/describe-data.ts');
  const known = new KnownFiles(store.folder);
  const { spec, fingerprint, notes } = await describeForRun(data, specFile, specChanges, known);
  for (const note of notes) process.stderr.write(`${plainText(note)}\n`);
  const run = await createRun(store, { flow, data: fingerprint, spec, given, until, labels });
  await known.save();
  return run;
}

interface FromRequest extends Pick<NewRunRequest, 'data' | 'given' | 'until' | 'labels'> {
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
  throw new UserError(`No run of ${data} is in this store.`, `Start one: recsys run ${data}`, {
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
