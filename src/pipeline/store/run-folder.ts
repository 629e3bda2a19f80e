import * as fs from 'node:fs';
import * as path from 'node:path';
import { RunLabels, RunManifest } from '../../protocol/run.ts';
import { DriverState, StepState } from '../../protocol/step.ts';
import { UserError } from '../../protocol/user-error.ts';
import { DamagedFileError } from './damaged-file.ts';
import { heartbeatAge } from './event-log.ts';
import { isAlive } from './process-identity.ts';
import { readClaim } from './read-claim.ts';
import { readJson } from './read-json.ts';

export const STATE = 'state.json';
export const EVENTS = 'events.ndjson';
export const DRIVER = 'driver';
/** Pictures of a run's vectors, which belong to no step. */
export const MAPS = 'maps';

function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DamagedFileError) return undefined;
    throw error;
  }
}

/** The paths and files of one run's folder. Reads only; each file's one writer writes through its own code. */
export class RunFolder {
  readonly id: string;
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    this.id = path.basename(folder);
  }

  get manifestFile(): string {
    return path.join(this.folder, 'run.json');
  }
  get labelsFile(): string {
    return path.join(this.folder, 'labels.json');
  }
  /** Folder of a step or branch (`train/popularity`), or of the driver. */
  stepFolder(step: string): string {
    return path.join(this.folder, ...step.split('/'));
  }
  stateFile(step: string): string {
    return path.join(this.stepFolder(step), STATE);
  }
  eventsFile(step: string): string {
    return path.join(this.stepFolder(step), EVENTS);
  }
  /** Holds the process that took the right to drive the run for the given time; made exclusively. */
  claimFile(attempt: number): string {
    return path.join(this.folder, DRIVER, `attempt-${attempt}`);
  }
  /** Its presence asks the driver's given attempt, and every step it started, to stop. */
  cancelFile(attempt: number): string {
    return path.join(this.folder, DRIVER, `cancel-${attempt}`);
  }

  /** @throws UserError when there is no readable `run.json`. */
  manifest(): RunManifest {
    const manifest = readJson(
      this.manifestFile,
      RunManifest,
      `Restore it, or delete the run: recsys rm ${this.id}`,
    );
    if (manifest === undefined)
      throw new UserError(
        `Run ${this.id} has no run.json: it was cut off before it began.`,
        `Delete it: recsys rm ${this.id}`,
      );
    return manifest;
  }

  /** @throws UserError when they are damaged or cannot be read */
  labels(): RunLabels {
    const repair = `Correct it, or delete it and label the run anew: recsys label ${this.id}`;
    return readJson(this.labelsFile, RunLabels, repair) ?? { tags: [], starred: false };
  }

  stepState(step: string): StepState | undefined {
    return readJson(this.stateFile(step), StepState);
  }

  driverState(): DriverState | undefined {
    return readJson(this.stateFile(DRIVER), DriverState);
  }

  /** The same, but a damaged file counts as none: what it was the state of is done anew. */
  usableStepState(step: string): StepState | undefined {
    return unlessDamaged(() => this.stepState(step));
  }

  /** The same for the driver's state. */
  usableDriverState(): DriverState | undefined {
    return unlessDamaged(() => this.driverState());
  }

  /** Whether a process drives the run. Where the driver's state is damaged, the newest claim tells. */
  isDriven(): boolean {
    let state: DriverState | undefined;
    try {
      state = this.driverState();
    } catch {
      return this.#newestClaimIsHeld();
    }
    return state !== undefined && this.alive(DRIVER, state);
  }

  #newestClaimIsHeld(): boolean {
    const holder = readClaim(this.claimFile(this.newestAttempt()));
    return holder !== undefined && isAlive(holder, heartbeatAge(this.eventsFile(DRIVER)));
  }

  /** The number of the last attempt to drive the run, by its claim files; 0 before the first. */
  newestAttempt(): number {
    let attempt = 0;
    while (fs.existsSync(this.claimFile(attempt + 1))) attempt++;
    return attempt;
  }

  /** Whether the process that wrote this state still runs. */
  alive(step: string, state: StepState | DriverState): boolean {
    return state.state === 'running' && isAlive(state.process, heartbeatAge(this.eventsFile(step)));
  }

  /** Whether someone asked the given attempt to stop. */
  cancelRequested(attempt: number): boolean {
    return fs.existsSync(this.cancelFile(attempt));
  }
}
