import { fork } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withFileLock } from '../../../src/pipeline/store/file-lock.ts';
import { ownIdentity } from '../../../src/pipeline/store/process-identity.ts';
import { temporaryFolder, ToyPrograms } from '../support/toy-store.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = path.join(folder, 'counter.json');
  fs.writeFileSync(file, '0');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const read = (): number => Number(fs.readFileSync(file, 'utf8'));

/** Reads, waits so that others could come between, and writes back. */
async function addOne(): Promise<void> {
  await withFileLock(file, async () => {
    const before = read();
    await new Promise((resolve) => setImmediate(resolve));
    fs.writeFileSync(file, String(before + 1));
  });
}

it('lets one at a time change a file, of several calls in one process', async () => {
  await Promise.all(Array.from({ length: 12 }, addOne));
  expect(read()).toBe(12);
  expect(fs.readdirSync(folder)).toEqual(['counter.json']);
});

it('and of several processes', { timeout: 60_000 }, async () => {
  const programs = new ToyPrograms();
  try {
    await programs.build('counter');
    const [, program = ''] = programs.command('counter');
    const children = Array.from({ length: 4 }, () => fork(program, [file, '5']));
    const ends = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(ends.map(([code]) => code as unknown)).toEqual([0, 0, 0, 0]);
    expect(read()).toBe(20);
    expect(fs.readdirSync(folder)).toEqual(['counter.json']);
  } finally {
    programs.remove();
  }
});

it('gives the lock back when the change fails', async () => {
  await expect(
    withFileLock(file, () => {
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await addOne();
  expect(read()).toBe(1);
});

it('passes over the claims of dead processes, whole or cut off, and removes them', async () => {
  const gone = { ...ownIdentity(), pid: 2 ** 22 + 1 };
  fs.writeFileSync(path.join(folder, '.claim-counter.json-1-a'), JSON.stringify(gone));
  fs.writeFileSync(path.join(folder, '.claim-counter.json-2-b'), '{"pid":');
  fs.writeFileSync(path.join(folder, '.claim-other.json-3-c'), JSON.stringify(ownIdentity()));
  await addOne();
  expect(read()).toBe(1);
  expect(fs.readdirSync(folder).sort()).toEqual(['.claim-other.json-3-c', 'counter.json']);
});
