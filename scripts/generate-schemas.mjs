#!/usr/bin/env node
// Writes media/recsys.schema.json from the schema the program checks recsys.json with. A unit test says when to run it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(path.join(root, 'node_modules', '.recsys-schemas-'));
try {
  const outfile = path.join(folder, 'schemas.mjs');
  await esbuild.build({
    entryPoints: [path.join(root, 'src/pipeline/data/recsys-schema.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const { recsysJsonSchema } = await import(pathToFileURL(outfile).href);
  writeFileSync(
    path.join(root, 'media/recsys.schema.json'),
    `${JSON.stringify(recsysJsonSchema(), null, 2)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
