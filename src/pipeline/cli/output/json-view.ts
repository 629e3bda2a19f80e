import type { StepEvent } from '../../../protocol/events.ts';
import type { EventView } from './progress-view.ts';
import { printJson } from '../../terminal/terminal.ts';

/** NDJSON on standard output: every event with its time, its run and its step. */
export class JsonView implements EventView {
  readonly #run: string;

  constructor(run: string) {
    this.#run = run;
  }

  event(step: string, event: StepEvent): void {
    printJson({ t: Date.now(), run: this.#run, step, ...event });
  }

  close(): void {
    // Every line was whole.
  }
}
