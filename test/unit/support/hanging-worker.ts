/** A worker of the query engine that hangs when it is asked about `hang`. */
import { loadHandlers, serveWorker } from '../../../src/pipeline/engine/serve-worker.ts';

function hang(): never {
  for (;;);
}

serveWorker({
  ...loadHandlers,
  runs: async (site, changed) => {
    const handlers = await loadHandlers.runs(site, changed);
    return {
      ...handlers,
      'run/command': (params, signal) =>
        params.run === 'hang' ? hang() : handlers['run/command'](params, signal),
    };
  },
  data: async (site, changed) => {
    const handlers = await loadHandlers.data(site, changed);
    return {
      ...handlers,
      'data/preview': (params, signal) =>
        params.path === 'hang' ? hang() : handlers['data/preview'](params, signal),
    };
  },
});
