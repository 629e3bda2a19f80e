import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import type { RunLabels } from '../../../protocol/run.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import type { FlowDefinition } from '../../flow/flow-definition.ts';
import { goOnWith } from '../../launch/go-on.ts';
import { createRun, deriveRun } from '../../launch/new-run.ts';
import { givenOf } from '../../flow/given-of.ts';
import { flowOf } from '../../flows/registry.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import type { RunStore } from '../../store/run-store.ts';
import { noteChangedData } from '../note-changed-data.ts';
import { addLabelOptions, labelsOf } from '../label-options.ts';
import { addParameterOptions, givenParameters } from '../parameter-options.ts';
import { addSpecOptions, specChangesIn } from '../spec-options.ts';
import { addLaunchOptions, launchRun } from '../launch-run.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';
import { runLike, runOfData } from '../start-run.ts';

const TuneOptions = z.object({
  spec: z.optional(z.string()),
  from: z.optional(z.string()),
  like: z.optional(z.string()),
});

const HELP = `
Trials are measured on validation; the best alone on the test part. Parameters
that are given stay as they are. A tuning is gone on with (--trials, --minutes);
of another run, its data, spec, seed and way of measuring are taken over.

Examples:
  recsys tune playlists.parquet --model prod2vec --minutes 10
  recsys tune reviews.txt --model prod2vec --search '{"epochs":[10,20,40]}'`;

/** `recsys tune <data|run>`. */
export function addTuneCommand(program: Command, flow: FlowDefinition): void {
  const command = program
    .command(`${flow.start.name} [data|run]`)
    .description(flow.start.help)
    .option('--spec <file>', 'dataset spec, as for recsys run')
    .option('--from <step>', 'of a tuning: anew from this step or trial')
    .option('--like <tuning>', 'with all that this tuning was given');
  addLabelOptions(addLaunchOptions(addStoreOption(addSpecOptions(command))));
  addParameterOptions(command, flow);
  command.addHelpText('after', HELP);
  command.action(async (subject: string | undefined, options: Record<string, unknown>) => {
    const { like } = TuneOptions.parse(options);
    const store = openStoreOf(options);
    const until = flow.steps.at(-1)?.name ?? '';
    const origin = like === undefined && subject !== undefined ? originOf(store, subject) : undefined;
    process.exitCode = await launchRun(store, options, {
      until,
      ...(origin === undefined ? { standBy: flow.steps[0]?.name ?? '' } : {}),
      make: async () => {
        if (origin !== undefined) await noteChangedData(origin);
        return makeTuning(store, { flow, until, options }, subject, origin);
      },
    });
  });
}

/**
 * The tuning that the words of a command ask for.
 * @param subject the argument
 * @param origin the run that is meant by it, if one is
 * @throws UserError for a command that contradicts itself, data that cannot be read, bad parameters
 */
export async function makeTuning(
  store: RunStore,
  request: Request,
  subject: string | undefined,
  origin: RunFolder | undefined,
): Promise<RunFolder> {
  const { flow, until, options } = request;
  const { like, spec, from } = TuneOptions.parse(options);
  if (origin !== undefined) return tuneRun(store, origin, request);
  requireWithout(from);
  if (like !== undefined)
    return runLike(store, flow, store.resolve(like), {
      ...{ data: subject, specFile: spec, specChanges: specChangesIn(options), until },
      ...{ given: givenParameters(options, flow.parameters), labels: labelsOf(options) },
    });
  if (subject !== undefined) return tuneData(store, subject, request);
  throw new UserError('There are no data.', 'Name a file or a run, or a tuning to repeat with --like.', {
    exitCode: EXIT.usage,
  });
}

/** @throws UserError where a step of a run is named and no run */
function requireWithout(from: string | undefined): void {
  if (from === undefined) return;
  throw new UserError('--from goes with a run, not with data.', 'Name the tuning to go on with.', {
    exitCode: EXIT.usage,
  });
}

export interface Request {
  readonly flow: FlowDefinition;
  readonly until: string;
  readonly options: Record<string, unknown>;
}

/** The run that is meant, if it is one: a file of that name goes before it. */
function originOf(store: RunStore, subject: string): RunFolder | undefined {
  if (existsSync(subject)) return undefined;
  try {
    return store.resolve(subject);
  } catch (error) {
    // Not a run; a path or a glob, then, of which reading it will tell.
    if (/[./\\*]/.test(subject)) return undefined;
    throw error;
  }
}

function tuneData(store: RunStore, data: string, { flow, until, options }: Request): Promise<RunFolder> {
  const { spec } = TuneOptions.parse(options);
  const given = givenParameters(options, flow.parameters);
  // What is wrong with the command itself is told before the data are read.
  flow.plan(given, { hasGroups: true });
  const specChanges = specChangesIn(options);
  return runOfData(store, flow, {
    ...{ data, specFile: spec, specChanges, given, until, labels: labelsOf(options) },
  });
}

function tuneRun(store: RunStore, origin: RunFolder, { flow, until, options }: Request): Promise<RunFolder> {
  const { spec, from } = TuneOptions.parse(options);
  if (spec !== undefined || Object.keys(specChangesIn(options)).length > 0)
    throw new UserError(
      'A dataset spec goes with data, not with a run, which has its own.',
      'Leave the spec out, or name the data.',
      { exitCode: EXIT.usage },
    );
  const changes = givenParameters(options, flow.parameters);
  const labels = labelsOf(options);
  const manifest = origin.manifest();
  if (manifest.flow === flow.name) return goOn(store, origin, { flow, until, changes, from, labels });
  const known = Object.entries(givenOf(manifest, flowOf(manifest.flow))).filter(([name]) =>
    flow.measures.includes(name),
  );
  const given = { ...Object.fromEntries(known), ...changes };
  return createRun(store, { flow, data: manifest.data, spec: manifest.spec, given, until, labels });
}

interface Continuation {
  readonly flow: FlowDefinition;
  readonly until: string;
  readonly changes: Readonly<Record<string, unknown>>;
  readonly from: string | undefined;
  readonly labels: RunLabels;
}

/**
 * A tuning that was cancelled or cut off, to be gone on with.
 * @throws UserError for one that came to its end
 */
async function goOnAsItIs(
  store: RunStore,
  origin: RunFolder,
  { flow, until }: Pick<Continuation, 'flow' | 'until'>,
): Promise<RunFolder> {
  const { run, unfinished } = await goOnWith(store, flow, origin, until);
  if (unfinished > 0 || origin.driverState()?.state !== 'succeeded') return run;
  throw new UserError(
    `Run ${origin.id} is a tuning already, it came to its end, and nothing in it is to change.`,
    'Give it more --trials or --minutes.',
    { exitCode: EXIT.usage },
  );
}

/** A new run with the finished trials of a tuning, or that tuning itself where nothing changes. */
function goOn(
  store: RunStore,
  origin: RunFolder,
  { from, changes, ...rest }: Continuation,
): Promise<RunFolder> {
  const what = [...Object.keys(changes), ...(from === undefined ? [] : [`from ${from}`])].join(', ');
  if (what === '') return goOnAsItIs(store, origin, rest);
  const reason = `went on with other ${what}`;
  return deriveRun(store, {
    ...{ ...rest, origin, changes, reason },
    ...(from === undefined ? {} : { from }),
  });
}
