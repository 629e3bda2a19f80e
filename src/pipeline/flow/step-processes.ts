import { StepChild } from './step-child.ts';

/**
 * Processes for the steps of a run. One may be had to stand by, its program loaded, while there is other work: the step
 * it is for then does not wait for its start.
 */
export class StepProcesses {
  readonly #command: readonly string[];
  #spare: StepChild | undefined;

  /** @param command starts a process that stands by, but for the name of a step: `[node, cli.mjs, step, --standby]` */
  constructor(command: readonly string[]) {
    this.#command = command;
  }

  /**
   * Has a process stand by, if none does.
   * @param step what it is most likely for, whose code it loads
   */
  prepare(step: string): void {
    if (this.#spare?.waits !== true) this.#spare = this.#start(step);
  }

  /** The one that stands by, or a new one. */
  take(step: string): StepChild {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare?.waits === true ? spare : this.#start(step);
  }

  /** Ends the one that stands by; those taken are their takers'. */
  dispose(): void {
    this.#spare?.dismiss();
    this.#spare = undefined;
  }

  #start(step: string): StepChild {
    return new StepChild([...this.#command, step]);
  }
}
