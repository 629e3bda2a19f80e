import type { ProgressEvent, StepEvent } from '../../protocol/events.ts';
import type { Reporter } from '../reporter.ts';

const INTERVAL_MS = 250;
/**
 * A step goes through stretches of work, and only at its end it is known which was the last. So each gets most of what the
 * ones before it have left: the longest is the first or the only one in nearly all steps (training, tuning, ranking).
 */
const STRETCH_SHARE = 0.9;

/** A stretch of work whose units are of one kind, over which rate and time left are measured. */
interface Stretch {
  readonly unit: string;
  readonly total: number;
  readonly started: number;
  readonly base: number;
  /** What of the step was over when it began. */
  readonly from: number;
  done: number;
  stage: string;
  lastSent: number;
}

/** Turns a step's calls into events: progress is thinned to four lines a second and given a rate and a time left. */
export class StepReporter implements Reporter {
  readonly warnings: string[] = [];
  readonly #emit: (event: StepEvent) => void;
  #stretch: Stretch | undefined;
  /** What of the step is over. */
  #share = 0;

  constructor(emit: (event: StepEvent) => void) {
    this.#emit = emit;
  }

  progress(stage: string, done: number, total: number, unit: string): void {
    const now = performance.now();
    const stretch = this.#stretchOf(stage, done, total, unit, now);
    const over = total > 0 && done >= total;
    if (!over && now - stretch.lastSent < INTERVAL_MS) return;
    stretch.lastSent = now;
    this.#share = Math.max(this.#share, shareOf(stretch));
    this.#emit({ type: 'progress', stage, done, total, unit, ...pace(stretch, now), share: this.#share });
  }

  /** Goes on with the stretch where only the stage's name changed (epoch 3, epoch 4), so that its pace is kept. */
  #stretchOf(stage: string, done: number, total: number, unit: string, now: number): Stretch {
    const last = this.#stretch;
    const goesOn = last?.unit === unit && last.total === total && done >= last.done;
    const stretch = goesOn
      ? last
      : {
          ...{ unit, total, started: now, base: done, from: this.#share, done, stage },
          lastSent: -Infinity,
        };
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

/** What of the step is over by what of the stretch is. */
function shareOf({ from, done, total }: Stretch): number {
  return total > 0 ? from + (1 - from) * STRETCH_SHARE * Math.min(1, done / total) : from;
}

function pace({ done, total, base, started }: Stretch, now: number): Pick<ProgressEvent, 'rate' | 'eta'> {
  const seconds = (now - started) / 1000;
  const rate = seconds > 0.2 ? (done - base) / seconds : 0;
  if (!(rate > 0)) return {};
  return total > 0 ? { rate, eta: Math.max(0, (total - done) / rate) } : { rate };
}
