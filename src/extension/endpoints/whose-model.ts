import type { EndpointModel } from '../../protocol/endpoint.ts';
import { runTitle } from '../runs/run-text.ts';
import type { Stores } from '../runs/stores.ts';

/** The run of a model by its title, or the folder of a package by itself. */
export function whoseModel(stores: Stores, { run, package: folder = '' }: EndpointModel): string {
  if (run === undefined) return folder;
  const row = stores.run(run);
  return row === undefined ? run : runTitle(row);
}
