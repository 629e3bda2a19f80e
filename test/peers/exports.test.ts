/**
 * What `recsys export` writes, read by the tools it is meant for: gensim, NumPy, pyarrow, DuckDB, and TensorFlow's projector,
 * whose rules for lines and cells exports.py follows. Items have the worst names.
 */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { EXPORT_FORMATS } from '../../src/protocol/export-format.ts';
import { exportVectors } from '../../src/pipeline/exporters/export-vectors.ts';
import { ITEM_CASES, itemsWithVectors } from '../unit/support/items-with-vectors.ts';
import { temporaryFolder } from '../unit/support/toy-store.ts';

const python = process.env['RECSYS_PYTHON'] ?? 'python3';
const folder = temporaryFolder();
const Read = z.record(
  z.string(),
  z.object({ names: z.array(z.string()), values: z.array(z.array(z.number())) }),
);
let read: z.infer<typeof Read>;
let names: string[];
let values: number[][];

beforeAll(async () => {
  const opened = await itemsWithVectors(folder);
  for (const format of EXPORT_FORMATS)
    await exportVectors(opened, { format, output: `${folder}/`, force: false }, {});
  const { items, dimension, values: all } = opened.vectors;
  names = Array.from(items, (item) => ITEM_CASES[item]?.name ?? '');
  values = names.map((_, row) => Array.from(all.subarray(row * dimension, (row + 1) * dimension)));
  const script = path.resolve('test/peers/exports.py');
  const { stdout } = await promisify(execFile)(python, [script, folder], { maxBuffer: 1 << 24 });
  read = Read.parse(JSON.parse(stdout));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('exports', () => {
  it.each(['numpy', 'pyarrow', 'duckdb', 'projector'])('%s reads names and numbers', (tool) => {
    expect(read[tool]).toEqual({
      names: names.map((name) => (tool === 'projector' && name === '' ? '\\e' : name)),
      values,
    });
  });

  it.each(['gensim text', 'gensim binary'])(
    '%s reads words and numbers, of two equal names the first',
    (tool) => {
      const first = names.flatMap((name, row) => (names.indexOf(name) === row ? [row] : []));
      expect(first.length).toBe(names.length - 1);
      expect(read[tool]).toEqual({
        names: first.map((row) => names[row]),
        values: first.map((row) => values[row]),
      });
    },
  );
});
