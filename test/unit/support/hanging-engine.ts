/**
 * The query engine with workers that can hang, and short time-outs. Its own thread hangs when it is asked for the kinds that
 * can be tuned, unless a file says that it did so before.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineDomains, type EngineDomain } from '../../../src/protocol/engine.ts';
import type { EngineMethodEntries } from '../../../src/protocol/engine/method.ts';
import { serveEngine } from '../../../src/pipeline/engine/engine-server.ts';

export const SHORT_MS = 3000;

function shortened(entries: EngineMethodEntries): EngineMethodEntries {
  return Object.fromEntries(
    Object.entries(entries).map(([method, entry]) => [
      method,
      ['run/command', 'data/preview'].includes(method) ? { ...entry, timeOut: SHORT_MS } : entry,
    ]),
  );
}

const [, , , , store = '', , workspace = ''] = process.argv;
const domains = Object.fromEntries(
  Object.entries(engineDomains).map(([domain, entries]) => [domain, shortened(entries)]),
) as Record<EngineDomain, EngineMethodEntries>;

const hung = path.join(workspace, 'hung');
process.on('message', (message: { readonly method?: string }) => {
  if (message.method !== 'models/tunable' || fs.existsSync(hung)) return;
  fs.writeFileSync(hung, '');
  for (;;);
});

const workerFile = path.join(path.dirname(fileURLToPath(import.meta.url)), 'hanging-worker.mjs');
await serveEngine({ store, workspace }, { workerFile, domains });
process.exit();
