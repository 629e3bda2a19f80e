import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { UserError } from '../../../src/protocol/user-error.ts';
import { prepared, query, runPrepare, temporaryFolder } from './prepare-runner.ts';
import type { Prepared } from './prepare-runner.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

/** Sequences of items in their true order; rows are written in another, so that file order gives nothing away. */
const ROWS = 60;
const EACH = 5;
interface Row {
  readonly sequence: string;
  readonly item: string;
  readonly order: string | null;
}

/** Row `n` of all in true order is in sequence n mod 12; its order is written by `write`. */
function rowsBy(write: (n: number) => string | null): Row[] {
  const rows = Array.from({ length: ROWS }, (_, n) => ({
    sequence: `s${n % (ROWS / EACH)}`,
    item: `i${(n * 7) % 13}`,
    order: write(n),
  }));
  return rows.map((_, n) => rows[(n * 37 + 11) % ROWS] ?? rows[0]).filter((row) => row !== undefined);
}

function truth(): Map<string, string[]> {
  const sequences = new Map<string, string[]>();
  for (let n = 0; n < ROWS; n++) {
    const key = `s${n % (ROWS / EACH)}`;
    sequences.set(key, [...(sequences.get(key) ?? []), `i${(n * 7) % 13}`]);
  }
  return sequences;
}

function spec(format: 'csv' | 'jsonl' | 'parquet', changes: Partial<DatasetSpec> = {}): DatasetSpec {
  return DatasetSpec.parse({ format, sequence: ['s'], item: ['i'], order: ['t'], ...changes });
}

const field = (text: string | null): string => (text === null ? '' : `"${text}"`);

async function write(name: string, rows: readonly Row[], format: 'csv' | 'jsonl'): Promise<string> {
  const file = path.join(folder, `${name.replaceAll(/[^A-Za-z0-9]+/g, '-')}.${format}`);
  const lines =
    format === 'csv'
      ? ['s,i,t', ...rows.map((row) => `${row.sequence},${row.item},${field(row.order)}`)]
      : rows.map((row) => JSON.stringify({ s: row.sequence, i: row.item, t: row.order }));
  await fs.writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

function sequencesOf(run: Prepared): Map<string, string[]> {
  return new Map(run.named.map(({ key, items }) => [key[0] ?? '', [...items]]));
}

const two = (n: number): string => String(n).padStart(2, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LONG = 'January February March April May June July August September October November December'.split(
  ' ',
);
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** The n-th moment: 41 days, 5 hours and some apart over several years, so that no other order of parts agrees. */
function moment(n: number) {
  const date = new Date(Date.UTC(2016, 10, 28, 22, 58, 57, 123) + n * 3_561_741_000);
  const hour = date.getUTCHours();
  return {
    ...{ date, y: date.getUTCFullYear(), m: date.getUTCMonth() + 1, d: date.getUTCDate(), hour },
    ...{ min: two(date.getUTCMinutes()), sec: two(date.getUTCSeconds()), weekday: DAYS[date.getUTCDay()] },
    ...{ month: MONTHS[date.getUTCMonth()], long: LONG[date.getUTCMonth()] },
    ...{ hour12: ((hour + 11) % 12) + 1, half: hour < 12 ? 'AM' : 'PM', epoch: date.getTime() },
  };
}
type Moment = ReturnType<typeof moment>;

/** The moment as a clock shows it in a zone, so many minutes ahead. */
function inZone(at: Moment, minutes: number): string {
  const sign = minutes < 0 ? '-' : '+';
  const size = Math.abs(minutes);
  const local = new Date(at.epoch + minutes * 60_000).toISOString().slice(0, 19);
  return `${local}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const FORMS: Readonly<Record<string, (at: Moment, n: number) => string>> = {
  'ISO date and time': ({ date }) => date.toISOString().slice(0, 19).replace('T', ' '),
  'ISO with T': ({ date }) => date.toISOString().slice(0, 19),
  'ISO with Z and milliseconds': ({ date }) => date.toISOString(),
  'ISO with microseconds': ({ date }) => `${date.toISOString().slice(0, 23)}456`,
  'ISO with nanoseconds': ({ date }) => `${date.toISOString().slice(0, 23)}456789Z`,
  'ISO with several offsets': (at, n) => inZone(at, [0, 120, -420, 330][n % 4] ?? 0),
  'ISO without seconds': ({ date }) => date.toISOString().slice(0, 16),
  'ISO, a fraction only at times': ({ date }, n) =>
    date
      .toISOString()
      .slice(0, n % 3 === 0 ? 23 : 19)
      .replace('T', ' '),
  'ISO with UTC': ({ date }) => `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
  'ISO with slashes': ({ date }) => date.toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/'),
  'ISO with dots': ({ y, m, d }) => `${y}.${two(m)}.${two(d)}`,
  'basic ISO': ({ date }) => date.toISOString().slice(0, 19).replaceAll(/[-:]/g, ''),
  'digits of a day': ({ y, m, d }) => `${y}${two(m)}${two(d)}`,
  'digits of a day, day first': ({ y, m, d }) => `${two(d)}${two(m)}${y}`,
  'digits of a second': ({ date }) => date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, ''),
  'day and blank clock': ({ y, m, d, hour, min, sec }) => `${y}${two(m)}${two(d)} ${two(hour)}:${min}:${sec}`,
  'day first with dots': ({ y, m, d, hour, min }) => `${two(d)}.${two(m)}.${y} ${two(hour)}:${min}`,
  'day first with slashes': ({ y, m, d, hour, min }) => `${two(d)}/${two(m)}/${y} ${two(hour)}:${min}`,
  'day first, unpadded': ({ y, m, d, hour, min }) => `${d}/${m}/${y} ${hour}:${min}`,
  'day first with dashes, two digits of the year': ({ y, m, d }) => `${two(d)}-${two(m)}-${y % 100}`,
  'month first': ({ y, m, d, hour, min }) => `${m}/${d}/${y} ${hour}:${min}`,
  'month first with AM and PM': ({ y, m, d, hour12, min, half }) => `${m}/${d}/${y} ${hour12}:${min} ${half}`,
  'month first with AM and PM and seconds': ({ y, m, d, hour12, min, sec, half }) =>
    `${two(m)}/${two(d)}/${y} ${hour12}:${min}:${sec} ${half.toLowerCase()}`,
  'a script in a browser': ({ y, m, d, hour12, min, sec, half }) =>
    `${m}/${d}/${y}, ${hour12}:${min}:${sec} ${half}`,
  'month first, with a comma (Amazon)': ({ y, m, d }) => `${two(m)} ${d}, ${y}`,
  "the month's short name": ({ y, month, d }) => `${month} ${d}, ${y}`,
  "the month's name": ({ y, long, d }) => `${d} ${long} ${y}`,
  'day, name, two digits of the year': ({ y, month, d }) => `${d}-${month}-${two(y % 100)}`,
  'SQL Server': ({ y, month, d, hour12, min, half }) => `${month} ${d} ${y} ${hour12}:${min}${half}`,
  'Twitter, Goodreads, Foursquare': ({ y, month, d, weekday, hour, min, sec }) =>
    `${weekday} ${month} ${two(d)} ${two(hour)}:${min}:${sec} +0000 ${y}`,
  'RFC 2822': ({ y, month, d, weekday, hour, min, sec }) =>
    `${weekday}, ${two(d)} ${month} ${y} ${two(hour)}:${min}:${sec} GMT`,
  'RFC 2822 with an offset': (at, n) => {
    const ahead = [-700, 0, 530][n % 3] ?? 0;
    const minutes = Math.trunc(ahead / 100) * 60 + (ahead % 100);
    const local = moment(0);
    const there = new Date(at.epoch + minutes * 60_000);
    return `${DAYS[there.getUTCDay()] ?? ''}, ${there.getUTCDate()} ${MONTHS[there.getUTCMonth()] ?? ''} ${there.getUTCFullYear()} ${there.toISOString().slice(11, 19)} ${ahead < 0 ? '-' : '+'}${String(Math.abs(ahead)).padStart(4, '0')}${local.y === 0 ? '' : ''}`;
  },
  'the date command': ({ y, month, d, weekday, hour, min, sec }) =>
    `${weekday} ${month} ${two(d)} ${two(hour)}:${min}:${sec} UTC ${y}`,
  "C's ctime": ({ y, month, d, weekday, hour, min, sec }) =>
    `${weekday} ${month} ${String(d).padStart(2, ' ')} ${two(hour)}:${min}:${sec} ${y}`,
  'a web server': ({ y, month, d, hour, min, sec }) =>
    `${two(d)}/${month}/${y}:${two(hour)}:${min}:${sec} +0000`,
  "a browser's own": ({ y, month, d, weekday, hour, min, sec }) =>
    `${weekday} ${month} ${two(d)} ${y} ${two(hour)}:${min}:${sec} GMT+0000 (Coordinated Universal Time)`,
  'a zone by its name': ({ date }) =>
    `${new Date(date.getTime() + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')} Asia/Tokyo`,
  'zones by their letters': ({ date }, n) => {
    const [name, hours] = [
      ['EST', -5],
      ['PDT', -7],
      ['CEST', 2],
    ][n % 3] ?? ['', 0];
    const local = new Date(date.getTime() + Number(hours) * 3_600_000);
    return `${local.toISOString().slice(0, 19).replace('T', ' ')} ${name}`;
  },
  'years and months': (_, n) => `${2000 + Math.floor(n / 12)}-${two((n % 12) + 1)}`,
  'weeks of ISO': (_, n) => `${2000 + Math.floor(n / 7)}-W${(n % 7) * 7 + 1}`,
  'two forms, of which neither leaves a choice': ({ date, y, m, d }, n) =>
    n % 2 === 0 ? date.toISOString().slice(0, 10) : `${two(d)}/${two(m)}/${y}`,
  'seconds of the epoch': ({ epoch }) => String(Math.floor(epoch / 1000) - 900_000_000),
  'seconds with a fraction': ({ epoch }) => String(epoch / 1000 - 900_000_000),
  'milliseconds, microseconds': ({ epoch }) => `${epoch - 1_479_000_000_000}000`,
  nanoseconds: ({ epoch }) => `${epoch}000001`,
  'seconds as pandas writes floats': ({ epoch }) => `${Math.floor(epoch / 1000) - 900_000_000}.0`,
  'days as Excel counts them': ({ epoch }) => String(epoch / 86_400_000 + 25_569 - 40_000),
  exponents: (_, n) => `${(n + 1) * 1000}e${n % 2 === 0 ? '+0' : '0'}`,
  'beyond 2^53': (_, n) => String(9_007_199_254_740_993n + BigInt(n)),
  'beyond 2^63': (_, n) => String(9_223_372_036_854_775_800n + BigInt(n)),
  'beyond 2^127': (_, n) => `${'9'.repeat(37)}${n + 95}`,
  'negative numbers': (_, n) => String(n - 30),
  positions: (_, n) => String(n + 1),
  'positions as pandas writes floats': (_, n) => `${n + 1}.0`,
  'names with numbers': (_, n) => `p${n}`,
  versions: (_, n) => `v1.${Math.floor(n / 11)}.${n % 11}-rc`,
  'hours over 24': (_, n) => `${Math.floor(n / 2)}:${n % 2 === 0 ? '05' : '59'}:00`,
};

describe('text that orders rows is read as what it is', () => {
  for (const [name, form] of Object.entries(FORMS)) {
    for (const format of name.includes('two digits of the year')
      ? (['csv'] as const)
      : (['csv', 'jsonl'] as const))
      it(`${name}, in ${format}`, async () => {
        const rows = rowsBy((n) => form(moment(n), n));
        const run = await prepared(await write(name, rows, format), spec(format));
        expect(sequencesOf(run)).toEqual(truth());
      });
  }

  for (const missing of ['NULL', 'NA', '\\N', 'nan', 'None', ''])
    it(`a number of which some are ${missing === '' ? 'empty' : missing}: these come last, and are told`, async () => {
      const rows = rowsBy((n) => (n >= ROWS - 12 ? missing : String(n + 1)));
      const run = await prepared(await write(`missing ${missing}`, rows, 'csv'), spec('csv'));
      const known = new Map([...truth()].map(([key, items]) => [key, items.slice(0, EACH - 1)]));
      expect(new Map([...sequencesOf(run)].map(([key, items]) => [key, items.slice(0, EACH - 1)]))).toEqual(
        known,
      );
      expect(run.warnings.filter((text) => text.includes('no value in ‘t’'))).toEqual([
        '12 rows (20 %) have no value in ‘t’, which orders rows: they come last in their sequences, in file order.',
      ]);
    });

  it('in parquet too, where the rows are read in place otherwise', async () => {
    const file = path.join(folder, 'text.parquet');
    const values = rowsBy((n) => FORMS['Twitter, Goodreads, Foursquare']?.(moment(n), n) ?? null);
    const rows = values.map((row) => `('${row.sequence}', '${row.item}', '${row.order ?? ''}')`);
    await query(
      `COPY (SELECT * FROM (VALUES ${rows.join(', ')}) AS v(s, i, t)) TO '${file}' (FORMAT parquet)`,
    );
    const run = await prepared(file, spec('parquet'));
    expect(sequencesOf(run)).toEqual(truth());
    expect(run.profile.notes).toEqual(['‘t’ is read as %a %b %d %H:%M:%S %Y, in the zones written with it.']);
  });

  it.each(['INTEGER', 'BIGINT'])('days as whole numbers with the year last, in parquet: %s', async (type) => {
    const rows = rowsBy((n) => {
      const { y, m, d } = moment(n);
      return `${d}${two(m)}${y}`;
    });
    const file = path.join(folder, `days-${type}.parquet`);
    const values = rows.map(
      ({ sequence, item, order }) => `('${sequence}', '${item}', ${order ?? 'NULL'}::${type})`,
    );
    await query(
      `COPY (SELECT * FROM (VALUES ${values.join(', ')}) AS t(s, i, t)) TO '${file}' (FORMAT parquet)`,
    );
    const found = await prepared(file, spec('parquet'));
    expect(sequencesOf(found)).toEqual(truth());
    expect(found.profile.notes).toEqual(['‘t’ is read as %d%m%Y.']);
  });

  it('says how it was read, and warns where numbers are taken out of names', async () => {
    const run = await prepared(
      await write(
        'said',
        rowsBy((n) => `p${n}`),
        'csv',
      ),
      spec('csv'),
    );
    const said = 'is text that is read number by number (p2 comes before p10).';
    expect(run.warnings).toContain(`‘t’ orders rows and ${said}`);
    expect(run.profile.notes).toEqual([`‘t’ ${said}`]);
  });

  it('a date and a clock, each in a column', async () => {
    const file = path.join(folder, 'two.csv');
    const rows = rowsBy((n) => String(n)).map((row) => {
      const { y, m, d, hour12, min, half } = moment(Number(row.order));
      return `${row.sequence},${row.item},${d}/${m}/${y},${hour12}:${min} ${half}`;
    });
    await fs.writeFile(file, ['s,i,day,clock', ...rows, ''].join('\n'));
    const run = await prepared(file, spec('csv', { order: ['day', 'clock'], time: 'day' }));
    expect(sequencesOf(run)).toEqual(truth());
    expect(run.profile.notes).toEqual(['‘day’ is read as %d/%m/%Y.', '‘clock’ is read as %I:%M %p.']);
  });
});

/** Days that may be read either way. */
function ambiguous(n: number): string {
  return `${two(((n * 5) % 12) + 1)}/${two(((n * 7) % 11) + 1)}/2019`;
}

async function failure(
  name: string,
  rows: readonly Row[],
  changes: Partial<DatasetSpec> = {},
): Promise<UserError> {
  const file = await write(name, rows, 'csv');
  const error: unknown = await runPrepare(file, spec('csv', changes), await temporaryFolder()).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw new Error(`not a UserError: ${String(error)}`);
  return error;
}

describe('day and month', () => {
  it('are not guessed: both readings are shown, and the option to choose', async () => {
    const error = await failure('ambiguous', rowsBy(ambiguous));
    expect(error.message).toMatch(
      /Whether column 't' of .* writes the day or the month first cannot be told: ‘(\d\d)\/(\d\d)\/2019’ is \d+ \w+ 2019 by %d\/%m\/%Y or \d+ \w+ 2019 by %m\/%d\/%Y, and every row/,
    );
    expect(error.hint).toContain('--time-format "%d/%m/%Y" or --time-format "%m/%d/%Y"');
  });

  it('are told by the format given', async () => {
    const rows = rowsBy(ambiguous);
    const file = await write('told', rows, 'csv');
    const by = async (timeFormat: string): Promise<Map<string, string[]>> =>
      sequencesOf(await prepared(file, spec('csv', { timeFormat })));
    const expected = (key: (text: string) => string): Map<string, string[]> => {
      const sorted = rows.toSorted((a, b) => key(a.order ?? '').localeCompare(key(b.order ?? '')));
      const sequences = new Map<string, string[]>();
      for (const { sequence, item } of sorted)
        sequences.set(sequence, [...(sequences.get(sequence) ?? []), item]);
      return sequences;
    };
    expect(await by('%d/%m/%Y')).toEqual(expected((text) => text.slice(3, 5) + text.slice(0, 2)));
    expect(await by('%m/%d/%Y')).toEqual(expected((text) => text.slice(0, 5)));
  });

  it('need not be told where rows come in the same order either way', async () => {
    const rows = rowsBy((n) => `${two((n % 12) + 1)}/01/${2000 + Math.floor(n / 12)}`);
    const run = await prepared(await write('alike', rows, 'csv'), spec('csv'));
    expect(sequencesOf(run)).toEqual(truth());
  });

  it('are told by files whose sequences are in order of time by one reading only', async () => {
    const days = Array.from(
      { length: 12 * 12 },
      (_, n) => `${two((n % 12) + 1)}/${two(Math.floor(n / 12) + 1)}/2019`,
    );
    const rows = days.map((order, n) => ({ sequence: `s${n % 7}`, item: `i${n % 13}`, order }));
    const run = await prepared(await write('sorted', rows, 'csv'), spec('csv'));
    expect(run.profile.notes?.[0]).toMatch(/%d\/%m\/%Y, since so, and only so/);
  });
});

describe('what cannot be read is refused, with samples', () => {
  it('no order at all', async () => {
    const error = await failure(
      'words',
      rowsBy((n) => ['first', 'then', 'last'][n % 3] ?? ''),
    );
    expect(error.message).toMatch(/neither numbers, nor times .*: ‘\w+’, ‘\w+’, ‘\w+’/);
    expect(error.hint).toContain('--no-order');
  });

  it('a value among many, far down', async () => {
    const rows = Array.from({ length: 5000 }, (_, n) => ({
      ...{ sequence: `s${n % 40}`, item: `i${n % 31}` },
      order: n === 4321 ? '31/02/2019' : `${(n % 28) + 1}/03/2019`,
    }));
    const error = await failure('far', rows);
    expect(error.message).toContain('can be read as %d/%m/%Y in most rows, but not where it is ‘31/02/2019’');
  });

  it('a format that reads nothing', async () => {
    const error = await failure(
      'none',
      rowsBy((n) => String(n)),
      { timeFormat: '%d-%m-%Y' },
    );
    expect(error.message).toContain('The time format %d-%m-%Y reads no column');
  });

  it('days of the week alone, and letters and numbers mixed', async () => {
    await failure(
      'weekdays',
      rowsBy((n) => DAYS[n % 7] ?? ''),
    );
    await failure(
      'mixed',
      rowsBy((n) => (n % 2 === 0 ? `p${n}` : String(n))),
    );
  });
});
