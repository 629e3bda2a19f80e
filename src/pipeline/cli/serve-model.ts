/** The life of a server in a terminal: from the model that was asked for to the signal that ends it. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { newRunId } from '../../protocol/run-id.ts';
import { ownShell } from '../own-shell.ts';
import { readToken, requireTokenBeyondLoopback, TOKEN_VARIABLE } from '../serving/access.ts';
import { RunningServer } from '../serving/running-server.ts';
import { watchRequests } from '../serving/serving-request.ts';
import { STORE_FILE } from '../store/store-folder.ts';
import { plainText } from '../terminal/format.ts';
import { paint, print } from '../terminal/terminal.ts';
import { curlWords, EXAMPLE_BODY } from '../../protocol/text/curl.ts';
import { shellLine } from '../../protocol/text/shell-words.ts';
import { askedPackage } from './asked-model.ts';
import type { ServeOptions } from './serve-options.ts';
import { logLine, ServedRun, sourceOf, whose } from './served-run.ts';
import { stopSignal } from './stop-signal.ts';
import { openStoreOf } from './store-options.ts';

/** @param asked options that name the model */
export async function serveModel(asked: Record<string, unknown>, options: ServeOptions): Promise<void> {
  const { host, watch, maxK, bodyLimit, threads, port, name, allowOrigin } = options;
  const token = readToken(options.tokenFile, process.env);
  requireTokenBeyondLoopback(host, token);
  const stop = stopSignal();
  try {
    const store = openStoreOf(asked);
    const found = await askedPackage(asked);
    const id = options.id ?? newRunId();
    const inStore = fs.existsSync(path.join(store.folder, STORE_FILE));
    const server = await RunningServer.start({
      ...{ source: sourceOf(found), host, port, threads, maxK, bodyLimit, log: logLine },
      ...{ name, token, allowOrigin },
      ...(inStore ? { record: { store: store.folder, id, watches: watch } } : {}),
      signal: stop.signal,
    });
    tellStart(server, token !== undefined);
    const served = new ServedRun(server, store, asked, found);
    const parts = [
      served.onHangUp(),
      ...(watch ? [served.watchForNewer()] : []),
      ...(inStore ? [watchRequests(store.folder, id, (request) => served.answer(request, stop.abort))] : []),
    ];
    await aborted(stop.signal);
    for (const part of parts) part.dispose();
    logLine('stopping: no more requests are taken');
    await server.close();
    logLine('stopped');
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    stop.dispose();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function tellStart(server: RunningServer, hasToken: boolean): void {
  const { url, current } = server;
  const { items, excludesQuery } = current.model.facts;
  const words = curlWords(server, EXAMPLE_BODY, hasToken ? `$${TOKEN_VARIABLE}` : undefined);
  print(`${paint.bold(plainText(whose(current)))} answers at ${paint.bold(url)}`);
  print(
    paint.dim(
      `${items} items; a query's own are ${excludesQuery ? 'left out' : 'kept'}, as when it was evaluated.`,
    ),
  );
  print(`  ${shellLine(words, ownShell()) ?? words.join(' ')}`);
  print(paint.dim(`More: ${url}/docs · Ctrl+C stops it.`));
  logLine(`started: ${whose(current)} at ${url}`);
}
