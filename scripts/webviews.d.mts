import type { BuildOptions } from 'esbuild';

/** Names of all views. */
export function viewNames(root: string): string[];
/** The entries of a view's bundle, given the folder with its main.ts and view.css. */
export function viewEntries(name: string, folder?: string): { in: string; out: string }[];
export const VIEW_OPTIONS: BuildOptions;
