import { expiredRuns } from '../../store/retention.ts';
import { RunStore } from '../../store/run-store.ts';
import { StoreRows } from '../../views/store-rows.ts';
import { watchEndpoints, type EndpointWatch } from '../endpoint-watcher.ts';
import { StoreWatcher } from '../store-watcher.ts';
import type { EngineSite, Handlers } from './handler.ts';

/** @param changed is called whenever the rows of the store, or its endpoints, have changed */
export function storeHandlers({ store: folder }: EngineSite, changed: () => void): Handlers<'store'> {
  const store = RunStore.open(folder);
  const rows = new StoreRows(store);
  let watchers: { readonly rows: StoreWatcher; readonly endpoints: EndpointWatch } | undefined;
  return {
    'store/view': ({ since, look = true }) => {
      if (look || watchers === undefined) rows.look();
      // Who has seen the store once is told of its changes.
      watchers ??= {
        rows: new StoreWatcher(store, rows, changed),
        endpoints: watchEndpoints(folder, changed),
      };
      const { mark } = watchers.endpoints;
      return { ...rows.changesSince(since), ...(mark === undefined ? {} : { endpoints: mark }) };
    },
    'store/cleanUp': async ({ rule, dryRun }) => {
      rows.look();
      const expired = expiredRuns(rows.view().runs, rule);
      if (!dryRun) {
        for (const { id } of expired) await store.remove(store.run(id));
      }
      return {
        runs: expired.map(({ id }) => id),
        bytes: expired.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    },
  };
}
