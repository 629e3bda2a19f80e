/** The log of a run, by time, part by part: each reading goes on where the one before ended. */
import * as path from 'node:path';
import * as z from 'zod/mini';
import type { StampedEvent } from '../../protocol/events.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { planRun } from '../flow/plan.ts';
import { flowOf } from '../flows/registry.ts';
import { parseEvent } from '../store/event-log.ts';
import {
  linesOf,
  readOn,
  wholeLines,
  wholeText,
  type ReadOn,
  type ReadPlace,
  type WholeText,
} from '../store/read-on.ts';
import { DRIVER, EVENTS, type RunFolder } from '../store/run-folder.ts';
import { Damage } from '../store/damage.ts';
import { askedTasks } from './asked-tasks.ts';
import { untilOf } from './view-run.ts';

/** How far each file was read, by its path in the run's folder. */
export const LogPlaces = z.record(
  z.string(),
  z.object({ offset: z.int().check(z.minimum(0)), inode: z.number() }),
);
export type LogPlaces = z.infer<typeof LogPlaces>;

export interface LogEvent {
  readonly step: string;
  readonly event: StampedEvent;
}

/** What a step's process printed by itself: traces of crashes, mostly. */
export interface LogOutput {
  readonly step: string;
  readonly text: string;
  /** Whether it is the beginning of what it printed. */
  readonly first: boolean;
}

export interface LogPart {
  readonly events: readonly LogEvent[];
  /** After the events. */
  readonly outputs: readonly LogOutput[];
  readonly places: LogPlaces;
  /** A file was replaced or cut short: what was read before is no longer what it holds. */
  readonly restarted: boolean;
  /** There is more to be read now. */
  readonly more: boolean;
}

/** Bytes of a part, roughly, and of what is read of one file at once. */
const PART_BYTES = 512 * 1024;

/**
 * The steps and branches whose logs a run has or will have, the driver first.
 * @param only the one that is asked for
 * @throws UserError when the run has no such step
 */
export function stepsOfLog(run: RunFolder, only?: string): string[] {
  const manifest = run.manifest();
  const flow = flowOf(manifest.flow);
  const driver = new Damage().except(() => run.driverState());
  const tasks = [
    ...planRun(flow, manifest, untilOf(flow, manifest, driver)),
    ...askedTasks(run, flow, manifest, driver),
  ];
  const all = [DRIVER, ...tasks.map((task) => task.path)];
  if (only === undefined) return all;
  if (all.includes(only)) return [only];
  throw new UserError(`Run ${run.id} has no step '${only}'.`, `It has: ${all.join(', ')}.`, {
    exitCode: EXIT.notFound,
  });
}

interface PlacedEvent extends LogEvent {
  readonly file: string;
  /** By which the events of several steps are put in order. */
  readonly place: number;
  readonly after: ReadPlace;
}

interface StepEvents {
  readonly events: readonly PlacedEvent[];
  /** Events later than this may have others before them that were not read yet. */
  readonly horizon: number;
  readonly restarted: boolean;
  /** Where reading goes on when nothing of it is an event. */
  readonly places: LogPlaces;
}

/** A step's events stay in their order, though the clock was set back between two attempts. */
function eventsOf(run: RunFolder, step: string, from: LogPlaces): StepEvents {
  const file = `${step}/${EVENTS}`;
  const read = readOn(path.join(run.folder, file), from[file], PART_BYTES);
  if (read === undefined) return { events: [], horizon: Infinity, restarted: false, places: {} };
  const { inode } = read.place;
  let place = -Infinity;
  let { offset } = read.place;
  const events = linesOf(read).flatMap(({ text, end }): PlacedEvent[] => {
    offset = end;
    const event = parseEvent(text);
    if (event === undefined) return [];
    place = Math.max(place, event.t);
    return [{ step, event, file, place, after: { offset: end, inode } }];
  });
  // What follows the last event is no event, or not whole yet.
  const skipped = events.length === 0 ? { [file]: { offset, inode } } : {};
  return { events, horizon: read.more ? place : Infinity, restarted: read.restarted, places: skipped };
}

interface StepOutput {
  readonly output: readonly LogOutput[];
  readonly places: LogPlaces;
  readonly restarted: boolean;
  readonly more: boolean;
}

function outputOf(run: RunFolder, step: string, from: LogPlaces): StepOutput {
  const file = `${step}/output.log`;
  const read = readOutput(run, step, file, from[file]);
  if (read === undefined) return { output: [], places: {}, restarted: false, more: false };
  const { text, length, restarted } = read;
  const { offset, inode } = read.place;
  const output = text === '' ? [] : [{ step, text, first: offset === 0 }];
  const places = { [file]: { offset: offset + length, inode } };
  return { output, places, restarted, more: read.more && length > 0 };
}

/** Whole lines; a last one that has no end is taken when nobody writes on. */
function readOutput(
  run: RunFolder,
  step: string,
  file: string,
  from: ReadPlace | undefined,
): (ReadOn & WholeText) | undefined {
  const read = readOn(path.join(run.folder, file), from, PART_BYTES);
  if (read === undefined) return undefined;
  const lines = wholeLines(read);
  if (lines.length === read.bytes.length || read.more || !hasEnded(run, step)) return { ...read, ...lines };
  // The line may have gone on since it was read, before its step ended.
  const all = readOn(path.join(run.folder, file), from, PART_BYTES);
  return all && { ...all, ...(all.more ? wholeLines(all) : wholeText(all.bytes)) };
}

/** Whether what a step printed is all there. */
function hasEnded(run: RunFolder, step: string): boolean {
  if (!run.isDriven()) return true;
  const state = run.usableStepState(step);
  return state !== undefined && !run.alive(step, state);
}

/**
 * The next part of a run's log.
 * @param from where the part before it ended; nothing: from the beginning
 * @throws UserError when a file cannot be read
 */
export function readLog(run: RunFolder, steps: readonly string[], from: LogPlaces = {}): LogPart {
  const read = steps.map((step) => eventsOf(run, step, from));
  const horizon = Math.min(...read.map((one) => one.horizon));
  const all = read.flatMap(({ events }) => events).sort((a, b) => a.place - b.place);
  const { taken, rest } = upToSize(all, horizon);
  const skipped = read.flatMap((one) => Object.entries(one.places));
  const places: Record<string, ReadPlace> = { ...from, ...Object.fromEntries(skipped) };
  for (const { file, after } of taken) places[file] = after;
  const restarted = read.some((one) => one.restarted);
  const unread = rest || read.some((one) => one.horizon < Infinity);
  if (unread) return { events: taken, outputs: [], places, restarted, more: true };
  return withOutputs({ events: taken, outputs: [], places, restarted, more: false }, run, steps);
}

function upToSize(all: readonly PlacedEvent[], horizon: number): { taken: PlacedEvent[]; rest: boolean } {
  let bytes = 0;
  const end = all.findIndex(({ place, event }) => {
    if (place > horizon || bytes >= PART_BYTES) return true;
    bytes += 'message' in event ? (event.message?.length ?? 0) + 100 : 100;
    return false;
  });
  return { taken: end < 0 ? [...all] : all.slice(0, end), rest: end >= 0 };
}

/** What processes printed comes after all events; of several steps' outputs a part holds as many as fit. */
function withOutputs(part: LogPart, run: RunFolder, steps: readonly string[]): LogPart {
  const outputs: LogOutput[] = [];
  const places = { ...part.places };
  let { restarted } = part;
  let bytes = 0;
  for (const step of steps) {
    const read = outputOf(run, step, places);
    outputs.push(...read.output);
    Object.assign(places, read.places);
    restarted ||= read.restarted;
    bytes += read.output[0]?.text.length ?? 0;
    if (read.more || bytes >= PART_BYTES) return { ...part, outputs, places, restarted, more: true };
  }
  return { ...part, outputs, places, restarted };
}
