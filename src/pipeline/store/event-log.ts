import * as fs from 'node:fs';
import { StampedEvent, type StepEvent } from '../../protocol/events.ts';
import { unreadable } from './damaged-file.ts';
import { isDiskFull } from './store-error.ts';

const HEARTBEAT_MS = 2000;

function endsWithinLine(file: string): boolean {
  const last = readOr(file, (descriptor, size) => {
    const buffer = Buffer.alloc(Math.min(1, size));
    fs.readSync(descriptor, buffer, 0, buffer.length, Math.max(0, size - 1));
    return buffer.toString('latin1');
  });
  return last !== '' && last !== '\n';
}

/** The writing end of an `events.ndjson`: appends whole lines, and touches the file as a heartbeat. */
export class EventLog {
  readonly #descriptor: number;
  readonly #timer: NodeJS.Timeout;
  /** Whether the file ends within a line, which a crash or a full disk cut off. */
  #cutOff: boolean;
  /** Time of the last event: times do not go back, though the clock may. */
  #last = 0;

  constructor(file: string) {
    this.#cutOff = endsWithinLine(file);
    this.#descriptor = fs.openSync(file, 'a');
    this.#timer = setInterval(() => this.#touch(), HEARTBEAT_MS);
    this.#timer.unref();
    this.#touch();
  }

  /** Appends one event with the time of now, and gives the line's value. A full disk loses the line, not the run. */
  append(event: StepEvent): StampedEvent {
    this.#last = Math.max(this.#last, Date.now());
    const stamped: StampedEvent = { t: this.#last, ...event };
    const line = Buffer.from(`${this.#cutOff ? '\n' : ''}${JSON.stringify(stamped)}\n`);
    try {
      const written = fs.writeSync(this.#descriptor, line);
      this.#cutOff = written < line.length;
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
    return stamped;
  }

  close(): void {
    clearInterval(this.#timer);
    fs.closeSync(this.#descriptor);
  }

  #touch(): void {
    const now = new Date();
    try {
      fs.futimesSync(this.#descriptor, now, now);
    } catch {
      // A missed heartbeat must not end the run.
    }
  }
}

/** The event that a line holds; undefined for one that was cut off. */
export function parseEvent(line: string): StampedEvent | undefined {
  try {
    const parsed = StampedEvent.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function readOr(file: string, read: (descriptor: number, size: number) => string): string {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    return read(descriptor, fs.fstatSync(descriptor).size);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * All events of a file, oldest first; a line cut off by a crash is passed over. None where there is no file.
 * @throws UserError when it cannot be read
 */
export function readEvents(file: string): StampedEvent[] {
  if (!fs.existsSync(file)) return [];
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  return text.split('\n').flatMap((line) => parseEvent(line) ?? []);
}

/**
 * Of a file's events, or the last of them, those of the last attempt: from where its step said that it runs, or, where
 * it has not, by their times.
 * @param started when the attempt began, where that is known
 */
export function ofLastAttempt(
  events: readonly StampedEvent[],
  started: string | undefined,
): readonly StampedEvent[] {
  const running = events.findLastIndex((event) => event.type === 'state' && event.state === 'running');
  if (running >= 0) return events.slice(running);
  const start = started === undefined ? 0 : Date.parse(started);
  return events.filter(({ t }) => t >= start);
}

const TAIL_BYTES = 8192;

/** The last events of a file, oldest first, without reading the rest. */
export function tailEvents(file: string): StampedEvent[] {
  const text = readOr(file, (descriptor, size) => {
    const length = Math.min(TAIL_BYTES, size);
    const buffer = Buffer.alloc(length);
    fs.readSync(descriptor, buffer, 0, length, size - length);
    return buffer.toString('utf8');
  });
  return text.split('\n').flatMap((line) => parseEvent(line) ?? []);
}

/** Milliseconds since the writer's last sign of life; Infinity when there is no file. */
export function heartbeatAge(file: string): number {
  try {
    return Date.now() - fs.statSync(file).mtimeMs;
  } catch {
    return Infinity;
  }
}
