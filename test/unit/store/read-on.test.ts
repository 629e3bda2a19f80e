import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linesOf, readOn, wholeText } from '../../../src/pipeline/store/read-on.ts';
import { temporaryFolder } from '../support/toy-store.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = path.join(folder, 'log');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('a file that grows', () => {
  it('is read on from where it was', () => {
    expect(readOn(file, undefined, 100)).toBeUndefined();
    fs.writeFileSync(file, 'one\ntwo\nthr');
    const first = readOn(file, undefined, 100);
    const lines = first === undefined ? [] : linesOf(first);
    expect(lines).toEqual([
      { text: 'one', end: 4 },
      { text: 'two', end: 8 },
    ]);
    fs.appendFileSync(file, 'ee\n');
    const place = { offset: 8, inode: fs.statSync(file).ino };
    const next = readOn(file, place, 100);
    expect(next === undefined ? [] : linesOf(next)).toEqual([{ text: 'three', end: 14 }]);
    expect(next).toMatchObject({ restarted: false, more: false });
  });

  it('is read from its beginning when it was cut short or replaced', () => {
    fs.writeFileSync(file, 'one\ntwo\n');
    const place = { offset: 8, inode: fs.statSync(file).ino };
    fs.truncateSync(file, 4);
    expect(readOn(file, place, 100)).toMatchObject({ restarted: true, place: { offset: 0 } });
    fs.writeFileSync(`${file}.new`, 'another that is longer\n');
    fs.renameSync(`${file}.new`, file);
    expect(readOn(file, place, 100)).toMatchObject({ restarted: true, place: { offset: 0 } });
  });

  it('passes over a line that is longer than what is read at once', () => {
    fs.writeFileSync(file, `${'x'.repeat(25)}\nnext\n`);
    const texts: string[] = [];
    let place: { offset: number; inode: number } | undefined;
    for (let more = true; more;) {
      const read = readOn(file, place, 10);
      if (read === undefined) throw new Error('it is there');
      const lines = linesOf(read);
      texts.push(...lines.map(({ text }) => text));
      place = { ...read.place, offset: lines.at(-1)?.end ?? read.place.offset };
      more = place.offset < 31;
    }
    expect(texts.at(-1)).toBe('next');
    expect(texts.join('')).not.toContain('x'.repeat(10));
  });
});

describe('text that was cut off', () => {
  const text = 'aé€😀z';
  const bytes = Buffer.from(text);

  it.each(Array.from({ length: bytes.length + 1 }, (_, end) => end))(
    'after byte %i has whole characters only',
    (end) => {
      const { text: whole, length } = wholeText(bytes.subarray(0, end));
      expect(text.startsWith(whole)).toBe(true);
      expect(length).toBe(Buffer.byteLength(whole));
      // What is left out is one character that is not whole.
      expect(end - length).toBeLessThan(4);
      expect(wholeText(bytes.subarray(length)).text).toBe(text.slice(whole.length));
    },
  );
});
