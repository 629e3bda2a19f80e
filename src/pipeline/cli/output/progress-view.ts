import type { Footer } from '../../flow/flow-views.ts';
import type { ProgressEvent, StepEvent } from '../../../protocol/events.ts';
import { formatCount, formatPace, formatSeconds } from '../../../protocol/text/format.ts';
import { plainText, shorten } from '../../terminal/format.ts';
import { stepShare } from '../../views/run-progress.ts';
import type { RunMeter } from './run-meter.ts';
import { paintError } from '../../terminal/terminal.ts';

/** Shows the events of a run to a person or a program. */
export interface EventView {
  event(step: string, event: StepEvent): void;
  /** Clears what is unfinished on the screen, or sends what is unsent. */
  close(): void | Promise<void>;
}
const BAR_WIDTH = 12;
/** The least of a step's name that stays on a narrow terminal. */
const NAME_WIDTH = 10;
const BLOCKS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const PLAIN_INTERVAL_MS = 5000;

function bar(fraction: number): string {
  const eighths = Math.round(Math.max(0, Math.min(1, fraction)) * BAR_WIDTH * 8);
  return `${'█'.repeat(Math.floor(eighths / 8))}${BLOCKS[eighths % 8] ?? ''}`.padEnd(BAR_WIDTH);
}

function describe({ stage, done, total, unit, rate, eta }: ProgressEvent): string {
  const parts = [stage];
  if (total > 0) parts.push(`${Math.floor((100 * done) / total)} %`);
  else parts.push(`${formatCount(done)} ${unit}`);
  if (rate !== undefined) parts.push(formatPace(rate, unit));
  if (eta !== undefined) parts.push(`${formatSeconds(eta)} left`);
  return plainText(parts.filter((part) => part !== '').join(' · '));
}

/** The step's name gives way first: how long it still takes is what people look for. */
function fit(step: string, description: string, width: number): string {
  const name = shorten(step, Math.max(NAME_WIDTH, width - description.length - 1));
  return shorten(`${name} ${description}`, Math.max(NAME_WIDTH, width));
}

function stateLine(step: string, event: Extract<StepEvent, { type: 'state' }>): string | undefined {
  const message = event.message === undefined ? '' : ` ${plainText(event.message)}`;
  switch (event.state) {
    case 'running':
      return undefined;
    case 'succeeded':
      return `${paintError.green('✓')} ${step}`;
    case 'reused':
      return `${paintError.green('✓')} ${step} ${paintError.dim(`(reused${message})`)}`;
    case 'failed':
      return `${paintError.red('✗')} ${step}${message}`;
    case 'skipped':
      return `${paintError.dim('–')} ${step}${paintError.dim(message)}`;
    case 'cancelled':
      return `${paintError.yellow('■')} ${step} cancelled`;
  }
}

/**
 * On a terminal: finished steps as lines, and below them one line a running step, with a bar, percent, rate and time
 * left. Elsewhere (a log file, CI): lines, progress at most every five seconds.
 */
export class ProgressView implements EventView {
  readonly #live = new Map<string, ProgressEvent>();
  readonly #started = new Map<string, number>();
  readonly #lastPlain = new Map<string, number>();
  readonly #footer: Footer | undefined;
  readonly #meter: RunMeter | undefined;
  #drawn = 0;

  constructor(footer?: Footer, meter?: RunMeter) {
    this.#footer = footer;
    this.#meter = meter;
  }

  event(step: string, event: StepEvent): void {
    this.#meter?.event(step, event);
    switch (event.type) {
      case 'progress':
        return this.#progress(step, event);
      case 'log':
        if (event.level === 'warning' || event.level === 'error')
          this.#line(`${paintError.yellow('!')} ${step}: ${plainText(event.message)}`);
        return;
      case 'state':
        return this.#state(step, event);
      case 'loss':
        return;
    }
  }

  close(): void {
    this.#live.clear();
    this.#erase();
  }

  #progress(step: string, event: ProgressEvent): void {
    if (process.stderr.isTTY) {
      this.#live.set(step, event);
      this.#redraw();
      return;
    }
    const now = performance.now();
    if (now - (this.#lastPlain.get(step) ?? this.#started.get(step) ?? now) < PLAIN_INTERVAL_MS) return;
    this.#lastPlain.set(step, now);
    this.#line(`  ${step}: ${describe(event)}`);
  }

  #state(step: string, event: Extract<StepEvent, { type: 'state' }>): void {
    if (event.state === 'running') this.#started.set(step, performance.now());
    else if (process.stderr.isTTY) this.#footer?.update();
    this.#live.delete(step);
    if (step === 'driver') return;
    const line = stateLine(step, event);
    const started = this.#started.get(step);
    const seconds =
      started === undefined || event.state === 'reused'
        ? ''
        : paintError.dim(` ${formatSeconds((performance.now() - started) / 1000)}`);
    if (line !== undefined) this.#line(line + seconds);
  }

  #line(text: string): void {
    this.#erase();
    process.stderr.write(`${text}\n`);
    this.#redraw();
  }

  #erase(): void {
    if (this.#drawn > 0) process.stderr.write(`\x1b[${this.#drawn}F\x1b[0J`);
    this.#drawn = 0;
  }

  #redraw(): void {
    if (!process.stderr.isTTY) return;
    this.#erase();
    const width = (process.stderr.columns || 80) - 1;
    for (const [step, event] of this.#live) {
      const text = fit(step, describe(event), width - BAR_WIDTH - 4);
      process.stderr.write(`  ${paintError.cyan(bar(stepShare(event)))} ${text}\n`);
      this.#drawn++;
    }
    if (this.#live.size > 0 && this.#meter !== undefined) {
      process.stderr.write(`  ${shorten(this.#meter.line(), width - 2)}\n`);
      this.#drawn++;
    }
    for (const line of this.#footer?.lines(width) ?? []) {
      process.stderr.write(`${line}\n`);
      this.#drawn++;
    }
  }
}
