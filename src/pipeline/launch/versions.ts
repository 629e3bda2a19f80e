import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { distDir } from '../dist-dir.ts';

const Package = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });

/** Versions that decide results: ours, Node's and DuckDB's. */
export function versions(): Record<string, string> {
  const file = path.join(path.dirname(distDir()), 'package.json');
  const { version, dependencies } = Package.parse(JSON.parse(readFileSync(file, 'utf8')));
  return {
    recsys: version,
    node: process.versions.node,
    duckdb: dependencies['@duckdb/node-api'] ?? 'unknown',
  };
}
