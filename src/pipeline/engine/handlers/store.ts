import { expiredRuns } from '../../store/retention.ts';
import { RunStore } from '../../store/run-store.ts';
import { StoreRows } from '../../views/store-rows.ts';
import { watchEndpoints } from '../endpoint-watcher.ts';
import { StoreWatcher } from '../store-watcher.ts';
import type { EngineSite, Handlers } from './handler.ts';

/** @param changed is called whenever the rows of the store, or its endpoints, have changed */
export function storeHandlers({ store: folder }: EngineSite, changed: () => void): Handlers<'store'> {
  const store = RunStore.open(folder);
  const rows = new StoreRows(store);
  let watchers: readonly [StoreWatcher, { dispose(): void }] | undefined;
  return {
    'store/view': ({ since, look = true }) => {
      if (look || watchers === undefined) rows.look();
      // Who has seen the store once is told of its changes.
      watchers ??= [new StoreWatcher(store, rows, changed), watchEndpoints(folder, changed)];
      return rows.changesSince(since);
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
