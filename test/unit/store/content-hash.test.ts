import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hashContent, holdsTheSame, readInputFile } from '../../../src/pipeline/store/content-hash.ts';
import { KnownFiles } from '../../../src/pipeline/store/known-files.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
/** Long after all that the tests write. */
const later = (): number => Date.now() + 60_000;

function write(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}

describe('the hash of a file', () => {
  it('is xxh128 of its bytes, of a file of several blocks too', async () => {
    // The published value of the empty input, with seed 0.
    expect(await hashContent(write('empty', ''))).toBe('99aa06d3014798d86001c324468d497f');
    const blocks = Buffer.alloc((9 << 20) + 17, 'abc');
    const whole = await hashContent(write('blocks', blocks));
    blocks[blocks.length - 1] = 0;
    expect(await hashContent(write('blocks', blocks))).not.toBe(whole);
    expect(await hashContent(write('short', blocks.subarray(0, 8 << 20)))).not.toBe(whole);
  });
});

describe('a file that was read before', () => {
  it('is not read again while its size, times and inode are the same', async () => {
    const file = write('known.csv', 'a,b\n');
    const read = await readInputFile(file, undefined, later);
    expect(read.stamp).toBeDefined();
    expect((await readInputFile(file, { ...read, hash: 'remembered' })).hash).toBe('remembered');
  });

  it('is read again after an edit of the same size whose time was put back', async () => {
    const file = write('edited.csv', 'a,b\n');
    fs.utimesSync(file, 1, 1);
    const read = await readInputFile(file, undefined, later);
    fs.writeFileSync(file, 'a,c\n');
    fs.utimesSync(file, 1, 1);
    const again = await readInputFile(file, read);
    expect(again.modified).toBe(read.modified);
    expect(again.hash).not.toBe(read.hash);
    expect(await holdsTheSame(read)).toBe(false);
  });

  it('is read again after another file took its place', async () => {
    const file = write('replaced.csv', 'a,b\n');
    const read = await readInputFile(file, undefined, later);
    fs.renameSync(write('replacement.csv', 'a,c\n'), file);
    expect((await readInputFile(file, read)).hash).not.toBe(read.hash);
  });

  it('is not trusted by its times where it had been written to just before', async () => {
    const file = write('fresh.csv', 'a,b\n');
    const read = await readInputFile(file);
    expect(read.stamp).toBeUndefined();
    expect(await holdsTheSame(read)).toBe(true);
    expect(await holdsTheSame({ ...read, hash: 'other' })).toBe(false);
  });

  it('holds the same after it was touched, and of a version without hashes only before', async () => {
    const file = write('touched.csv', 'a,b\n');
    const read = await readInputFile(file, undefined, later);
    const { path: name, bytes, modified } = read;
    expect(await holdsTheSame({ path: name, bytes, modified })).toBe(true);
    fs.utimesSync(file, 1, 1);
    expect(await holdsTheSame(read)).toBe(true);
    expect(await holdsTheSame({ path: name, bytes, modified })).toBe(false);
  });
});

describe('known files of a store', () => {
  const store = path.join(folder, 'store');
  const cache = path.join(store, 'known-files.json');
  fs.mkdirSync(store);

  /** A file of long ago, as far as the file system lets one say so. */
  async function known(file: string): Promise<void> {
    const { bytes, stamp, hash } = await readInputFile(file, undefined, later);
    fs.writeFileSync(
      cache,
      JSON.stringify({ format: 1, files: { [file]: { bytes, stamp, hash: `${hash}!` } } }),
    );
  }

  it('answer without reading', async () => {
    const file = write('large.csv', 'a,b\n');
    await known(file);
    expect((await new KnownFiles(store).read(file)).hash).toMatch(/!$/);
  });

  it.each([
    ['no file', undefined],
    ['half a file', '{"format": 1, "fil'],
    ['another shape', '{"format": 1, "files": {"x": 7}}'],
    ['another format', '{"format": 2, "files": {}}'],
  ])('do no harm where there is %s', async (_, text) => {
    const file = write('data.csv', 'a,b\n');
    fs.rmSync(cache, { force: true });
    if (text !== undefined) fs.writeFileSync(cache, text);
    const files = new KnownFiles(store);
    expect((await files.read(file)).hash).toBe(await hashContent(file));
    await files.save();
  });

  it('do no harm where the store is not there or cannot be written', async () => {
    const file = write('data.csv', 'a,b\n');
    const files = new KnownFiles(path.join(folder, 'nowhere'));
    await files.read(file);
    await files.save();
    expect(fs.existsSync(path.join(folder, 'nowhere'))).toBe(false);
  });
});
