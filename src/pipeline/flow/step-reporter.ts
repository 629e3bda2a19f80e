import type { ProgressEvent, StepEvent } from '../../protocol/events.ts';
import type { Reporter } from '../reporter.ts';

const INTERVAL_MS = 250;

/** A stretch of work whose units are of one kind, over which rate and time left are measured. */
interface Stretch {
  readonly unit: string;
  readonly total: number;
  readonly started: number;
  readonly base: number;
  done: number;
  stage: string;
  lastSent: number;
}

/** Turns a step's calls into events: progress is thinned to four lines a second and given a rate and a time left. */
export class StepReporter implements Reporter {
  readonly warnings: string[] = [];
  readonly #emit: (event: StepEvent) => void;
  #stretch: Stretch | undefined;

  constructor(emit: (event: StepEvent) => void) {
    this.#emit = emit;
  }

  progress(stage: string, done: number, total: number, unit: string): void {
    const now = performance.now();
    const stretch = this.#stretchOf(stage, done, total, unit, now);
    const over = total > 0 && done >= total;
    if (!over && now - stretch.lastSent < INTERVAL_MS) return;
    stretch.lastSent = now;
    this.#emit({ type: 'progress', stage, done, total, unit, ...pace(stretch, now) });
  }

  /** Goes on with the stretch where only the stage's name changed (epoch 3, epoch 4), so that its pace is kept. */
  #stretchOf(stage: string, done: number, total: number, unit: string, now: number): Stretch {
    const last = this.#stretch;
    const goesOn = last?.unit === unit && last.total === total && done >= last.done;
    const stretch = goesOn
      ? last
      : { unit, total, started: now, base: done, done, stage, lastSent: -Infinity };
    this.#stretch = stretch;
    if (stretch.stage !== stage) stretch.lastSent = -Infinity;
    stretch.stage = stage;
    stretch.done = done;
    return stretch;
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
}

function pace({ done, total, base, started }: Stretch, now: number): Pick<ProgressEvent, 'rate' | 'eta'> {
  const seconds = (now - started) / 1000;
  const rate = seconds > 0.2 ? (done - base) / seconds : 0;
  if (!(rate > 0)) return {};
  return total > 0 ? { rate, eta: Math.max(0, (total - done) / rate) } : { rate };
}
