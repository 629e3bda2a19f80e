/** Predictions that windows follow: each one's process writes a file in the store, which outlives it for a day. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { StepEvent } from '../../protocol/events.ts';
import { Prediction } from '../../protocol/prediction.ts';
import { removeLeftovers, writeJson } from '../store/atomic-file.ts';
import { makeFolder } from '../store/make-folder.ts';
import { isAlive, ownIdentity } from '../store/process-identity.ts';
import { readRecordIn, recordAge, recordIds, recordIn } from '../store/process-records.ts';
import { storeError } from '../store/store-error.ts';

const WRITE_EVERY_MS = 500;
const KEPT_MS = 24 * 60 * 60_000;
/** What a process that was killed while writing left behind. */
const LEFTOVER_MS = 60_000;

export const predictingFolder = (store: string): string => path.join(store, 'predicting');
const fileOf = (store: string, id: string): string => recordIn(predictingFolder(store), id);

type Begun = Pick<Prediction, 'id' | 'output' | 'where' | 'profile'>;

/** The record of the prediction that this process makes. */
export class PredictionRecord {
  readonly #store: string;
  #told: Prediction;
  #written = -Infinity;
  /** Writes follow each other, so that the last one stays. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(store: string, told: Prediction) {
    this.#store = store;
    this.#told = told;
  }

  /** @throws UserError where the store cannot be written */
  static async begin(store: string, begun: Begun): Promise<PredictionRecord> {
    const record = new PredictionRecord(store, {
      ...{ format: 1, ...begun, process: ownIdentity(), started: new Date().toISOString() },
      ...{ state: 'running', warnings: [] },
    });
    try {
      makeFolder(predictingFolder(store));
      await removeOld(store);
      await record.#write();
    } catch (error) {
      throw storeError(store, error);
    }
    return record;
  }

  event(event: StepEvent): void {
    if (event.type === 'progress') this.#told = { ...this.#told, progress: event };
    else if (event.type === 'log' && event.level === 'warning')
      this.#told = { ...this.#told, warnings: [...this.#told.warnings, event.message] };
    else return;
    // What passes by need not be on the disk each time.
    if (performance.now() - this.#written >= WRITE_EVERY_MS) void this.#write().catch(() => undefined);
  }

  async end(end: Pick<Prediction, 'state' | 'predicted' | 'failure'>): Promise<void> {
    this.#told = { ...this.#told, ...end };
    // The predictions are what was asked for, not that windows are told of them.
    await this.#write().catch(() => undefined);
  }

  #write(): Promise<void> {
    this.#written = performance.now();
    const told = this.#told;
    this.#writing = this.#writing
      .catch(() => undefined)
      .then(() => writeJson(fileOf(this.#store, told.id), told));
    return this.#writing;
  }
}

/** Those that are made now, and those that ended within the last day, the first started first. */
export function knownPredictions(store: string): Prediction[] {
  return recordIds(predictingFolder(store))
    .map((id) => readRecordIn(predictingFolder(store), id, Prediction))
    .filter((one) => one !== undefined)
    .map((one) => (isLost(store, one) ? { ...one, state: 'lost' } : one));
}

function isLost(store: string, { id, state, process }: Prediction): boolean {
  return state === 'running' && !isAlive(process, ageOf(store, id));
}

function ageOf(store: string, id: string): number {
  return recordAge(predictingFolder(store), id) ?? Infinity;
}

async function removeOld(store: string): Promise<void> {
  const running = new Set(
    knownPredictions(store).flatMap(({ id, state }) => (state === 'running' ? [id] : [])),
  );
  for (const id of recordIds(predictingFolder(store)))
    if (!running.has(id) && ageOf(store, id) > KEPT_MS)
      await fs.promises.rm(fileOf(store, id), { force: true });
  await removeLeftovers(predictingFolder(store), LEFTOVER_MS);
}
