/** Files as people have them, each with the sequences that are in it: what a file is, and how its text parts. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSequences, rowsOf, sorted, truth } from '../support/read-sequences.ts';
import { query, temporaryFolder } from './prepare-runner.ts';

let folder: string;
const sequences = truth();
const expected = sorted(sequences.values());

beforeAll(async () => {
  folder = await temporaryFolder();
});

async function file(name: string, content: string | Buffer): Promise<string> {
  const full = path.join(folder, name);
  await fs.mkdir(path.dirname(full), { recursive: true });
  await fs.writeFile(full, content);
  return full;
}

const csv = (end = '\n', mark = ','): string =>
  [
    `user_id${mark}item_id${mark}timestamp`,
    ...rowsOf(sequences, (key, item, _, n) => [key, item, 1_500_000_000 + n].join(mark)),
    '',
  ].join(end);
const plain = (line: (key: string, item: string, place: number, n: number) => string): string =>
  `${rowsOf(sequences, line).join('\n')}\n`;
const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();

/** Name, content, and the options without which it cannot be understood. */
interface Case {
  readonly name: string;
  readonly content: string | Buffer;
  readonly words?: readonly string[];
}

const TEXTS: readonly (readonly [string, string | Buffer, (readonly string[])?])[] = [
  ['comma.csv', csv()],
  ['UPPER.CSV', csv()],
  ['crlf.csv', csv('\r\n')],
  ['mac.csv', csv('\r')],
  ['mark.csv', `\uFEFF${csv()}`],
  ['semicolons.csv', csv('\n', ';')],
  ['bars.txt', csv('\n', '|')],
  ['hive.txt', csv('\n', '\u0001')],
  ['empty-lines.csv', csv().replaceAll('\n', '\n\n')],
  ['utf16le.csv', Buffer.from(`\uFEFF${csv()}`, 'utf16le')],
  ['utf16be.csv', swapped(Buffer.from(`\uFEFF${csv()}`, 'utf16le'))],
  ['utf16-unmarked.csv', Buffer.from(csv(), 'utf16le')],
  ['packed.csv.gz', gzipSync(csv())],
  ['packed-unnamed.csv', gzipSync(csv())],
  ['members.csv.gz', Buffer.concat([gzipSync(csv().slice(0, 500)), gzipSync(csv().slice(500))])],
  ['not-packed.csv.gz', csv()],
  [
    'trailing.csv',
    csv()
      .replaceAll(/(.)\n/g, '$1,\n')
      .replace(/^(.*),\n/, '$1\n'),
  ],
  ['trailing-all.csv', csv().replaceAll(/(.)\n/g, '$1,\n')],
  ['quoted.csv', csv().replaceAll(/[^,\n]+/g, '"$&"')],
  ['apostrophes.csv', csv().replaceAll(/[^,\n]+/g, "'$&'")],
  ['pandas.csv', `,user_id,item_id,timestamp\n${plain((key, item, _, n) => `${n},${key},${item},${n}`)}`],
  ['r.txt', `"user_id" "item_id" "time"\n${plain((key, item, _, n) => `"${n + 1}" ${key} "${item}" ${n}`)}`],
  ['blanks.txt', plain((key, item, place) => `${key} ${item} ${(place % 8) / 2 + 0.5}`)],
  ['padded.txt', plain((key, item, _, n) => `  ${key.padStart(6)}   ${item.padEnd(4)}${n}  `)],
  [
    'out.konect',
    `% bip weighted\n% 300 60 40\n${plain((key, item, _, n) => `${key} ${item} 1 ${1_000_000_000 + n}`)}`,
  ],
  ['konect-tabs.tsv', `% bip\n${plain((key, item, _, n) => `${key}\t${item}\t1\t${1_000_000_000 + n}`)}`],
  ['snap.txt', `# a network\n# UserId\tItemId\n${plain((key, item) => `${key}\t${item}`)}`],
  [
    'named-by-comment.csv',
    `# of a shop, in 2020\n#user_id,item_id,note\n${plain((key, item) => `${key},i${item},x`)}`.replaceAll(
      /,i(\d)/g,
      ',$1',
    ),
  ],
  ['ratings.dat', plain((key, item, place, n) => `${key}::${item}::${place}::${978_300_000 + n}`)],
  ['u.data', plain((key, item, place, n) => `${key}\t${item}\t${(place % 5) + 1}\t${881_250_000 + n}`)],
  [
    'atomic.inter',
    `user_id:token\titem_id:token\ttimestamp:float\n${plain((key, item, _, n) => `${key}\t${item}\t${n}.0`)}`,
  ],
  [
    'named.tsv',
    `user_id\titem_id\tname\ttime\n${plain((key, item, place, n) => `${key}\t${item}\t${place === 1 ? '12" Mix' : '"Heroes'}\t${n}`)}`,
  ],
  [
    'decimals.csv',
    `user_id;item_id;rating;timestamp\n${plain((key, item, place, n) => `${key};${item};${place},5;${n}`)}`,
  ],
  [
    'nulls.csv',
    `user_id,item_id,note,timestamp\n${plain((key, item, place, n) => `${key},${item},${place === 0 ? '\\N' : 'x'},${n}`)}`,
  ],
  ['no-header.csv', plain((key, item, _, n) => `${key},${item},${n}`)],
  ['no-header-words.csv', plain((key, item, _, n) => `user${key},${item},${n}`)],
  ['keyed.txt', [...sequences].map(([key, items]) => `${key} ${items.join(' ')}`).join('\n')],
  ['keyed.csv', [...sequences].map(([key, items]) => `u${key},${items.join(',')}`).join('\n')],
  ['baskets.dat', [...sequences.values()].map((items) => `${items.join(' ')} `).join('\n'), ['--no-key']],
  [
    'cells-bars.csv',
    `user_id,items\n${[...sequences].map(([key, items]) => `${key},${items.join('|')}`).join('\n')}\n`,
  ],
  [
    'cells-blanks.csv',
    `session,clicks\n${[...sequences].map(([key, items]) => `${key},${items.join(' ')}`).join('\n')}\n`,
  ],
  [
    'cells-commas.csv',
    `order_id,products\n${[...sequences].map(([key, items]) => `${key},"${items.join(',')}"`).join('\n')}\n`,
  ],
  [
    'cells-python.csv',
    `,user_id,item_ids\n${[...sequences].map(([key, items], n) => `${n},${key},"['${items.join("', '")}']"`).join('\n')}\n`,
  ],
  [
    'cells-numbers.csv',
    `user_id,item_ids\n${[...sequences].map(([key, items]) => `${key},"[${items.join(', ')}]"`).join('\n')}\n`,
  ],
  [
    'cells-numpy.csv',
    `user_id,item_ids\n${[...sequences].map(([key, items]) => `${key},[${items.join(' ')}]`).join('\n')}\n`,
  ],
  [
    'cells-times.csv',
    `user_id,item_ids,timestamps\n${[...sequences].map(([key, items]) => `${key},${items.join('|')},${items.map((_, n) => n + 5).join('|')}`).join('\n')}\n`,
  ],
  ['cells-tabs.tsv', [...sequences].map(([key, items]) => `${key}\t${items.join(' ')}`).join('\n')],
];

describe('text is read as it is written', () => {
  const cases = TEXTS.map(([name, content, words = []]): Case => ({ name, content, words }));
  it.each(cases)('$name', async ({ name, content, words }) => {
    expect(await readSequences(await file(name, content), words)).toEqual(expected);
  });

  const backwards = (text: string): string => `${text.trimEnd().split('\n').reverse().join('\n')}\n`;
  it.each<[string, string]>([
    ['seconds.data', plain((key, item, place, n) => `${key}\t${item}\t${place % 5}\t${881_250_000 + n}`)],
    ['thousandths.csv', plain((key, item, _, n) => `${1_600_000_000_000 + n},${key},${item}`)],
    ['seconds.konect', plain((key, item, _, n) => `${key} ${item} 1 ${1_000_000_000 + n}`)],
  ])('%s: times in a column without a name order rows that stand otherwise', async (name, content) => {
    expect(await readSequences(await file(name, backwards(content)))).toEqual(expected);
  });

  const lists = [...sequences.values()].map((items) => items.join(' '));
  const tagged = (most: number): string[] =>
    lists.map((line, at) => (at < most ? line.replaceAll(/\d+/g, '#t$&') : line));
  it.each([lists.length, 3, 1])(
    'words with the mark of comments are data, in the first %i lines',
    async (most) => {
      const read = await readSequences(await file(`tags-${most}.txt`, tagged(most).join('\n')), ['--no-key']);
      expect(read).toEqual([...tagged(most)].sort());
    },
  );

  it('comments above sequences are left out, and what was told to be one', async () => {
    const spaced = await file('spaced.txt', `# baskets of a shop\n#\n${lists.join('\n')}`);
    expect(await readSequences(spaced, ['--no-key'])).toEqual(expected);
    const told = await file('told.txt', `#a b\n${tagged(3).join('\n')}`);
    const words = ['--no-key', '--comment', '#'];
    expect(await readSequences(told, words)).toEqual(sorted([...sequences.values()].slice(3)));
  });

  it.each([300, 3])('rows whose first field has a mark are rows, the first %i', async (most) => {
    const rows = plain((key, item, _, n) => `${n < most ? '#' : ''}u${key},${item},${n}`);
    const read = await readSequences(await file(`marked-${most}.csv`, rows));
    expect(read.join(' ').split(' ')).toHaveLength(expected.join(' ').split(' ').length);
  });

  it('the marks of SPMF are no items', async () => {
    const lines = [...sequences.values()].map((items) => `${items.join(' -1 ')} -1 -2\n`);
    expect(await readSequences(await file('marks.txt', lines.join('')))).toEqual(expected);
  });

  it('characters that only windows-1252 has', async () => {
    const names = csv().replaceAll(/,(\d+),/g, ',\x80\x93$1\x94 \xe9,');
    const read = await readSequences(await file('windows.csv', Buffer.from(names, 'latin1')));
    const named = [...sequences.values()].map((items) => items.map((item) => `€“${item}” é`));
    expect(read).toEqual(sorted(named));
  });

  it('zstd, by name and without', async () => {
    const source = await file('for-zstd.csv', csv());
    await query(
      `COPY (SELECT * FROM read_csv('${source}', all_varchar = true)) TO '${folder}/z.csv.zst' (FORMAT csv)`,
    );
    expect(await readSequences(path.join(folder, 'z.csv.zst'))).toEqual(expected);
    await fs.rename(path.join(folder, 'z.csv.zst'), path.join(folder, 'z.csv'));
    expect(await readSequences(path.join(folder, 'z.csv'))).toEqual(expected);
  });
});

const objects = (line: (key: string, item: string, n: number) => object): object[] => {
  const all: object[] = [];
  rowsOf(sequences, (key, item, _, n) => {
    all.push(line(key, item, n));
    return '';
  });
  return all;
};
const flat = objects((key, item, n) => ({ user_id: key, item_id: item, timestamp: n }));
const lists = [...sequences].map(([key, items]) => ({ session: Number(key), item_ids: items.map(Number) }));

const JSONS: readonly (readonly [string, string])[] = [
  ['lines.jsonl', flat.map((row) => JSON.stringify(row)).join('\n')],
  ['marked.jsonl', `\uFEFF${flat.map((row) => JSON.stringify(row)).join('\n')}`],
  ['lines-unnamed', flat.map((row) => JSON.stringify(row)).join('\n')],
  ['array.json', JSON.stringify(flat)],
  ['array-indented.json', JSON.stringify(flat, null, 2)],
  ['indented.json', flat.map((row) => JSON.stringify(row, null, 2)).join('\n')],
  ['wrapped.json', JSON.stringify({ total: flat.length, data: flat })],
  [
    'nested.jsonl',
    objects((key, item, n) => ({ user: { id: key }, product: { sku: item }, at: { ts: n } }))
      .map((row) => JSON.stringify(row))
      .join('\n'),
  ],
  ['lists.jsonl', lists.map((row) => JSON.stringify(row)).join('\n')],
  ['lists.json', JSON.stringify(lists)],
  [
    'otto.jsonl',
    [...sequences]
      .map(([key, items]) =>
        JSON.stringify({
          session: Number(key),
          events: items.map((aid, n) => ({ aid: Number(aid), ts: 1_659_304_800_025 + n, type: 'clicks' })),
        }),
      )
      .join('\n'),
  ],
  [
    'mpd.json',
    JSON.stringify(
      {
        info: { version: 'v1', slice: '0-999' },
        playlists: [...sequences].map(([pid, items]) => ({
          name: 'mine',
          pid: Number(pid),
          num_tracks: items.length,
          tracks: items.map((item, pos) => ({
            pos,
            artist_name: `a${item}`,
            track_uri: item,
            track_name: 't',
          })),
        })),
      },
      null,
      4,
    ),
  ],
  ['baskets.jsonl', [...sequences.values()].map((items) => JSON.stringify(items)).join('\n')],
  ['baskets.json', JSON.stringify([...sequences.values()])],
  ['by-key.json', JSON.stringify(Object.fromEntries(sequences))],
];

describe('JSON is read in any of its layouts', () => {
  it.each(JSONS)('%s', async (name, content) => {
    expect(await readSequences(await file(name, content))).toEqual(expected);
  });
});
