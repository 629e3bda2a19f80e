import * as fs from 'node:fs';
import * as path from 'node:path';
import { RunLabels, RunManifest } from '../../protocol/run.ts';
import { DriverState, StepState } from '../../protocol/step.ts';
import { UserError } from '../../protocol/user-error.ts';
import { heartbeatAge } from './event-log.ts';
import { isAlive } from './process-identity.ts';
import { readJson } from './read-json.ts';

const STATE = 'state.json';
const EVENTS = 'events.ndjson';
export const DRIVER = 'driver';

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
    const manifest = readJson(this.manifestFile, RunManifest);
    if (manifest === undefined)
      throw new UserError(
        `Run ${this.id} has no run.json: it was cut off before it began.`,
        `Delete it: recsys rm ${this.id}`,
      );
    return manifest;
  }

  labels(): RunLabels {
    return readJson(this.labelsFile, RunLabels) ?? { tags: [], starred: false };
  }

  stepState(step: string): StepState | undefined {
    return readJson(this.stateFile(step), StepState);
  }

  driverState(): DriverState | undefined {
    return readJson(this.stateFile(DRIVER), DriverState);
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
