/** The query engine: passes on what the extension asks to the worker of its domain, and tells when the store changes. */
import * as path from 'node:path';
import {
  type CancellationToken,
  createMessageConnection,
  ErrorCodes,
  IPCMessageWriter,
  type MessageConnection,
  ResponseError,
} from 'vscode-jsonrpc/node';
import { engineDomains, type EngineDomain, STORE_CHANGED } from '../../protocol/engine.ts';
import type { EngineMethodEntries, EngineMethodEntry } from '../../protocol/engine/method.ts';
import { messageOf, UserError } from '../../protocol/user-error.ts';
import { distDir } from '../dist-dir.ts';
import type { EngineSite } from './handlers/handler.ts';
import { CheckedReader } from './checked-reader.ts';
import { Lane } from './lane.ts';
import { startProcess, startThread, type StartWorker } from './worker-handle.ts';

interface Place {
  readonly start: StartWorker;
  readonly stays: boolean;
  /** Milliseconds that it may go on with what nobody waits for. */
  readonly grace?: number;
}

/** Opening a model of a million items hears nothing for seconds; ended, it would be begun anew with the next question. */
const OPENING_MS = 10_000;

/**
 * Where each domain is worked on. What DuckDB may be part of needs a process: a thread in the middle of one of its queries
 * cannot be ended without ending the engine.
 */
const PLACES: Readonly<Record<EngineDomain, Place>> = {
  store: { start: startThread, stays: true },
  runs: { start: startThread, stays: false },
  models: { start: startThread, stays: false },
  data: { start: startProcess, stays: false },
  items: { start: startProcess, stays: false, grace: OPENING_MS },
  projections: { start: startProcess, stays: false },
  endpoints: { start: startThread, stays: false },
};

interface Route {
  readonly lane: Lane;
  readonly entry: EngineMethodEntry;
}

/** A failure as the extension shows it: the sentence, and what to do next. */
function asResponseError(error: unknown): ResponseError<{ hint: string; remedy?: string }> {
  return new ResponseError(ErrorCodes.InternalError, messageOf(error), {
    hint: error instanceof UserError ? error.hint : '',
    ...(error instanceof UserError && error.remedy !== undefined ? { remedy: error.remedy } : {}),
  });
}

/** @throws UserError when they are not what the request takes */
function checked(method: string, entry: EngineMethodEntry, params: unknown): unknown {
  const result = entry.params.safeParse(params);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new UserError(
    `The engine was asked ${method} with ${place === '' ? 'parameters' : `a '${place}'`} that it does not take.`,
    'Reload the window, so that the extension and its engine are of one version.',
  );
}

function signalOf(token: CancellationToken): AbortSignal {
  const cancel = new AbortController();
  token.onCancellationRequested(() => cancel.abort());
  if (token.isCancellationRequested) cancel.abort();
  return cancel.signal;
}

/** The worker of every domain, and which method goes to which. */
class Router {
  readonly #lanes: readonly Lane[];
  readonly #routes: ReadonlyMap<string, Route>;

  constructor(site: EngineSite, { workerFile, domains }: EngineParts, storeChanged: () => void) {
    const routed = Object.entries(PLACES).map(([name, { start, stays, grace }]) => {
      // The keys of a record of domains.
      const domain = name as EngineDomain;
      const begin = (events: Parameters<StartWorker>[2]) => start(workerFile, { domain, site }, events);
      const lane = new Lane({ name, start: begin, storeChanged, stays, grace });
      return {
        lane,
        routes: Object.entries(domains[domain]).map(([method, entry]) => [method, { lane, entry }] as const),
      };
    });
    this.#lanes = routed.map(({ lane }) => lane);
    this.#routes = new Map(routed.flatMap(({ routes }) => routes));
  }

  /** @throws ResponseError always that, with a sentence and a hint */
  async answer(method: string, params: unknown, token: CancellationToken): Promise<unknown> {
    const route = this.#routes.get(method);
    if (route === undefined)
      throw new ResponseError(
        ErrorCodes.MethodNotFound,
        `The engine knows no request ${method.slice(0, 100)}.`,
        {
          hint: 'Reload the window, so that the extension and its engine are of one version.',
        },
      );
    try {
      return await route.lane.ask(method, checked(method, route.entry, params), route.entry, signalOf(token));
    } catch (error) {
      throw asResponseError(error);
    }
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.dispose()));
  }
}

/** A parent that has just gone is told nothing; the channel's end ends the engine. */
function notify(connection: MessageConnection): void {
  connection.sendNotification(STORE_CHANGED).catch(() => undefined);
}

/** How long workers may take to end. */
const LAST_MS = 2000;

export interface EngineParts {
  /** The program of the workers. */
  readonly workerFile: string;
  readonly domains: Readonly<Record<EngineDomain, EngineMethodEntries>>;
}

/** Serves until the parent closes the channel or goes away. */
export async function serveEngine(
  site: EngineSite,
  parts: EngineParts = { workerFile: path.join(distDir(), 'engine-worker.mjs'), domains: engineDomains },
): Promise<void> {
  const connection = createMessageConnection(new CheckedReader(process), new IPCMessageWriter(process));
  const router = new Router(site, parts, () => notify(connection));
  connection.onRequest((method: string, params: unknown, token: CancellationToken) =>
    router.answer(method, params, token),
  );
  connection.listen();
  await new Promise<void>((resolve) => {
    process.once('disconnect', resolve);
    connection.onClose(resolve);
    // The parent may have gone while this process came up.
    if (!process.connected) resolve();
  });
  connection.dispose();
  const last = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), LAST_MS));
  // A thread within native code does not end, and would keep the process.
  if ((await Promise.race([router.dispose(), last])) === 'late') process.kill(process.pid, 'SIGKILL');
}
