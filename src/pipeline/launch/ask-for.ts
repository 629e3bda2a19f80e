/** What runs only when it is asked for, of a finished run: its plan, and whether the run can do it. */
import type { RunManifest } from '../../protocol/run.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { isOnDemand, planAsked, type Task } from '../flow/plan.ts';
import { isFinished } from '../flow/reuse.ts';
import { recsysCommand } from '../own-shell.ts';
import type { RunFolder } from '../store/run-folder.ts';

export interface AskedFor {
  /** Paths of the tasks that were asked for. */
  readonly asked: readonly string[];
  /** Tasks that are still to be done for them, those themselves among them. */
  readonly unfinished: number;
}

/**
 * @param asked paths of tasks of steps that run only when they are asked for
 * @throws UserError where something they need is not there as this version makes it
 */
export function askFor(run: RunFolder, flow: FlowDefinition, asked: readonly string[]): AskedFor {
  const tasks = planAsked(flow, run.manifest(), asked);
  for (const task of tasks) if (!isOnDemand(flow, task)) requireThere(run, task);
  return { asked, unfinished: tasks.filter((task) => !isFinished(run, task)).length };
}

function requireThere(run: RunFolder, task: Task): void {
  const state = run.stepState(task.path);
  if (state?.state !== 'succeeded')
    throw new UserError(
      `Step '${task.path}' of run ${run.id} is not finished${state?.failure === undefined ? '' : `: ${state.failure.message}`}`,
      `Go on with the run: recsys resume ${run.id}`,
    );
  if (state.key !== task.key)
    throw new UserError(
      `Run ${run.id} was made by another version of RecSys, and this one cannot go on from its step '${task.path}'.`,
      `Make it anew, and ask for it there: ${recsysCommand('run', '--like', run.id)}`,
    );
  if (!isFinished(run, task))
    throw new UserError(
      `Step '${task.path}' of run ${run.id} is damaged: files of it are missing or cut short.`,
      `Make the run anew: ${recsysCommand('run', '--like', run.id)}`,
    );
}

/**
 * The task that trains a model of a run on all rows.
 * @param model absent: the run's best
 * @throws UserError where the run has no such task
 */
export function everythingTask(run: RunFolder, flow: FlowDefinition, model: string | undefined): string {
  const manifest = run.manifest();
  const { everything } = flow.shows.models;
  if (everything === undefined)
    throw new UserError(
      `Run ${run.id} was started by 'recsys ${flow.start.name}', whose models cannot be trained on everything.`,
      'Use what it found in a run of its own, and ask for it there.',
      { exitCode: EXIT.usage },
    );
  return `${everything}/${model === undefined ? bestOf(run, flow) : known(manifest, model)}`;
}

function bestOf(run: RunFolder, flow: FlowDefinition): string {
  const { best } = flow.views.headline(run);
  if (best !== undefined) return best;
  throw new UserError(
    `No model of run ${run.id} hits any validation target, so none is its best.`,
    `Name one: recsys refit ${run.id} --model <name>`,
  );
}

function known({ id, models }: RunManifest, model: string): string {
  if (models.some(({ name }) => name === model)) return model;
  throw new UserError(
    `Run ${id} has no model '${model}'.`,
    `It has: ${models.map(({ name }) => name).join(', ')}.`,
    { exitCode: EXIT.notFound },
  );
}
