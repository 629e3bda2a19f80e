/**
 * What servers leave in the store, for whoever looks for them: `serving/<id>.json`, written by the server alone. It holds no
 * token.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as z from 'zod/mini';
import { EndpointModel } from '../../protocol/endpoint.ts';
import { ProcessIdentity } from '../../protocol/step.ts';
import { removeLeftovers, writeJson } from '../store/atomic-file.ts';
import { makeFolder } from '../store/make-folder.ts';
import { isAlive } from '../store/process-identity.ts';
import { readRecordIn, recordAge, recordIds, recordIn } from '../store/process-records.ts';
import { storeError } from '../store/store-error.ts';

const ServingRecord = z.object({
  format: z.literal(1),
  id: z.string(),
  process: ProcessIdentity,
  name: z.string(),
  url: z.string(),
  protected: z.boolean(),
  maxK: z.int(),
  watches: z.boolean(),
  started: z.string(),
  /** The model that answers now. */
  version: z.int(),
  since: z.string(),
  answering: EndpointModel,
  /** What became of the last request by a file (`serving-request.ts`). */
  replied: z.optional(
    z.object({ request: z.string(), failure: z.optional(z.string()), hint: z.optional(z.string()) }),
  ),
});
export type ServingRecord = z.infer<typeof ServingRecord>;

/** What a server that was killed while writing left behind. */
const LEFTOVER_MS = 60_000;

export const servingFolder = (store: string): string => path.join(store, 'serving');
export const recordFile = (store: string, id: string): string => recordIn(servingFolder(store), id);

/** @throws UserError where the store cannot be written */
export async function writeRecord(store: string, record: ServingRecord): Promise<void> {
  try {
    makeFolder(servingFolder(store));
    await writeJson(recordFile(store, record.id), record);
  } catch (error) {
    throw storeError(store, error);
  }
}

/** Removes all that tells of a server. */
export async function removeRecord(store: string, id: string): Promise<void> {
  for (const file of [recordFile(store, id), requestFile(store, id)])
    await fs.promises.rm(file, { force: true });
}

/** Asks a server for something; see `serving-request.ts`. */
export const requestFile = (store: string, id: string): string =>
  path.join(servingFolder(store), `${id}.request`);

/** The record of a server; undefined where there is none, or it is not what a server of this version wrote. */
export function readRecord(store: string, id: string): ServingRecord | undefined {
  return readRecordIn(servingFolder(store), id, ServingRecord);
}

/** Whether the process that wrote a record still runs. */
export function isServing(store: string, { id, process }: ServingRecord): boolean {
  const age = recordAge(servingFolder(store), id);
  // A server of another machine that shares the store cannot be asked for; its record counts for as long as it is touched.
  return age !== undefined && isAlive(process, age);
}

/** The servers that run, the latest started first. */
export function runningServers(store: string): ServingRecord[] {
  return recordIds(servingFolder(store))
    .toReversed()
    .map((id) => readRecord(store, id))
    .filter((record): record is ServingRecord => record !== undefined && isServing(store, record));
}

/** Removes what servers of this machine left that were killed. */
export async function sweepRecords(store: string): Promise<void> {
  for (const id of recordIds(servingFolder(store))) {
    const record = readRecord(store, id);
    if (record !== undefined && !isServing(store, record)) await removeRecord(store, id);
  }
  await removeLeftovers(servingFolder(store), LEFTOVER_MS).catch(() => undefined);
}
