import type { StoreView } from '../../protocol/run-row.ts';
import type { RunStore } from '../store/run-store.ts';
import { StoreRows } from './store-rows.ts';

/**
 * The runs of a store as lists show them, newest first; those that cannot be read stand apart, with the reason.
 * @param newest only so many of them; the bytes are those of these
 */
export function viewStore(store: RunStore, newest = Infinity): StoreView {
  const rows = new StoreRows(store);
  rows.look(newest);
  return rows.view();
}
