/** A run as lists show it. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { KeptOutcome } from '../../protocol/run-outcome.ts';
import type { Activity, RunRow } from '../../protocol/run-row.ts';
import type { RunView } from '../../protocol/run-view.ts';
import type { DriverState } from '../../protocol/step.ts';
import { mapBytes, withMaps } from '../store/map-bytes.ts';
import { DRIVER, EVENTS, MAPS, type RunFolder, STATE } from '../store/run-folder.ts';
import { secondsTaken } from '../store/seconds-taken.ts';
import { Damage } from '../store/damage.ts';
import { adoptedBy, dataOf, filesOf, outcomeOf, withoutStack } from './run-outcome.ts';
import { viewRun } from './view-run.ts';

/** A row, and what has to be known to keep it. `changed` is set by whoever keeps it. */
export interface ReadRow {
  readonly row: RunRow;
  readonly adopted: KeptOutcome['adopted'];
  /** The files of its steps that it was made from, relative to the run's folder. */
  readonly files: readonly string[];
  /** Those that may still change it while its own files stay as they are. */
  readonly watched: readonly string[];
  /** Steps whose processes run, the driver among them: their end is written nowhere when they are killed. */
  readonly running: readonly string[];
}

/** What tells of every change of a run in which nothing runs: what it is, its labels, what drove it last, and its maps. */
export const OWN_FILES = ['run.json', 'labels.json', `${DRIVER}/${STATE}`, MAPS] as const;

/** Clocks of file systems differ from that of the process by a little. */
const TOLERANCE_MS = 2000;

/**
 * The row of a run: of one that has ended, from what its driver wrote down, unless files were changed since.
 * @throws UserError when there is no readable `run.json`, which says what the run is
 */
export function readRow(run: RunFolder): ReadRow {
  const driver = endedDriver(run);
  const kept = driver?.kept;
  return driver !== undefined && kept !== undefined && areAsTheyWere(run, driver, kept.files)
    ? rowOfKept(run, driver, kept)
    : rowOfView(viewRun(run));
}

/** The state of a driver that has ended and could be read. */
function endedDriver(run: RunFolder): DriverState | undefined {
  const driver = new Damage().except(() => run.driverState());
  return driver?.state === 'running' ? undefined : driver;
}

/** By their sizes, and by their times, of which clocks allow no exact comparison. */
function areAsTheyWere(run: RunFolder, driver: DriverState, files: KeptOutcome['files']): boolean {
  const ended = Date.parse(driver.finished ?? '') + TOLERANCE_MS;
  return files.every(({ path: file, bytes }) => {
    const stats = fs.statSync(path.join(run.folder, file), { throwIfNoEntry: false });
    return stats?.size === bytes && stats.mtimeMs <= ended;
  });
}

function rowOfKept(run: RunFolder, driver: DriverState, kept: KeptOutcome): ReadRow {
  const { outcome, data, created, adopted, files } = kept;
  const damage = new Damage();
  const labels = damage.except(() => run.labels()) ?? { tags: [], starred: false };
  const failure = driver.failure ?? damage.found[0];
  const seconds = secondsTaken(driver);
  const row = {
    ...outcome,
    ...withMaps(outcome.bytes, mapBytes(run)),
    id: run.id,
    folder: run.folder,
    data,
    created,
    labels,
    state: damage.found.length > 0 ? ('damaged' as const) : driver.state,
    started: driver.started,
    ...(seconds === undefined ? {} : { seconds }),
    ...(failure === undefined ? {} : { failure: withoutStack(failure) }),
    damage: damage.found,
    changed: 0,
  };
  return { row, adopted, files: files.map(({ path: file }) => file), watched: [], running: [] };
}

function rowOfView(view: RunView): ReadRow {
  const { id, folder, manifest, labels, state, started, seconds, failure, damage, fraction, secondsLeft } =
    view;
  const activity = activityOf(view);
  const outcome = outcomeOf(view);
  const row = {
    ...outcome,
    ...withMaps(outcome.bytes, view.mapBytes ?? 0),
    ...{ id, folder, labels, state, started, damage },
    data: dataOf(view),
    created: manifest.created,
    ...(seconds === undefined ? {} : { seconds }),
    ...(failure === undefined ? {} : { failure: withoutStack(failure) }),
    ...(fraction === undefined ? {} : { fraction }),
    ...(secondsLeft === undefined ? {} : { secondsLeft }),
    ...(activity === undefined ? {} : { activity }),
    changed: 0,
  };
  const files = filesOf(view);
  return { row, adopted: adoptedBy(view), files, watched: watchedOf(view, files), running: runningOf(view) };
}

function runningOf({ state, steps }: RunView): string[] {
  const running = steps.filter((step) => step.state === 'running').map(({ path: step }) => step);
  return state === 'running' ? [DRIVER, ...running] : running;
}

function watchedOf(view: RunView, files: readonly string[]): readonly string[] {
  if (view.state === 'damaged') return files;
  const all = [DRIVER, ...view.steps.map(({ path: step }) => step)];
  if (runningOf(view).length > 0) return all.flatMap((step) => [`${step}/${STATE}`, `${step}/${EVENTS}`]);
  // On another machine, what seemed dead may show a sign of life.
  return view.state === 'interrupted' ? [`${DRIVER}/${EVENTS}`] : [];
}

function activityOf({ state, steps }: RunView): Activity | undefined {
  const running = state === 'running' ? steps.filter((step) => step.state === 'running') : [];
  const first = running.find((step) => step.progress !== undefined) ?? running[0];
  if (first === undefined) return undefined;
  const { step, title, progress } = first;
  return { step, title, count: running.length, ...(progress === undefined ? {} : { progress }) };
}
