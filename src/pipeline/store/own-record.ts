/**
 * Records of processes that windows follow: each process writes its own in a folder of the store, which outlives it for a
 * day.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type * as z from 'zod/mini';
import type { ProcessRecord } from '../../protocol/process-record.ts';
import { removeLeftovers, writeJson } from './atomic-file.ts';
import { makeFolder } from './make-folder.ts';
import { isAlive, ownIdentity } from './process-identity.ts';
import { readRecordIn, recordAge, recordIds, recordIn } from './process-records.ts';
import { storeError } from './store-error.ts';

const WRITE_EVERY_MS = 500;
const KEPT_MS = 24 * 60 * 60_000;
/** What a process that was killed while writing left behind. */
const LEFTOVER_MS = 60_000;

/** Records of one kind: where in the store they stand, and what they hold. */
export interface RecordKind<R extends ProcessRecord> {
  readonly folder: string;
  readonly schema: z.ZodMiniType<R>;
}

/** What a record of this kind tells from its beginning. */
export type Begun<R extends ProcessRecord> = Omit<R, 'format' | 'process' | 'started' | 'state'>;

export type ProcessEnd = Pick<ProcessRecord, 'state' | 'failure'>;

/** The record of this process. */
export class OwnRecord<R extends ProcessRecord> {
  readonly #file: string;
  #told: R;
  #written = -Infinity;
  /** Writes follow each other, so that the last one stays. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, told: R) {
    this.#file = file;
    this.#told = told;
  }

  /** @throws UserError where the store cannot be written */
  static async begin<R extends ProcessRecord>(
    store: string,
    kind: RecordKind<R>,
    begun: Begun<R>,
  ): Promise<OwnRecord<R>> {
    const folder = recordFolder(store, kind);
    const told = kind.schema.parse({
      ...begun,
      ...{ format: 1, process: ownIdentity(), started: new Date().toISOString(), state: 'running' },
    });
    const record = new OwnRecord(recordIn(folder, told.id), told);
    try {
      makeFolder(folder);
      await removeOld(store, kind);
      await record.#write();
    } catch (error) {
      throw storeError(store, error);
    }
    return record;
  }

  get told(): R {
    return this.#told;
  }

  /** What passes by need not be on the disk each time. */
  glimpse(change: Partial<R>): void {
    this.#told = { ...this.#told, ...change };
    if (performance.now() - this.#written >= WRITE_EVERY_MS) void this.#write().catch(() => undefined);
  }

  /** @param more what it tells beside how it ended */
  async end(end: ProcessEnd, more?: Partial<R>): Promise<void> {
    this.#told = { ...this.#told, ...end, ...more };
    // What was done is what was asked for, not that windows are told of it.
    await this.#write().catch(() => undefined);
  }

  #write(): Promise<void> {
    this.#written = performance.now();
    const told = this.#told;
    this.#writing = this.#writing.catch(() => undefined).then(() => writeJson(this.#file, told));
    return this.#writing;
  }
}

export function recordFolder(store: string, { folder }: Pick<RecordKind<never>, 'folder'>): string {
  return path.join(store, folder);
}

/** Those of processes that are at work, and of those that ended within the last day, the first started first. */
export function knownRecords<R extends ProcessRecord>(store: string, kind: RecordKind<R>): R[] {
  const folder = recordFolder(store, kind);
  return recordIds(folder)
    .map((id) => readRecordIn(folder, id, kind.schema))
    .filter((one) => one !== undefined)
    .map((one) => (isLost(folder, one) ? { ...one, state: 'lost' } : one));
}

function isLost(folder: string, { id, state, process }: ProcessRecord): boolean {
  return state === 'running' && !isAlive(process, ageOf(folder, id));
}

function ageOf(folder: string, id: string): number {
  return recordAge(folder, id) ?? Infinity;
}

async function removeOld<R extends ProcessRecord>(store: string, kind: RecordKind<R>): Promise<void> {
  const folder = recordFolder(store, kind);
  const running = new Set(
    knownRecords(store, kind).flatMap(({ id, state }) => (state === 'running' ? [id] : [])),
  );
  for (const id of recordIds(folder))
    if (!running.has(id) && ageOf(folder, id) > KEPT_MS)
      await fs.promises.rm(recordIn(folder, id), { force: true });
  await removeLeftovers(folder, LEFTOVER_MS);
}
