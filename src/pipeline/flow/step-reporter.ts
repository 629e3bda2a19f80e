import type { ProgressEvent, StepEvent } from '../../protocol/events.ts';
import type { Reporter } from './reporter.ts';

const INTERVAL_MS = 250;

interface Stage {
  readonly name: string;
  readonly started: number;
  readonly base: number;
  lastSent: number;
}

/** Turns a step's calls into events: progress is thinned to four lines a second and given a rate and a time left. */
export class StepReporter implements Reporter {
  readonly warnings: string[] = [];
  readonly #emit: (event: StepEvent) => void;
  #stage: Stage | undefined;

  constructor(emit: (event: StepEvent) => void) {
    this.#emit = emit;
  }

  progress(stage: string, done: number, total: number, unit: string): void {
    const now = performance.now();
    if (this.#stage?.name !== stage)
      this.#stage = { name: stage, started: now, base: done, lastSent: -Infinity };
    const over = total > 0 && done >= total;
    if (!over && now - this.#stage.lastSent < INTERVAL_MS) return;
    this.#stage.lastSent = now;
    this.#emit({ type: 'progress', stage, done, total, unit, ...this.#pace(this.#stage, done, total, now) });
  }

  loss(point: { epoch: number; loss: number; alpha: number; validation?: number }): void {
    this.#emit({ type: 'loss', ...point });
  }

  info(message: string): void {
    this.#emit({ type: 'log', level: 'info', message });
  }

  warn(message: string): void {
    if (this.warnings.includes(message)) return;
    this.warnings.push(message);
    this.#emit({ type: 'log', level: 'warning', message });
  }

  #pace(stage: Stage, done: number, total: number, now: number): Pick<ProgressEvent, 'rate' | 'eta'> {
    const seconds = (now - stage.started) / 1000;
    const rate = seconds > 0.2 ? (done - stage.base) / seconds : 0;
    if (!(rate > 0)) return {};
    return total > 0 ? { rate, eta: Math.max(0, (total - done) / rate) } : { rate };
  }
}
