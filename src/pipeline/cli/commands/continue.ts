import type { Command } from 'commander';
import * as z from 'zod/mini';
import { UserError } from '../../../protocol/user-error.ts';
import type { FlowCommand, FlowDefinition } from '../../flow/flow-definition.ts';
import { planRun } from '../../flow/plan.ts';
import { isFinished } from '../../flow/reuse.ts';
import { deriveRun } from '../../launch/new-run.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import { driveRun } from '../drive.ts';
import { addLabelOptions, labelsOf } from '../label-options.ts';
import { addParameterOptions, givenParameters } from '../parameter-options.ts';
import { addExecutionOptions, addStoreOption, executionOf, openStoreOf } from '../store-options.ts';

const ContinueOptions = z.object({ json: z._default(z.boolean(), false), from: z.optional(z.string()) });

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
    .option('--from <step>', 'start anew from this step, or branch (train/popularity), in a new run')
    .option('--json', 'print events as NDJSON');
  addLabelOptions(addExecutionOptions(addStoreOption(command)));
  addParameterOptions(command, flow.parameters);
  command.addHelpText(
    'after',
    `\nExamples:\n  recsys ${name} latest\n  recsys ${name} 20261122 --epochs 10 --json\n  recsys ${name} latest --from ${name}`,
  );
  command.action(async (reference: string, options: Record<string, unknown>) => {
    const { json, from } = ContinueOptions.parse(options);
    const store = openStoreOf(options);
    const origin = store.resolve(reference);
    const changes = changedParameters(origin, givenParameters(options, flow.parameters));
    const anew = from !== undefined || Object.keys(changes).length > 0;
    if (!anew) requireUnfinished(flow, origin, name, until);
    const reason =
      from === undefined ? `changed ${Object.keys(changes).join(', ')}` : `started again from ${from}`;
    const labels = labelsOf(options);
    const run = anew
      ? await deriveRun(store, {
          flow,
          origin,
          changes,
          until,
          labels,
          reason,
          ...(from === undefined ? {} : { from }),
        })
      : origin;
    process.exitCode = await driveRun(store, run, { json, execution: executionOf(options), until });
  });
}

function changedParameters(run: RunFolder, given: Record<string, unknown>): Record<string, unknown> {
  const { parameters } = run.manifest();
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => parameters[name] !== value));
}

function requireUnfinished(flow: FlowDefinition, run: RunFolder, name: string, until: string): void {
  if (planRun(flow, run.manifest(), until).every((task) => isFinished(run, task)))
    throw new UserError(
      `Run ${run.id} has finished '${name}' already, and finished steps are never changed.`,
      `Do it anew in a new run: recsys ${name} ${run.id} --from ${name}`,
    );
}
