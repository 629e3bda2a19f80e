import type { StoreView } from '../../protocol/run-row.ts';
import type { RunStore } from '../store/run-store.ts';
import { StoreRows } from './store-rows.ts';

/** All runs of a store as lists show them, newest first; those that cannot be read stand apart, with the reason. */
export function viewStore(store: RunStore): StoreView {
  const rows = new StoreRows(store);
  rows.look();
  return rows.view();
}
