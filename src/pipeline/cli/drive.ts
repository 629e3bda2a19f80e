/** Drives a run in this process and shows how it goes. */
import { EXIT } from '../../protocol/user-error.ts';
import { Driver } from '../flow/driver.ts';
import type { ExecutionOptions } from '../flow/execution-options.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { isOnDemand, planAsked, planRun, type Task } from '../flow/plan.ts';
import type { Executor } from '../flow/executor.ts';
import { flowOf } from '../flows/registry.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { keptOutcome } from '../views/run-outcome.ts';
import { viewRun } from '../views/view-run.ts';
import { plainText } from '../terminal/format.ts';
import { JsonView } from './output/json-view.ts';
import { resultTexts } from './output/result-texts.ts';
import { ProgressView, type EventView } from './output/progress-view.ts';
import { RunMeter } from './output/run-meter.ts';
import { paint, paintError, print, printJson } from '../terminal/terminal.ts';

export interface DriveOptions {
  readonly json: boolean;
  readonly execution: ExecutionOptions;
  readonly until: string;
  /** Tasks that run only when they are asked for: these are done then, of a finished run. */
  readonly asked?: readonly string[];
  /** What is printed of what came of it; absent: what the run found. */
  readonly results?: (run: RunFolder) => readonly string[];
  /** Does the tasks. */
  readonly executor: Executor;
}

async function conclude(
  store: RunStore,
  run: RunFolder,
  view: EventView,
  options: DriveOptions,
): Promise<void> {
  await view.close();
  if (options.json) return;
  const texts = options.results?.(run) ?? resultTexts(store, run);
  for (const part of texts) print(`\n${part}`);
  for (const { message, hint = '' } of viewRun(run).damage)
    process.stderr.write(`${paintError.yellow('!')} ${plainText(`${message} ${hint}`)}\n`);
}

/** The tasks whose progress is that of the drive. */
function metered(flow: FlowDefinition, run: RunFolder, { until, asked }: DriveOptions): Task[] {
  if (asked === undefined) return planRun(flow, run.manifest(), until);
  return planAsked(flow, run.manifest(), asked).filter((task) => isOnDemand(flow, task));
}

/** @returns the exit code */
export async function driveRun(store: RunStore, run: RunFolder, options: DriveOptions): Promise<number> {
  const flow = flowOf(run.manifest().flow);
  const view = options.json
    ? new JsonView(run.id)
    : new ProgressView(flow.views.footer?.(run), new RunMeter(run, metered(flow, run, options)));
  if (!options.json) process.stderr.write(`Run ${paintError.bold(run.id)} in ${store.folder}\n`);
  const driver = new Driver(flow, store, run, {
    ...options.execution,
    executor: options.executor,
    outcomeOf: keptOutcome,
    onEvent: (step, event) => view.event(step, event),
  });
  const { outcome, failure } = await driver.drive(options.until, options.asked);
  await conclude(store, run, view, options);
  if (outcome === 'succeeded') {
    if (!options.json && options.results === undefined)
      print(
        paint.dim(
          `\nrecsys show ${run.id} · recsys card ${run.id} · recsys neighbours <item> --run ${run.id}`,
        ),
      );
    return EXIT.ok;
  }
  if (outcome === 'cancelled') {
    process.stderr.write(`Cancelled. Finished steps are kept; go on with: recsys resume ${run.id}\n`);
    return EXIT.cancelled;
  }
  if (options.json)
    printJson({
      t: Date.now(),
      run: run.id,
      step: 'driver',
      type: 'log',
      level: 'error',
      message: failure?.message ?? 'failed',
    });
  process.stderr.write(`${paintError.red('Error:')} ${plainText(failure?.message ?? 'The run failed.')}\n`);
  process.stderr.write(`${plainText(failure?.hint ?? `See its log: recsys logs ${run.id}`)}\n`);
  process.stderr.write(`Finished steps are kept; go on with: recsys resume ${run.id}\n`);
  return EXIT.failed;
}
