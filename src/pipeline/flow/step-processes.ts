import { StepChild } from './step-child.ts';

/**
 * Processes for the steps of a run. One may be had to stand by, its program loaded, while there is other work: the step
 * it is for then does not wait for its start.
 */
export class StepProcesses {
  readonly #commandFor: (step: string) => readonly string[];
  #spare: StepChild | undefined;

  /** @param commandFor starts a process that stands by, and loads the code of a step */
  constructor(commandFor: (step: string) => readonly string[]) {
    this.#commandFor = commandFor;
  }

  /**
   * Has a process stand by, if none does.
   * @param step what it is most likely for
   */
  standBy(step: string): void {
    if (this.#spare?.waits === true) return;
    try {
      this.#spare = this.#start(step);
    } catch {
      // Where one cannot be started ahead, the step that needs it will tell why.
      this.#spare = undefined;
    }
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
    return new StepChild(this.#commandFor(step));
  }
}
