import type { Command } from 'commander';
import * as z from 'zod/mini';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import type { FlowCommand, FlowDefinition } from '../../flow/flow-definition.ts';
import { goOnWith } from '../../launch/go-on.ts';
import { deriveRun } from '../../launch/new-run.ts';
import type { LabelChange } from '../../../protocol/run.ts';
import { flowOf } from '../../flows/registry.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import type { RunStore } from '../../store/run-store.ts';
import { addLabelOptions, hasLabels, labelChangeOf, labelsOf } from '../label-options.ts';
import { noteChangedData } from '../note-changed-data.ts';
import { addParameterOptions, givenParameters } from '../parameter-options.ts';
import { addLaunchOptions, launchRun } from '../launch-run.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

const ContinueOptions = z.object({ from: z.optional(z.string()) });

/** `recsys train <run>`, `recsys evaluate <run>`: go on with a run, or, with changed parameters, start a new one from it. */
export function addContinueCommand(
  program: Command,
  flow: FlowDefinition,
  { name, until, help }: FlowCommand,
): void {
  const command = program
    .command(`${name} <run>`)
    .description(
      `${help} Changed parameters, or --from, make a new run that keeps the finished steps it can.`,
    )
    .option('--from <step>', 'start anew from this step, or branch (train/popularity), in a new run');
  addLabelOptions(addLaunchOptions(addStoreOption(command)));
  addParameterOptions(command, flow);
  command.addHelpText(
    'after',
    `\nExamples:\n  recsys ${name} latest\n  recsys ${name} 20261122 --epochs 10 --json\n  recsys ${name} latest --from ${name}`,
  );
  command.action(async (reference: string, options: Record<string, unknown>) => {
    const store = openStoreOf(options);
    const origin = store.resolve(reference);
    requireFlow(flow, origin, name);
    process.exitCode = await launchRun(store, options, {
      until,
      make: async () => {
        await noteChangedData(origin);
        return continued(store, flow, origin, { name, until, options });
      },
    });
  });
}

interface Asked {
  readonly name: string;
  readonly until: string;
  readonly options: Record<string, unknown>;
}

/** The run itself, or a new one from it where something is to change. */
function continued(
  store: RunStore,
  flow: FlowDefinition,
  origin: RunFolder,
  { name, until, options }: Asked,
): Promise<RunFolder> {
  const { from } = ContinueOptions.parse(options);
  const changes = changedParameters(origin, givenParameters(options, flow.parameters));
  const labels = labelsOf(options);
  if (from === undefined && Object.keys(changes).length === 0)
    return goOn(store, flow, origin, { name, until, labels: labelChangeOf(options) });
  const reason =
    from === undefined ? `changed ${Object.keys(changes).join(', ')}` : `started again from ${from}`;
  return deriveRun(store, {
    ...{ flow, origin, changes, until, labels, reason },
    ...(from === undefined ? {} : { from }),
  });
}

/** @throws UserError for a run of a flow that has no such command */
function requireFlow(flow: FlowDefinition, run: RunFolder, name: string): void {
  const theirs = flowOf(run.manifest().flow);
  if (theirs.name === flow.name) return;
  throw new UserError(
    `Run ${run.id} was started by 'recsys ${theirs.start.name}', which has no step for 'recsys ${name}'.`,
    `Go on with it: recsys resume ${run.id}`,
    { exitCode: EXIT.usage },
  );
}

interface Continuation {
  readonly name: string;
  readonly until: string;
  readonly labels: LabelChange;
}

/** @throws UserError when there is nothing left to do */
async function goOn(
  store: RunStore,
  flow: FlowDefinition,
  origin: RunFolder,
  { name, until, labels }: Continuation,
): Promise<RunFolder> {
  const { run, unfinished } = await goOnWith(store, flow, origin, until);
  if (unfinished === 0)
    throw new UserError(
      `Run ${run.id} has finished '${name}' already, and finished steps are never changed.`,
      `Do it anew in a new run: recsys ${name} ${run.id} --from ${name}`,
    );
  if (hasLabels(labels)) await store.changeLabels(run, labels);
  return run;
}

function changedParameters(run: RunFolder, given: Record<string, unknown>): Record<string, unknown> {
  const { parameters } = run.manifest();
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => parameters[name] !== value));
}
