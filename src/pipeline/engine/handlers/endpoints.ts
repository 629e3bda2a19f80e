import { InvokeReply } from '../../../protocol/engine/endpoints.ts';
import type { EndpointChange } from '../../../protocol/endpoint-change.ts';
import type { LocalEndpoint, SageMakerEndpoint } from '../../../protocol/endpoint.ts';
import { sageMakerName } from '../../../protocol/endpoint-id.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { answerQuestion, askToCancel, openQuestions } from '../../deploy/asking/question-files.ts';
import { knownChanges } from '../../deploy/change-record.ts';
import { deploymentFolders } from '../../deploy/deployment-folder.ts';
import { knownEndpoint } from '../../deploy/known-endpoint.ts';
import { knownPredictions } from '../../predict/prediction-record.ts';
import { serverFigures } from '../../serving/server-figures.ts';
import { isServing, readRecord, runningServers, type ServingRecord } from '../../serving/serving-record.ts';
import { askToStop, askToSwap } from '../../serving/serving-request.ts';
import { cliChild } from '../cli-child.ts';
import { tell, untold } from '../untold.ts';
import type { EngineSite, Handlers } from './handler.ts';

/** A server ends what is in flight within less. */
const STOP_MS = 15_000;
/** Characters of a reply that are shown. */
const MOST_SHOWN = 1_000_000;

export function endpointHandlers({ store }: EngineSite): Handlers<'endpoints'> {
  return {
    'endpoints/list': async (_, signal) => {
      const local = await Promise.all(runningServers(store).map((record) => endpointOf(record, signal)));
      const [changes, predictions] = [knownChanges(store), knownPredictions(store)];
      const atAws = endpointsAtAws(store).map((endpoint) => changing(endpoint, changes));
      return {
        ...{ endpoints: [...local, ...atAws], questions: openQuestions(store), changes, predictions },
        untold: untold(store, [...changes, ...predictions]),
      };
    },
    'endpoints/stop': async ({ id }, signal) => {
      if (!(await askToStop(store, id, signal, STOP_MS))) endProcess(store, id);
      return {};
    },
    'endpoints/swap': async ({ id, run, model }, signal) => ({
      version: await askToSwap(store, id, { run, ...(model === undefined ? {} : { model }) }, signal),
    }),
    'endpoints/answer': async ({ id, number, text }) => {
      await answerQuestion(store, { id, number }, text);
      return {};
    },
    'endpoints/cancel': ({ id }) => {
      askToCancel(store, id);
      return {};
    },
    'endpoints/tell': ({ id }) => ({ first: tell(store, id) }),
    'endpoints/invoke': ({ id, body }, signal) => {
      const name = sageMakerName(id);
      if (name === undefined) return invoke(requireServer(store, id), body, signal);
      return invokeAtAws(store, name, body, signal);
    },
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

function endpointsAtAws(store: string): SageMakerEndpoint[] {
  return deploymentFolders(store)
    .map(knownEndpoint)
    .filter((endpoint) => endpoint !== undefined);
}

/** With what a process does to it now. */
function changing(endpoint: SageMakerEndpoint, changes: readonly EndpointChange[]): SageMakerEndpoint {
  const now = changes.find((change) => change.state === 'running' && change.endpoint === endpoint.name);
  return now === undefined ? endpoint : { ...endpoint, changing: now.what };
}

/** By a process of its own: the AWS SDK is not for an engine that is asked all the time. */
async function invokeAtAws(
  store: string,
  name: string,
  body: string,
  signal: AbortSignal,
): Promise<InvokeReply> {
  const endpoint = endpointsAtAws(store).find((one) => one.name === name);
  if (endpoint === undefined)
    throw new UserError(`The endpoint ${name} is not known any more.`, 'Deploy a run again: RecSys: Deploy.');
  const { profile, region } = endpoint;
  const words = [
    ...['endpoint', 'invoke', name, '--store', store, '--json', '--ask-by-file'],
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(region === undefined ? [] : ['--region', region]),
  ];
  const printed = await cliChild(words, body, signal);
  return InvokeReply.parse(JSON.parse(printed));
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
