import type { InvokeReply } from '../../../protocol/engine/endpoints.ts';
import type { LocalEndpoint } from '../../../protocol/endpoint.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { serverFigures } from '../../serving/server-figures.ts';
import { isServing, readRecord, runningServers, type ServingRecord } from '../../serving/serving-record.ts';
import { askToStop, askToSwap } from '../../serving/serving-request.ts';
import type { EngineSite, Handlers } from './handler.ts';

/** A server ends what is in flight within less. */
const STOP_MS = 15_000;
/** Characters of a reply that are shown. */
const MOST_SHOWN = 1_000_000;

export function endpointHandlers({ store }: EngineSite): Handlers<'endpoints'> {
  return {
    'endpoints/list': async (_, signal) => ({
      endpoints: await Promise.all(runningServers(store).map((record) => endpointOf(record, signal))),
    }),
    'endpoints/stop': async ({ id }, signal) => {
      if (!(await askToStop(store, id, signal, STOP_MS))) endProcess(store, id);
      return {};
    },
    'endpoints/swap': async ({ id, run, model }, signal) => ({
      version: await askToSwap(store, id, { run, ...(model === undefined ? {} : { model }) }, signal),
    }),
    'endpoints/invoke': ({ id, body }, signal) => invoke(requireServer(store, id), body, signal),
  };
}

async function endpointOf(record: ServingRecord, signal: AbortSignal): Promise<LocalEndpoint> {
  const { id, name, url, answering, version, started, since, maxK, watches } = record;
  const figures = record.protected ? undefined : await serverFigures(url, signal);
  return {
    ...{ where: 'local', id, name, url, pid: record.process.pid, answering, version, started, since },
    ...{ protected: record.protected, maxK, watches },
    ...(figures === undefined ? {} : { figures }),
  };
}

/** One that does not listen any more. */
function endProcess(store: string, id: string): void {
  const record = readRecord(store, id);
  if (record !== undefined && isServing(store, record)) process.kill(record.process.pid, 'SIGKILL');
}

function requireServer(store: string, id: string): ServingRecord {
  const record = readRecord(store, id);
  if (record !== undefined && isServing(store, record)) return record;
  throw new UserError('This endpoint has stopped.', 'Serve a run again: RecSys: Serve Locally.');
}

async function invoke({ url, name }: ServingRecord, body: string, signal: AbortSignal): Promise<InvokeReply> {
  const began = performance.now();
  const response = await fetch(`${url}/v1/models/${name}:predict`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body, signal },
  });
  const text = await response.text();
  const version = response.headers.get('x-recsys-version');
  return {
    status: response.status,
    milliseconds: performance.now() - began,
    body: text.slice(0, MOST_SHOWN),
    ...(version === null ? {} : { version }),
  };
}
