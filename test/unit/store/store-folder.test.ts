import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { temporaryFolder, toyRun } from '../support/toy-store.ts';

let folder: string;
beforeEach(() => void (folder = temporaryFolder()));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const place = (...names: string[]): string => path.join(folder, ...names);

it.each(['src', '.git', 'package.json', '.env'])('no store is made in a folder with %s', async (name) => {
  fs.writeFileSync(place(name), 'x');
  await expect(toyRun(RunStore.open(folder))).rejects.toThrow(
    `is not a run store (it has no store.json), and it is not empty (it holds ${name})`,
  );
  expect(fs.readdirSync(folder)).toEqual([name]);
});

it("nor in a folder whose 'runs' are of another program", async () => {
  fs.mkdirSync(place('runs', 'Nov22_tensorboard'), { recursive: true });
  await expect(toyRun(RunStore.open(folder))).rejects.toThrow('it holds runs');
  expect(fs.readdirSync(folder)).toEqual(['runs']);
});

it('nor where a file is', async () => {
  fs.writeFileSync(place('file'), 'x');
  await expect(toyRun(RunStore.open(place('file')))).rejects.toThrow(
    'is a file, not the folder of a run store',
  );
});

it('one is made in an empty folder, and where the making of one was cut off', async () => {
  fs.mkdirSync(place('empty'));
  fs.mkdirSync(place('begun', 'runs'), { recursive: true });
  fs.writeFileSync(place('begun', '.partial-store.json-1-ab'), '{');
  for (const name of ['empty', 'begun', 'new/deep']) {
    await toyRun(RunStore.open(place(name)));
    expect(fs.readFileSync(place(name, '.gitignore'), 'utf8')).toBe('*\n');
  }
});

it('what people did to its .gitignore stays', async () => {
  const store = RunStore.open(place('store'));
  await toyRun(store);
  fs.rmSync(place('store', '.gitignore'));
  await toyRun(store);
  expect(fs.existsSync(place('store', '.gitignore'))).toBe(false);
});

it('an empty name is refused', () => {
  expect(() => RunStore.open('')).toThrow('name of the store folder is empty');
});
