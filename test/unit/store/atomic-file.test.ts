import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  removeLeftovers,
  temporaryName,
  writeAtomically,
  writeJson,
} from '../../../src/pipeline/store/atomic-file.ts';
import { temporaryFolder } from '../support/toy-store.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  return () => fs.rmSync(folder, { recursive: true, force: true });
});

describe('writing atomically', () => {
  it('shows the file only when it is whole', async () => {
    const file = path.join(folder, 'a.txt');
    await writeAtomically(file, (temporary) => {
      fs.writeFileSync(temporary, 'half');
      expect(fs.existsSync(file)).toBe(false);
      fs.appendFileSync(temporary, ' and half');
    });
    expect(fs.readFileSync(file, 'utf8')).toBe('half and half');
    expect(fs.readdirSync(folder)).toEqual(['a.txt']);
  });

  it('leaves the old file and nothing else when writing fails', async () => {
    const file = path.join(folder, 'a.txt');
    fs.writeFileSync(file, 'old');
    const failing = writeAtomically(file, (temporary) => {
      fs.writeFileSync(temporary, 'new, cut o');
      throw new Error('power');
    });
    await expect(failing).rejects.toThrow('power');
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
    expect(fs.readdirSync(folder)).toEqual(['a.txt']);
  });

  it('leaves nothing when the writer wrote no file, or the target cannot be replaced', async () => {
    await expect(writeAtomically(path.join(folder, 'a.txt'), () => undefined)).rejects.toThrow('ENOENT');
    fs.mkdirSync(path.join(folder, 'taken', 'inside'), { recursive: true });
    await expect(writeJson(path.join(folder, 'taken'), {})).rejects.toThrow();
    expect(fs.readdirSync(folder)).toEqual(['taken']);
  });

  it('replaces the file under a reader, who keeps the old one', async () => {
    const file = path.join(folder, 'a.json');
    await writeJson(file, { version: 1 });
    const reader = fs.openSync(file, 'r');
    await writeJson(file, { version: 2 });
    expect(fs.readFileSync(reader, 'utf8')).toContain('1');
    fs.closeSync(reader);
    expect(fs.readFileSync(file, 'utf8')).toBe('{\n  "version": 2\n}\n');
  });

  it('survives many writers of one file at once: one of them wins, whole', async () => {
    const file = path.join(folder, 'a.json');
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => writeJson(file, { i, filler: 'x'.repeat(10_000) })),
    );
    const read = JSON.parse(fs.readFileSync(file, 'utf8')) as { filler: string };
    expect(read.filler).toHaveLength(10_000);
    expect(fs.readdirSync(folder)).toEqual(['a.json']);
  });
});

describe('leftovers', () => {
  it('of killed writers are removed when they are old, and nothing else is', async () => {
    const old = temporaryName(path.join(folder, 'state.json'));
    const young = temporaryName(path.join(folder, 'state.json'));
    for (const file of [old, young, path.join(folder, 'state.json')]) fs.writeFileSync(file, 'x');
    fs.utimesSync(old, new Date(0), new Date(0));
    fs.utimesSync(path.join(folder, 'state.json'), new Date(0), new Date(0));
    await removeLeftovers(folder, 1000);
    expect(fs.readdirSync(folder).sort()).toEqual([path.basename(young), 'state.json'].sort());
  });
});
