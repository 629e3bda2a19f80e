/**
 * Asking a running server for something by a file, which needs no handle on its process, no open port and no signal: other
 * platforms know none that a process could obey.
 */
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod/mini';
import { UserError } from '../../protocol/user-error.ts';
import { writeJson } from '../store/atomic-file.ts';
import { readJson } from '../store/read-json.ts';
import { isServing, readRecord, requestFile } from './serving-record.ts';

export const ServingRequest = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('stop'), request: z.string() }),
  z.object({
    ask: z.literal('swap'),
    request: z.string(),
    run: z.string(),
    /** Absent: the run's own choice. */
    model: z.optional(z.string()),
    everything: z.optional(z.boolean()),
  }),
]);
export type ServingRequest = z.infer<typeof ServingRequest>;
export type Swap = Omit<Extract<ServingRequest, { ask: 'swap' }>, 'ask' | 'request'>;

const POLL_MS = 100;

const notRunning = (id: string): UserError =>
  new UserError(`No server ${id} runs.`, 'It may have stopped meanwhile; look at the list of endpoints.');

/** Has a server stop, and waits until it has. @returns false where it did not within the time */
export async function askToStop(
  store: string,
  id: string,
  signal: AbortSignal,
  milliseconds: number,
): Promise<boolean> {
  const record = readRecord(store, id);
  if (record === undefined || !isServing(store, record)) throw notRunning(id);
  await writeJson(requestFile(store, id), { ask: 'stop', request: randomUUID() } satisfies ServingRequest);
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const now = readRecord(store, id);
    if (now === undefined || !isServing(store, now)) return true;
    await pause(POLL_MS, undefined, { signal });
  }
  return false;
}

/**
 * Has a server answer with another run's model, and waits until it does.
 * @throws UserError why it could not; it answers as before then
 */
export async function askToSwap(store: string, id: string, swap: Swap, signal: AbortSignal): Promise<number> {
  const request = randomUUID();
  if (readRecord(store, id) === undefined) throw notRunning(id);
  await writeJson(requestFile(store, id), { ask: 'swap', request, ...swap } satisfies ServingRequest);
  for (;;) {
    await pause(POLL_MS, undefined, { signal });
    const record = readRecord(store, id);
    if (record === undefined || !isServing(store, record)) throw notRunning(id);
    if (record.replied?.request !== request) continue;
    const { failure, hint = '' } = record.replied;
    if (failure !== undefined) throw new UserError(failure, hint);
    return record.version;
  }
}

const LOOK_MS = 250;

/** Looks for requests to this server until it is disposed. */
export function watchRequests(
  store: string,
  id: string,
  heard: (request: ServingRequest) => void,
): { dispose(): void } {
  const file = requestFile(store, id);
  const look = (): void => {
    if (!fs.existsSync(file)) return;
    const request = readRequest(file);
    fs.rmSync(file, { force: true });
    if (request !== undefined) heard(request);
  };
  const timer = setInterval(look, LOOK_MS);
  return { dispose: () => clearInterval(timer) };
}

/** What cannot be read was not written by this program. */
function readRequest(file: string): ServingRequest | undefined {
  try {
    return readJson(file, ServingRequest);
  } catch {
    return undefined;
  }
}
