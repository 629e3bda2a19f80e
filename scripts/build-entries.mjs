import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './run-command.mjs';

/** Worker threads are entries of their own: every `*-worker.ts` of the pipeline becomes `dist/<name>.mjs`. */
export function workerEntries(folder = path.join(root, 'src/pipeline')) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return workerEntries(full);
    return entry.name.endsWith('-worker.ts') ? [{ in: full, out: entry.name.replace(/\.ts$/, '') }] : [];
  });
}

/** Names of the kernels: every folder of src/kernels is one. */
export function kernelNames() {
  return readdirSync(path.join(root, 'src/kernels'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
