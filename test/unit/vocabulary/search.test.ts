import { describe, expect, it } from 'vitest';
import { ItemNames } from '../../../src/pipeline/model/item-names.ts';
import { doneAtOnce, donePausing } from '../../../src/pipeline/pausing.ts';
import { distanceWithin } from '../../../src/pipeline/vocabulary/edit-distance.ts';
import { VocabularyIndex } from '../../../src/pipeline/vocabulary/vocabulary-index.ts';
import { folded } from '../../../src/protocol/text/fold.ts';
import { ITEM_SEPARATOR } from '../../../src/protocol/dataset-spec.ts';

const NAMES = [
  'The Beatles|||Help!',
  'Aphex Twin|||Xtal',
  'Queen|||Help!',
  'Björk|||Jóga',
  'Sigur Rós|||Svefn-g-englar',
  'Mø|||Kamikaze',
  'helper|||x',
  'a|||whelp',
  '藤井 風|||死ぬのがいいわ',
  '|||',
  'A\u0000B|||C\u001fD',
  'AC/DC|||T.N.T. (Live) "1976"',
  'Twin Peaks|||Aphex',
];
const names = new ItemNames(NAMES);
const found = (text: string, limit = 5): string[] =>
  names.search(text, limit).map(({ code, how }) => `${how}: ${names.name(code)}`);

describe('the search for names', () => {
  it('gives what is the text, then what begins with it, then what holds it, the most frequent first', () => {
    expect(found('help')).toEqual([
      'prefix: The Beatles|||Help!',
      'prefix: Queen|||Help!',
      'prefix: helper|||x',
      'infix: a|||whelp',
    ]);
    expect(found('HELP!')).toEqual(['exact: The Beatles|||Help!', 'exact: Queen|||Help!']);
    expect(found('queen|||h')).toEqual(['prefix: Queen|||Help!']);
    expect(found('win|||x')).toEqual(['infix: Aphex Twin|||Xtal']);
    expect(found('el', 2)).toEqual(['infix: The Beatles|||Help!', 'infix: Queen|||Help!']);
  });

  it('makes no difference between cases, accents and widths', () => {
    expect(found('bjork')).toEqual(['exact: Björk|||Jóga']);
    expect(found('ＢＪÖＲＫ|||joga')).toEqual(['exact: Björk|||Jóga']);
    expect(found('MO|||kamikaze')).toEqual(['exact: Mø|||Kamikaze']);
    expect(found('死ぬのが')).toEqual(['prefix: 藤井 風|||死ぬのがいいわ']);
    expect(found('風')).toEqual(['infix: 藤井 風|||死ぬのがいいわ']);
  });

  it.each([
    ['Beetles', 'The Beatles|||Help!'],
    ['quen', 'Queen|||Help!'],
    ['aphex twin|||xatl', 'Aphex Twin|||Xtal'],
    ['Sigur Ros Svefn g englar', 'Sigur Rós|||Svefn-g-englar'],
    ['kamikzae', 'Mø|||Kamikaze'],
    ['xtal aphex', 'Aphex Twin|||Xtal'],
  ])('forgives %s', (text, name) => {
    expect(found(text)[0]).toBe(`fuzzy: ${name}`);
  });

  it('finds nothing where nothing is near, and bears any text', () => {
    for (const text of ['none at all', 'zz', '\u0000', '\uffff\ud800', '|||', ' ', '%_*?[', 'x'.repeat(5000)])
      expect(() => found(text)).not.toThrow();
    expect(found('none at all')).toEqual([]);
    expect(found('', 2)).toEqual(['prefix: The Beatles|||Help!', 'prefix: Aphex Twin|||Xtal']);
    expect(names.search('help', 0)).toEqual([]);
    expect(new ItemNames([]).search('help', 5)).toEqual([]);
  });

  it('is made in stretches as in one go', async () => {
    const [once, paused] = [
      doneAtOnce(VocabularyIndex.build(NAMES)),
      await donePausing(VocabularyIndex.build(NAMES)),
    ];
    expect(once.search('help', 9)).toEqual(paused.search('help', 9));
    expect(once.byteLength).toBe(paused.byteLength);
  });

  it('finds what a reading of all names finds', () => {
    const many = Array.from(
      { length: 3000 },
      (_, i) => `Artist ${(i * 7919) % 331}|||Träck ${i} ${i.toString(36)}`,
    );
    const index = doneAtOnce(VocabularyIndex.build(many));
    for (const text of ['artist 3', 'track 12', 'k 29', '2a', 'ARTIST 17|||track', '1|||tr', 'ack 1']) {
      const wanted = folded(text);
      const [exact, prefix, infix]: [number[], number[], number[]] = [[], [], []];
      many.forEach((name, code) => {
        const plain = folded(name);
        const columns = [plain, ...plain.split(ITEM_SEPARATOR)];
        if (columns.includes(wanted)) exact.push(code);
        else if (columns.some((column) => column.startsWith(wanted))) prefix.push(code);
        else if (plain.includes(wanted)) infix.push(code);
      });
      const expected = [...exact, ...prefix, ...infix].slice(0, 40);
      const codes = index
        .search(text, 40)
        .filter(({ how }) => how !== 'fuzzy')
        .map(({ code }) => code);
      expect(codes, text).toEqual(expected);
    }
  });
});

describe('the distance of a misspelt text', () => {
  it.each([
    ['thsi', 'this', 1],
    ['this', 'say this', 0],
    ['thi', 'thistle', 0],
    ['abcdef', 'abdef', 1],
    ['istle', 'thistle', 2],
    ['abcd', 'wxyz', 3],
  ])('of %s in %s is %d', (typed, text, distance) => {
    expect(distanceWithin(typed, text, 2)).toBe(distance);
  });
});
