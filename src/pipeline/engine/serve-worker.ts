/** The inside of an engine's worker: answers the methods of one domain. */
import { parentPort, workerData } from 'node:worker_threads';
import { engineDomains, type EngineDomain } from '../../protocol/engine.ts';
import type { EngineMethodEntries } from '../../protocol/engine/method.ts';
import { hintInWindow } from '../../protocol/text/window-hint.ts';
import { messageOf, UserError } from '../../protocol/user-error.ts';
import type { EngineSite, Handlers } from './handlers/handler.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts';

/** How the handlers of each domain are loaded: a worker loads what its own domain needs, no more. */
export type LoadHandlers = {
  readonly [D in EngineDomain]: (site: EngineSite, storeChanged: () => void) => Promise<Handlers<D>>;
};

export const loadHandlers: LoadHandlers = {
  store: async (site, changed) => (await import('./handlers/store.ts')).storeHandlers(site, changed),
  runs: async (site) => (await import('./handlers/runs.ts')).runHandlers(site),
  data: async (site) => (await import('./handlers/data.ts')).dataHandlers(site),
  models: async () => (await import('./handlers/models.ts')).modelHandlers(),
  items: async (site) => (await import('./handlers/items.ts')).itemHandlers(site),
  projections: async (site) => (await import('./handlers/projections.ts')).projectionHandlers(site),
  endpoints: async (site) => (await import('./handlers/endpoints.ts')).endpointHandlers(site),
};

/** The way to the engine, from a thread and from a process alike. */
function say(message: FromWorker): void {
  if (parentPort !== null) parentPort.postMessage(message);
  // The engine may have gone meanwhile.
  else if (process.connected) process.send?.(message, () => undefined);
}

function startOf(): WorkerStart {
  return (parentPort === null ? JSON.parse(process.argv[2] ?? '') : workerData) as WorkerStart;
}

/** Serves until the engine ends this worker, or goes away. */
export function serveWorker(load: LoadHandlers): void {
  const { domain, site } = startOf();
  const entries: EngineMethodEntries = engineDomains[domain];
  const handlers = load[domain](site, () => say({ type: 'storeChanged' }));
  const asked = new Map<number, AbortController>();

  const answer = async (id: number, method: string, params: unknown): Promise<void> => {
    const cancel = new AbortController();
    asked.set(id, cancel);
    try {
      // The engine has checked the parameters by the method's entry.
      const known = (await handlers) as Readonly<
        Record<string, (params: unknown, signal: AbortSignal) => unknown>
      >;
      const reply = await known[method]?.(params, cancel.signal);
      say({ type: 'reply', id, reply: checkedReply(entries, method, reply) });
    } catch (error) {
      const told: Partial<UserError> = error instanceof UserError ? error : {};
      // Engines are asked by windows.
      say({ type: 'refused', id, message: messageOf(error), hint: hintInWindow(told), remedy: told.remedy });
    } finally {
      asked.delete(id);
    }
  };

  const hear = (message: ToWorker): void => {
    if (message.type === 'cancel') asked.get(message.id)?.abort();
    else void answer(message.id, message.method, message.params);
  };
  if (parentPort !== null) {
    parentPort.on('message', hear);
    endWithParent();
  } else {
    process.on('message', hear);
    process.once('disconnect', () => process.exit());
  }
}

const PARENT_MS = 2000;

/** An engine whose own thread hangs does not hear that its parent is gone; this thread sees it, where the system tells. */
function endWithParent(): void {
  const parent = process.ppid;
  const look = (): void => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  };
  setInterval(look, PARENT_MS).unref();
}

/** @throws Error when the engine would answer what the method does not give */
function checkedReply(entries: EngineMethodEntries, method: string, reply: unknown): unknown {
  const result = entries[method]?.reply.safeParse(reply);
  if (result?.success === true) return result.data;
  const [issue] = result?.error.issues ?? [];
  const place = issue?.path.join('.') ?? '';
  throw new Error(`The answer to ${method} is not what it should be: ${place} ${issue?.message ?? ''}`);
}
