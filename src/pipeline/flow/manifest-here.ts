import * as path from 'node:path';
import type { InputFile, RunManifest } from '../../protocol/run.ts';

/** Where a file lies under another root: a drive of Windows becomes a folder. */
export function pathUnder(root: string, file: string): string {
  return path.join(root, file.replace(/^([A-Za-z]):/, '$1'));
}

/** A run's manifest where its data were brought to another place. What files are called, and their contents, stay. */
export function manifestHere(manifest: RunManifest, dataRoot: string | undefined): RunManifest {
  if (dataRoot === undefined) return manifest;
  const root = path.resolve(dataRoot);
  // What the file system told of the original says nothing of a copy: its hash decides.
  const here = ({ stamp: _, ...file }: InputFile): InputFile => ({
    ...file,
    path: pathUnder(root, file.path),
  });
  const { files, others } = manifest.data;
  return {
    ...manifest,
    data: {
      ...manifest.data,
      files: files.map(here),
      ...(others === undefined
        ? {}
        : {
            others: Object.fromEntries(Object.entries(others).map(([field, file]) => [field, here(file)])),
          }),
    },
  };
}
