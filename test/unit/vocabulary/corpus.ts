/** Items as people and programs write them, and text that names none. */

export interface Sample {
  readonly form: string;
  readonly text: string;
  readonly offset: number;
  readonly header?: string;
}

const ARTISTS = [
  'Aphex Twin',
  'Björk',
  'Sigur Rós',
  'AC/DC',
  'Guns N\u2019 Roses',
  'Simon & Garfunkel',
  '藤井 風',
  'Beyoncé',
  '"Weird Al" Yankovic',
  'Earth, Wind & Fire',
  '50 Cent',
  'Mø',
  'Кино',
  '!!!',
  'Tyler, The Creator',
  "Destiny's Child",
  'A\\B',
  '{ Sonic }',
  'The <b>Bold</b>',
  '10cc',
];
const TRACKS = [
  'Xtal',
  'Jóga',
  'Help! - Live, 1965',
  'T.N.T. "Remaster"',
  '4′33″',
  'Svefn-g-englar',
  '死ぬのがいいわ',
  "Don't Stop",
  '1999',
  'Song 2; the end',
];

/** 200 tuples, hostile ones among them. */
export const PAIRS: readonly (readonly [string, string])[] = ARTISTS.flatMap((artist) =>
  TRACKS.map((track) => [artist, track] as const),
);

/** Ids of one column: numbers, and such with blanks, commas, quotes, letters of all kinds. */
export const IDS: readonly string[] = [
  ...Array.from({ length: 60 }, (_, i) => String(100_000 + i * 7919)),
  ...Array.from({ length: 60 }, (_, i) => `spotify:track:${(i * 2654435761).toString(36)}x`),
  ...Array.from({ length: 40 }, (_, i) => `SKU-${i}-ß"${i}"`),
  ...Array.from({ length: 40 }, (_, i) => `Blue Mug, ${i} oz ☕`),
];

const csv = (value: string, delimiter: string): string =>
  value.includes('"') || value.includes(delimiter) || value.includes('\n')
    ? `"${value.replaceAll('"', '""')}"`
    : value;
const python = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const ascii = (value: string): string =>
  JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
const sql = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** A text with the place of a pointer in the middle of a part of it. */
function at(form: string, before: string, part: string, after: string, header?: string): Sample {
  const offset = before.length + Math.max(1, Math.floor(part.length / 2));
  return { form, text: before + part + after, offset, ...(header === undefined ? {} : { header }) };
}

export function samplesOfPair([artist, track]: readonly [string, string], i: number): Sample[] {
  const name = `${artist}|||${track}`;
  const row = (delimiter: string): [string, string, string] => [
    `u1${delimiter}7${delimiter}${csv(artist, delimiter)}${delimiter}`,
    csv(track, delimiter),
    `${delimiter}"two\nlines"\nu2${delimiter}8${delimiter}x${delimiter}y${delimiter}z\n`,
  ];
  const table = (delimiter: string): string => ['user', 'n', 'artist', 'track', 'note'].join(delimiter);
  const tables = [',', '\t', ';'].map((d) => {
    const [before, cell, after] = row(d);
    return at(
      `table ${JSON.stringify(d)}`,
      `${table(d)}\nu0${d}6${d}a${d}b${d}"line\nbreak"\n${before}`,
      cell,
      after,
    );
  });
  const [before, cell, after] = row(',');
  const json = JSON.stringify({ n: 3, artist, tags: ['a', { b: 1 }], track });
  const line = JSON.stringify({ line: json });
  const escaped = JSON.stringify(JSON.stringify(artist).slice(1, -1)).slice(1, -1);
  return [
    ...tables,
    at('part of a table', before, cell, after, table(',')),
    at(
      'joined, JSON',
      `[{"n": 1, "item": "x"}, {"item": "`,
      JSON.stringify(name).slice(1, -1),
      `", "k": "z"}]`,
    ),
    at('joined, JSON of ASCII', `["a", `, ascii(name), `, "b"]`),
    at('joined, Python', `nearest(model, `, python(name), `, k=10)  # it's here`),
    at('joined, R and SQL', `SELECT * FROM t WHERE item = `, sql(name), ` AND k > 3;`),
    at('joined, Markdown code', `- the list has \``, name, `\` in it\n`),
    at('joined, a log', `2026-01-0${i % 9} INFO served item=`, name, ` score=0.5 user=77\n`),
    at('joined, a line of its own', 'first|||line\n', name, '\nlast|||line\n'),
    at('keys, one line', json.slice(0, json.indexOf('"track":') + 8), JSON.stringify(track), '}\n'),
    at(
      'keys, several lines',
      `[\n {\n  "track": ${JSON.stringify(track)},\n  "artist": `,
      JSON.stringify(artist),
      `,\n  "n": {"a": "}"}\n }\n]`,
    ),
    at(
      'keys, escaped',
      line.slice(0, line.indexOf(`\\"artist\\":`) + 11),
      `\\"${escaped}\\"`,
      line.slice(line.indexOf(`\\"artist\\":`) + 11 + escaped.length + 4),
    ),
    at('keys, Python', `rows.append({'artist': `, python(artist), `, 'track': ${python(track)}})`),
    at('arguments, Python', `add(artist=${python(artist)}, track=`, python(track), `, n=3)`),
    at(
      'keys, TypeScript',
      `const a = { artist: `,
      JSON.stringify(artist),
      `, track: ${JSON.stringify(track)}, n: 2 };`,
    ),
    at('compared, SQL', `WHERE artist = ${sql(artist)}\n  AND track = `, sql(track), `\nLIMIT 3`),
  ];
}

export function samplesOfId(id: string): Sample[] {
  return [
    at('one column of a table', 'user,track_id,n\nu1,', csv(id, ','), ',4\n'),
    at('a table of one column', 'track_id\nzzz\n', csv(id, ','), '\nqqq\n'),
    at('a key', '{"user": "u", "track_id": ', /^\d+$/.test(id) ? id : JSON.stringify(id), ', "n": 4}\n'),
    at('a list at a key', '{"track_ids": ["zz", ', /^\d+$/.test(id) ? id : JSON.stringify(id), ', "n"]}\n'),
    at('a string', 'print(nearest(', JSON.stringify(id), '))\n'),
    at('a string of Python', "x = ['a', ", python(id), ", 'b']\n"),
    ...(/^\d+$/.test(id) ? [] : [at('a log', 'WARN item=', id, ' not cached\n')]),
  ];
}

const PROSE = `The end of the year is the time to help each other, and 1999 was such a year. Nobody could stop the rain; the line
was long, "so long" they said, and the song went on. It's 50 cents a cup, 10 cups a day (or 4), at the earth's end. Fire and
wind made it cold. The creator of this file, a child of destiny, weird as it may be, wrote 100000 words, ran 107919 tests.`;
const CODE = `import { help } from './help.ts';\nexport function song(n: number): string {\n  const live = n > 1999 ? "live" : 'stop';
  if (!live) return \`\${n} cents\`;\n  for (let i = 0; i < 10; i++) console.log("help!", { artist: n, end: i });\n  return live;\n}
def track(self, artist=None):\n    return {"a": 1, "artist": artist, "k": [1, 2, 3]}  # don't stop\nx <- c(100000, 107919)\nSELECT count(*) FROM t WHERE n = 107919;\n`;
const LOGS = `2026-01-01T10:00:00Z INFO started pid=107919 after 4.33 s\n2026-01-01 WARN retry 2; the end\nGET /help?live=1965 200 115838
[10cc] fire=off wind="low" user=50 path=/track/xtal.js\nError: stop at 10:15 (song.ts:2:14) {"code": 100000, "msg": "help"}\n`;

/** Every word of a text. */
function wordsOf(form: string, text: string): Sample[] {
  return [...text.matchAll(/[\p{L}\p{N}]+/gu)].map(({ index, 0: word }) => ({
    form,
    text,
    offset: index + Math.floor(word.length / 2),
  }));
}

/** Places in texts that name no item. */
export function samplesOfNone(): Sample[] {
  return [
    ...Object.entries({ prose: PROSE, code: CODE, logs: LOGS }).flatMap(([form, text]) =>
      wordsOf(form, text),
    ),
    ...samplesOfVariables('artist', 'track'),
    ...samplesOfVariables('track_id', 'user'),
  ];
}

/** Code that has variables, arguments and types called as the item's columns. */
export function samplesOfVariables(a: string, b: string): Sample[] {
  const texts = [
    `function f(${a}: string, ${b}: string): void {}`,
    `add(${a}=${a}, ${b}=${b}, n=3)`,
    `SELECT * FROM a JOIN b ON a.${a} = b.${a} AND a.${b} = b.${b} WHERE a.n > 3`,
    `interface Row { ${a}: string; ${b}?: string }`,
    `type One = { ${a}: string }`,
    `const row = { ${a}: first, ${b}: row.second };`,
    `if (x.${a} === y.${a} && x.${b} === other) stop();`,
  ];
  return texts.flatMap((text) => wordsOf('variables', text));
}
