/**
 * How a window names a run: by its folder, since two of its stores may have a run of the same id, as copies of a project
 * do. The id alone is understood as well, where a command is called with one: it means the first store's run.
 */
import * as path from 'node:path';

/** The id by which the engine of a run's own store knows it. */
export function idOf(reference: string): string {
  return path.basename(reference);
}

export function isMeant(reference: string, run: { readonly id: string; readonly folder: string }): boolean {
  return reference === run.id || reference === run.folder;
}
