/** The query engine: answers the extension over IPC, and tells it when the store changes. */
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
  ResponseError,
  ErrorCodes,
} from 'vscode-jsonrpc/node';
import {
  engineRequests,
  STORE_CHANGED,
  type EngineMethod,
  type EngineParams,
  type EngineReply,
} from '../../protocol/engine.ts';
import { messageOf, UserError } from '../../protocol/user-error.ts';
import type { RunStore } from '../store/run-store.ts';
import { EngineService } from './engine-service.ts';
import { StoreWatcher } from './store-watcher.ts';

type Handlers = {
  readonly [M in EngineMethod]: (params: EngineParams<M>) => Promise<EngineReply<M>> | EngineReply<M>;
};

/** A failure as the extension shows it: the sentence, and what to do next. */
function asResponseError(error: unknown): ResponseError<{ hint: string; remedy?: string }> {
  return new ResponseError(ErrorCodes.InternalError, messageOf(error), {
    hint: error instanceof UserError ? error.hint : '',
    ...(error instanceof UserError && error.remedy !== undefined ? { remedy: error.remedy } : {}),
  });
}

/** @throws UserError when they are not what the request takes */
function checked(method: EngineMethod, params: unknown): unknown {
  const result = engineRequests[method].params.safeParse(params);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new UserError(
    `The engine was asked ${method} with ${place === '' ? 'parameters' : `a '${place}'`} that it does not take.`,
    'Reload the window, so that the extension and its engine are of one version.',
  );
}

function handlersOf(service: EngineService): Handlers {
  return {
    'store/view': () => service.viewStore(),
    'store/cleanUp': ({ rule, dryRun }) => service.cleanUp(rule, dryRun),
    'run/card': ({ run, shell }) => service.card(run, shell),
    'run/command': ({ run, shell }) => service.command(run, shell),
    'run/cancel': ({ run }) => service.cancel(run),
    'run/delete': ({ run }) => service.delete(run),
    'run/restore': ({ run }) => service.restore(run),
    'run/label': ({ run, change }) => service.label(run, change),
    'data/preview': ({ path }) => service.preview(path),
    'data/saveSpec': ({ path, spec }) => service.saveSpec(path, spec),
    'models/tunable': () => service.tunable(),
    'models/kinds': () => service.kinds(),
    'neighbours/query': (params) => service.neighbours(params),
    'recommend/query': (params) => service.recommend(params),
  };
}

/** A parent that has just gone is told nothing; the channel's end ends the engine. */
function notify(connection: MessageConnection): void {
  connection.sendNotification(STORE_CHANGED).catch(() => undefined);
}

/** Serves until the parent closes the channel or goes away. */
export async function serveEngine(store: RunStore, workspace: string): Promise<void> {
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  const service = new EngineService(store, workspace);
  const handlers = handlersOf(service);
  for (const method of Object.keys(engineRequests) as EngineMethod[]) {
    connection.onRequest(method, async (params: unknown) => {
      try {
        return await handlers[method](checked(method, params) as never);
      } catch (error) {
        throw asResponseError(error);
      }
    });
  }
  const watcher = new StoreWatcher(store, () => notify(connection));
  connection.listen();
  await new Promise<void>((resolve) => {
    process.once('disconnect', resolve);
    connection.onClose(resolve);
    // The parent may have gone while this process came up.
    if (!process.connected) resolve();
  });
  watcher.dispose();
  connection.dispose();
}
