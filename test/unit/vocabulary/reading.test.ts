import { describe, expect, it } from 'vitest';
import { mayMeanItem } from '../../../src/extension/hover/pointed-words.ts';
import { ItemNames } from '../../../src/pipeline/model/item-names.ts';
import { doneAtOnce, donePausing } from '../../../src/pipeline/pausing.ts';
import {
  readItem,
  type ReadItem,
  type Vocabulary,
} from '../../../src/pipeline/vocabulary/reading/read-item.ts';
import {
  readList,
  type ReadList,
  type ReadListOptions,
} from '../../../src/pipeline/vocabulary/reading/read-list.ts';
import { WordFilter } from '../../../src/protocol/word-filter.ts';
import {
  IDS,
  PAIRS,
  samplesOfId,
  samplesOfNone,
  samplesOfPair,
  samplesOfVariables,
  type Sample,
} from './corpus.ts';

function vocabularyOf(names: ItemNames): Vocabulary {
  return { code: (name) => names.code(name), foldedCode: (name) => names.index.foldedTwins(name, 1)[0] };
}

const pairs = new ItemNames(PAIRS.map(([artist, track]) => `${artist}|||${track}`));
const ids = new ItemNames(IDS);
const [ofPairs, ofIds] = [vocabularyOf(pairs), vocabularyOf(ids)];
const PAIR = ['artist', 'track'];

const readPair = (sample: Sample): ReadItem | undefined => readItem({ ...sample, columns: PAIR }, ofPairs);
const readId = (sample: Sample): ReadItem | undefined =>
  readItem({ ...sample, columns: ['track_id'] }, ofIds);

const listOf = (given: ReadListOptions, vocabulary: Vocabulary): ReadList =>
  doneAtOnce(readList(given, vocabulary));

/** Recall by form, of all samples, and those that failed. */
function measure(samples: readonly { sample: Sample; code: number; read: ReadItem | undefined }[]) {
  const missed = samples.filter(
    ({ code, read }) => read === undefined || !('code' in read) || read.code !== code,
  );
  const forms = [...new Set(missed.map(({ sample }) => sample.form))].map(
    (form) => `${form}: ${missed.filter(({ sample }) => sample.form === form).length}`,
  );
  const [first] = missed;
  const example =
    first &&
    `${first.sample.text}\n@${first.sample.offset} → ${JSON.stringify(first.read)}, not ${first.code}`;
  return { recall: 1 - missed.length / samples.length, told: [...forms, example].join('\n') };
}

describe('the item a place in a text means', () => {
  it('is found in 99 of 100 places, however it is written', () => {
    const samples = [
      ...PAIRS.flatMap((pair, code) =>
        samplesOfPair(pair, code).map((sample) => ({ sample, code, read: readPair(sample) })),
      ),
      ...IDS.flatMap((id, code) => samplesOfId(id).map((sample) => ({ sample, code, read: readId(sample) }))),
    ];
    const { recall, told } = measure(samples);
    console.log(`recall ${(100 * recall).toFixed(2)} % of ${samples.length} places\n${told}`);
    expect(recall, told).toBeGreaterThanOrEqual(0.99);
  });

  it('is not seen where text names none, in 99 of 100 places', () => {
    const none = samplesOfNone();
    const seen = [
      ...none.map((sample) => ({ sample, read: readPair(sample) })),
      ...none.map((sample) => ({ sample, read: readId(sample) })),
    ].filter(({ read }) => read !== undefined);
    const share = seen.length / (2 * none.length);
    console.log(`false ${(100 * share).toFixed(2)} % of ${2 * none.length} places`);
    expect(
      share,
      JSON.stringify(
        seen
          .slice(0, 5)
          .map(({ sample, read }) => [sample.text.slice(sample.offset - 20, sample.offset + 20), read]),
      ),
    ).toBeLessThanOrEqual(0.01);
  });

  it('spans what was written, and says where case or accents differ', () => {
    const text = 'say "BJORK|||joga" twice';
    const read = readItem({ text, offset: 8, columns: PAIR }, ofPairs);
    expect(read).toEqual({ from: 5, to: 17, until: 17, code: pairs.code('Björk|||Jóga'), isFolded: true });
  });

  it('is unknown where a column or a key clearly means one', () => {
    expect(readItem({ text: 'artist,track\nBjörk,Nothing\n', offset: 20, columns: PAIR }, ofPairs)).toEqual({
      from: 19,
      to: 26,
      until: 26,
      unknown: 'Björk|||Nothing',
    });
    expect(readItem({ text: '{"track_id": 5}', offset: 13, columns: ['track_id'] }, ofIds)).toMatchObject({
      unknown: '5',
    });
    expect(readItem({ text: 'x = 100000 + 5', offset: 6, columns: ['track_id'] }, ofIds)).toBeUndefined();
    expect(
      readItem({ text: 'artist,track\nBjörk,Nothing\n', offset: 3, columns: PAIR }, ofPairs),
    ).toBeUndefined();
  });

  it('is not meant by variables and types, though known names are found there', () => {
    for (const sample of samplesOfVariables('artist', 'track'))
      expect(readPair(sample), sample.text.slice(sample.offset)).toBeUndefined();
    for (const sample of samplesOfVariables('track_id', 'user'))
      expect(readId(sample), sample.text.slice(sample.offset)).toBeUndefined();
    const word = vocabularyOf(new ItemNames(['mug']));
    const [text, columns] = ['{ item: mug }', ['item']];
    expect(readItem({ text, columns, offset: 9 }, word)).toMatchObject({ code: 0 });
  });

  it('is not the number of a user, though an item is called so', () => {
    const numbers = vocabularyOf(new ItemNames(['17', '23', 'a 17']));
    const read = (text: string, part: string, header?: string) =>
      readItem({ text, header, offset: text.indexOf(part) + 1, columns: ['item_id'] }, numbers);
    const texts = [
      'user,item_id\n"17","23"',
      '{"user": "17", "item_id": "23"}',
      'f(user="17", item_id="23")',
      '{"user": "17", "item_ids": ["23"]}',
    ];
    for (const text of texts) {
      expect(read(text, '17'), text).toBeUndefined();
      expect(read(text, '23'), text).toMatchObject({ code: 1 });
    }
    expect(read('{"user": "17"}', '17')).toBeUndefined();
    expect(read('"17","23"', '17', 'user,item_id')).toBeUndefined();
    // Others may well be items: what is called nearly so, a list, what is no number.
    expect(read('{"item": "17"}', '17')).toMatchObject({ code: 0 });
    expect(read('{"user": "5", "shown": ["17"]}', '17')).toMatchObject({ code: 0 });
    expect(read('{"user": "5", "last": "a 17"}', 'a 17')).toMatchObject({ code: 2 });
  });

  it('bears any text and any place', () => {
    for (const text of [
      '',
      '"',
      '{',
      '{{{{(((',
      '\\"\\',
      'artist,track\n"',
      '"'.repeat(3000),
      '{"artist":'.repeat(300),
      '\ud800"\udc00',
    ])
      for (const offset of [0, 1, text.length, text.length + 9])
        expect(() => readItem({ text, offset, columns: PAIR }, ofPairs)).not.toThrow();
  });
});

describe('a selected list', () => {
  it('is read as lines, a column, a list of strings, or objects', () => {
    const want = ['Aphex Twin|||Xtal', 'Björk|||Jóga'];
    const names = (text: string, header?: string): string[] =>
      listOf({ text, header, columns: PAIR }, ofPairs).codes.map((code) => pairs.name(code));
    expect(names('Aphex Twin|||Xtal\nBjörk|||Jóga\n')).toEqual(want);
    expect(names('["Aphex Twin|||Xtal", "Björk|||Jóga"]')).toEqual(want);
    expect(names('artist,track\nAphex Twin,Xtal\nBjörk,Jóga\n')).toEqual(want);
    expect(names('Aphex Twin,Xtal\nBjörk,Jóga\n', 'artist,track')).toEqual(want);
    expect(
      names(
        JSON.stringify([
          { artist: 'Aphex Twin', track: 'Xtal' },
          { artist: 'Björk', track: 'Jóga' },
        ]),
      ),
    ).toEqual(want);
    expect(listOf({ text: '100000, 107919\nbut no 12', columns: ['track_id'] }, ofIds).codes).toEqual([]);
    const { codes, unknown } = listOf({ text: '100000\n107919\n12\n', columns: ['track_id'] }, ofIds);
    expect([codes.map((code) => ids.name(code)), unknown]).toEqual([['100000', '107919'], ['12']]);
  });

  it('keeps repeats in their order, and rows once', () => {
    const read = (text: string) => listOf({ text, columns: PAIR }, ofPairs).codes;
    const [a, b] = [pairs.require('Björk|||Jóga'), pairs.require('Aphex Twin|||Xtal')];
    expect(read('Björk|||Jóga\nAphex Twin|||Xtal\nBjörk|||Jóga')).toEqual([a, b, a]);
    expect(read('"Björk|||Jóga", "Aphex Twin|||Xtal", "Björk|||Jóga"')).toEqual([a, b, a]);
    expect(read('track,n,artist\nJóga,1,Björk\nXtal,2,Aphex Twin\nJóga,3,Björk\n')).toEqual([a, b, a]);
    const object = '{"track": "Jóga", "n": 1, "artist": "Björk"}\n';
    expect(read(object + object)).toEqual([a, a]);
  });

  it('leaves out what stands beside the items', () => {
    const numbers = vocabularyOf(new ItemNames(['17', '23', '5']));
    const read = (text: string) => listOf({ text, columns: ['item'] }, numbers).codes;
    expect(read('"user","item","next_item"\n"17","23","5"\n"17","5","23"\n')).toEqual([1, 2]);
    expect(read('[{"user": "17", "item": "23"}, {"user": "17", "item": "5"}]')).toEqual([1, 2]);
  });

  it('is read whole where it is long, and says where it is not', () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `user ${i % 7},2026-01-02 10:00:00,${i % 2}`);
    const vocabulary = vocabularyOf(new ItemNames(['0', '1']));
    const table = { text: ['user,time,item', ...rows].join('\n'), columns: ['item'] };
    const read = listOf(table, vocabulary);
    expect([read.codes.length, read.codes.at(-1), read.isTruncated]).toEqual([3000, 1, false]);
    const prose = { text: `${'none\n'.repeat(101)}"1"`, columns: ['item'] };
    expect(doneAtOnce(readList(prose, vocabulary, 100))).toMatchObject({ codes: [], isTruncated: true });
    expect(doneAtOnce(readList(prose, vocabulary, 102))).toMatchObject({ codes: [1], isTruncated: false });
  });

  it('on one line takes no long time, and is given up when nobody waits', async () => {
    const names = Array.from({ length: 2000 }, (_, i) => `item ${i} of-many`);
    const vocabulary = vocabularyOf(new ItemNames(names));
    const given = { text: JSON.stringify(names), columns: ['item'] };
    const began = performance.now();
    expect(listOf(given, vocabulary).codes).toHaveLength(2000);
    console.log(`${(performance.now() - began).toFixed(0)} ms for 2,000 names on one line`);
    const cancel = new AbortController();
    const reading = donePausing(readList(given, vocabulary), cancel.signal);
    cancel.abort(new Error('nobody waits'));
    await expect(reading).rejects.toThrow('nobody waits');
  });
});

describe('the filter of words', () => {
  it('holds every word, and few others', () => {
    const filter = WordFilter.of(doneAtOnce(pairs.index.words()));
    expect(PAIRS.filter(([artist, track]) => !filter.hasAny(artist) && !filter.hasAny(track))).toHaveLength(
      0,
    );
    const others = Array.from({ length: 10_000 }, (_, i) => `zq${i}`).filter((word) => filter.has(word));
    expect(others.length).toBeLessThan(400);
    expect(filter.byteLength).toBeLessThan(2000);
  });

  it('lets the window ask for every place that means an item', () => {
    const words = WordFilter.of(doneAtOnce(pairs.index.words()));
    const places = PAIRS.flatMap((pair, code) => samplesOfPair(pair, code));
    const missed = places.filter(({ text, offset }) => {
      const start = text.lastIndexOf('\n', offset - 1) + 1;
      const [line = ''] = text.slice(start).split('\n', 1);
      const [header = ''] = text.split('\n', 1);
      return !mayMeanItem({ line, column: offset - start, header }, { words, columns: PAIR });
    });
    expect(missed.map(({ form, text }) => `${form}: ${text.slice(0, 80)}`)).toEqual([]);
  });
});
