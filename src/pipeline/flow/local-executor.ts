import type { StepEvent } from '../../protocol/events.ts';
import type { Failure } from '../../protocol/step.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { Executor, StartedTask, TaskOrder } from './executor.ts';
import { waitForOrphan } from './orphan.ts';
import { StepChild, type ChildEnd } from './step-child.ts';

const KILLED_HINT = 'The machine may have run out of memory; try a smaller --memory-limit or --max-workers.';

/**
 * Processes of this machine, which share the run's folder. One may be had to stand by, its program loaded, while there is
 * other work: the step it is for then does not wait for its start.
 */
export class LocalExecutor implements Executor {
  readonly #store: string;
  readonly #commandFor: (step: string) => readonly string[];
  #spare: StepChild | undefined;

  /**
   * @param store the folder of the runs' store
   * @param commandFor starts a process that stands by, and loads the code of a step
   */
  constructor(store: string, commandFor: (step: string) => readonly string[]) {
    this.#store = store;
    this.#commandFor = commandFor;
  }

  /** Has a process stand by, if none does. */
  expect(step: string): void {
    if (this.#spare?.waits === true) return;
    try {
      this.#spare = this.#startChild(step);
    } catch {
      // Where one cannot be started ahead, the step that needs it will tell why.
      this.#spare = undefined;
    }
  }

  start(order: TaskOrder, onEvent: (event: StepEvent) => void): StartedTask {
    const [step = ''] = order.path.split('/');
    const child = this.#take(step);
    if (order.aside) child.giveWay();
    child.begin(order.run, order.path, this.#commandOf(order), onEvent);
    return {
      ended: child.ended.then((end) => (end.code === 0 ? {} : { failure: unspoken(end) })),
      stop: () => child.stop(),
    };
  }

  settle(run: RunFolder, path: string): Promise<void> {
    return waitForOrphan(run, path);
  }

  /** Ends the one that stands by; started tasks end by themselves. */
  dispose(): void {
    this.#spare?.dismiss();
    this.#spare = undefined;
  }

  /** The one that stands by, or a new one. */
  #take(step: string): StepChild {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare?.waits === true ? spare : this.#startChild(step);
  }

  #startChild(step: string): StepChild {
    return new StepChild(this.#commandFor(step));
  }

  #commandOf({ run, path, threads, memory, secondsUsed }: TaskOrder): string[] {
    return [
      ...['step', run.id, path, '--store', this.#store],
      ...['--threads', String(threads), '--memory-limit', String(memory)],
      ...(secondsUsed === undefined ? [] : ['--seconds-used', String(secondsUsed)]),
    ];
  }
}

/** Why a process that said nothing of its failure ended. */
function unspoken({ code, signal, error }: ChildEnd): Failure {
  if (error !== undefined) return { message: `its process could not be started: ${error.message}` };
  if (signal !== null) return { message: `its process was killed (${signal})`, hint: KILLED_HINT };
  return { message: `its process ended with code ${code ?? '?'}`, hint: 'See its log: recsys logs <run>' };
}
