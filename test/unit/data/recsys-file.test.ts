import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import type { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { readRecsysFile, readSpec, readSpecFile, saveSpec } from '../../../src/pipeline/data/recsys-file.ts';

const SPEC: DatasetSpec = {
  format: 'csv',
  sequence: ['s'],
  item: ['i'],
  order: [],
  minimumLength: 3,
  sample: 1,
  split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] },
};
let workspace: string;
let data: string;

beforeEach(async () => {
  workspace = await fs.mkdtemp(path.join(os.tmpdir(), 'recsys-file-'));
  data = path.join(workspace, 'data', 'raw', 'orders.csv');
  await fs.mkdir(path.dirname(data), { recursive: true });
});

it('is written beside the data where there is none, and read back', async () => {
  expect(await readSpec(data, workspace)).toBeUndefined();
  const file = await saveSpec(data, workspace, SPEC);
  expect(file).toBe(path.join(workspace, 'data', 'raw', 'recsys.json'));
  expect(await readSpec(data, workspace)).toEqual({ file, spec: SPEC });
});

it('names the catalogue relative to itself, whatever folder a command runs in', async () => {
  const catalogue = path.join(workspace, 'data', 'items.csv');
  const file = await saveSpec(data, workspace, { ...SPEC, catalogue });
  const kept = (await readRecsysFile(file))?.datasets['orders.csv'];
  expect(kept?.catalogue).toBe('../items.csv');
  expect((await readSpec(data, workspace))?.spec).toEqual({ ...SPEC, catalogue });
  expect(await readSpecFile(file, data)).toEqual({ ...SPEC, catalogue });
});

it('is the nearest one up to the workspace, by relative path, and keeps its other entries', async () => {
  const file = path.join(workspace, 'recsys.json');
  await fs.writeFile(file, JSON.stringify({ $schema: 'x', datasets: { 'other.csv': SPEC } }));
  expect(await saveSpec(data, workspace, { ...SPEC, minimumLength: 5 })).toBe(file);
  expect(await readRecsysFile(file)).toEqual({
    $schema: 'x',
    datasets: { 'other.csv': SPEC, 'data/raw/orders.csv': { ...SPEC, minimumLength: 5 } },
  });
});

it('is not looked for above the workspace', async () => {
  await fs.writeFile(
    path.join(workspace, 'recsys.json'),
    JSON.stringify({ datasets: { 'data/raw/orders.csv': SPEC } }),
  );
  expect(await readSpec(data, path.join(workspace, 'data'))).toBeUndefined();
  expect(await readSpec(data, workspace)).toBeDefined();
});

it('may name many files by a glob; an exact path comes first', async () => {
  const own = { ...SPEC, minimumLength: 4 };
  await fs.writeFile(
    path.join(workspace, 'recsys.json'),
    JSON.stringify({ datasets: { 'data/**/*.csv': SPEC, 'data/raw/orders.csv': own } }),
  );
  expect((await readSpec(data, workspace))?.spec).toEqual(own);
  expect((await readSpec(path.join(workspace, 'data', 'raw', 'more.csv'), workspace))?.spec).toEqual(SPEC);
  expect(await readSpec(path.join(workspace, 'data', 'raw', 'more.parquet'), workspace)).toBeUndefined();
});

it('keeps the spec of a glob beside the files it names', async () => {
  const glob = path.join(workspace, 'data', '*', 'part-*.parquet');
  expect(await saveSpec(glob, workspace, SPEC)).toBe(path.join(workspace, 'data', 'recsys.json'));
  expect((await readSpec(glob, workspace))?.spec).toEqual(SPEC);
});

it('says what is wrong with a broken file', async () => {
  const file = path.join(workspace, 'recsys.json');
  await fs.writeFile(file, '{');
  await expect(readSpec(data, workspace)).rejects.toThrow('not valid JSON');
  await fs.writeFile(file, JSON.stringify({ datasets: { x: { ...SPEC, sample: 2 } } }));
  await expect(readSpec(data, workspace)).rejects.toThrow(/not a valid dataset spec: at datasets\.x\.sample/);
});

it('may be named by a person, as a whole or as one spec alone', async () => {
  const file = path.join(workspace, 'my.json');
  await fs.writeFile(file, JSON.stringify(SPEC));
  expect(await readSpecFile(file, data)).toEqual(SPEC);
  await fs.writeFile(file, JSON.stringify({ datasets: { 'data/raw/orders.csv': SPEC } }));
  expect(await readSpecFile(file, data)).toEqual(SPEC);
  await expect(readSpecFile(file, path.join(workspace, 'else.csv'))).rejects.toThrow('has no entry for');
  await expect(readSpecFile(path.join(workspace, 'none.json'), data)).rejects.toThrow('cannot be read');
});
