import { expect, it } from 'vitest';
import { guessSpec } from '../../../src/pipeline/data/guess/guess-spec.ts';
import type { DescribedColumn } from '../../../src/pipeline/data/column.ts';

/** 40 users with 3 sessions of 5 rows each, in file order; columns of text, as CSV has them. */
interface At {
  /** Number of the row, session, user, and place in the session. */
  readonly n: number;
  readonly s: number;
  readonly u: number;
  readonly p: number;
}

function guess(columns: Readonly<Record<string, (at: At) => string>>) {
  const rows = Array.from({ length: 600 }, (_, n) => ({
    ...{ n, s: Math.floor(n / 5), u: Math.floor(n / 15), p: n % 5 },
  }));
  const described: DescribedColumn[] = Object.entries(columns).map(([name, value]) => ({
    ...{ name, type: 'VARCHAR', text: true, values: rows.map(value), samples: [] },
  }));
  return guessSpec({ format: 'csv', columns: described });
}

const item = ({ n }: At): string => String(100 + ((n * 7) % 53));
const epoch = ({ n }: At): string => String(1_558_360_000 + n * 61);

it('diginetica: a date that is one in each session is no order beside a time within it', () => {
  const { spec, reasons } = guess({
    sessionId: ({ s }) => String(s),
    userId: ({ u }) => (u % 3 === 0 ? String(u) : 'NA'),
    itemId: item,
    timeframe: ({ p }) => String(p * 1000 + 7),
    eventdate: ({ s }) => `2016-05-${String(1 + (s % 28)).padStart(2, '0')}`,
  });
  expect(spec).toMatchObject({
    sequence: ['sessionId'],
    item: ['itemId'],
    order: ['eventdate', 'timeframe'],
  });
  expect(spec.user).toBeUndefined();
  expect(reasons['order']).toContain('differ');
});

it('rees46: the user is who has several sessions', () => {
  const { spec, reasons } = guess({
    event_time: ({ n }) => new Date(1.5e12 + n * 1000).toISOString().slice(0, 19).replace('T', ' ') + ' UTC',
    product_id: item,
    user_id: ({ u }) => String(u),
    user_session: ({ s }) => `session-${s}`,
  });
  expect(spec).toMatchObject({
    ...{ sequence: ['user_session'], item: ['product_id'], order: ['event_time'], user: 'user_id' },
  });
  expect(reasons['user']).toContain('3.0 sequences on average');
});

it('an index that starts again orders nothing', () => {
  const { spec, reasons } = guess({
    user_id: ({ n }) => String((n * 17) % 40),
    item_id: item,
    __index_level_0__: ({ n }) => String(n % 50),
  });
  expect(spec).toMatchObject({ sequence: ['user_id'], item: ['item_id'], order: [] });
  expect(reasons['order']).toContain('starts again');
});

it('Yoochoose, without a header: a unique time is no item', () => {
  const { spec } = guess({
    column0: ({ s }) => String(s),
    column1: ({ n }) => new Date(1.4e12 + n * 61_234).toISOString(),
    column2: item,
    column3: ({ n }) => (n % 4 === 0 ? 'S' : '0'),
  });
  expect(spec).toMatchObject({
    sequence: ['column0'],
    item: ['column2'],
    order: ['column1'],
    time: 'column1',
  });
});

it('Online Retail: the date of an invoice orders no rows of it', () => {
  const { spec, reasons } = guess({
    InvoiceNo: ({ s }) => String(536_365 + s),
    StockCode: item,
    InvoiceDate: ({ s }) => `12/${1 + (s % 28)}/2010 8:26`,
    CustomerID: ({ u }) => `${17_850 + u}.0`,
  });
  expect(spec).toMatchObject({ sequence: ['InvoiceNo'], item: ['StockCode'], order: [], user: 'CustomerID' });
  expect(spec.time).toBe('InvoiceDate');
  expect(reasons['order']).toContain('one value in all rows');
});

it('H&M: a day orders the rows of a customer, and ties are said', () => {
  const { spec, reasons } = guess({
    t_dat: ({ n }) => `2019-0${1 + (Math.floor(n / 2) % 9)}-11`,
    customer_id: ({ u }) => `c${u}`,
    article_id: item,
  });
  expect(spec).toMatchObject({ sequence: ['customer_id'], item: ['article_id'], order: ['t_dat'] });
  expect(reasons['order']).toContain('stay in file order');
});

it('positions with NULL, and positions that are names with numbers', () => {
  for (const write of [(p: number, n: number) => (n > 590 ? 'NULL' : String(p)), (p: number) => `p${p}`])
    expect(
      guess({
        order_id: ({ s }) => String(s),
        product_id: item,
        add_to_cart_order: ({ p, n }) => write(p + 1, n),
      }).spec,
    ).toMatchObject({ sequence: ['order_id'], item: ['product_id'], order: ['add_to_cart_order'] });
});

it('MovieLens, RetailRocket, Amazon, Tmall', () => {
  const user = ({ u }: At): string => String(u);
  expect(guess({ userId: user, movieId: item, rating: () => '3.5', timestamp: epoch }).spec).toMatchObject({
    ...{ sequence: ['userId'], item: ['movieId'], order: ['timestamp'], user: 'userId', time: 'timestamp' },
  });
  expect(
    guess({ timestamp: epoch, visitorid: user, event: () => 'view', itemid: item, transactionid: () => '' })
      .spec,
  ).toMatchObject({ sequence: ['visitorid'], item: ['itemid'], order: ['timestamp'] });
  expect(
    guess({ reviewerID: user, asin: item, unixReviewTime: epoch, overall: () => '5.0' }).spec,
  ).toMatchObject({ sequence: ['reviewerID'], item: ['asin'], order: ['unixReviewTime'] });
  expect(guess({ user_id: user, item_id: item, time_stamp: ({ p }) => `110${p}` }).spec).toMatchObject({
    ...{ sequence: ['user_id'], item: ['item_id'], order: ['time_stamp'] },
  });
});

const track = ({ n }: At): string => String(1001 + ((n * 7) % 53));

it.each([
  ['a letter before four digits', (at: At) => `t${track(at)}`],
  ['a colon too', (at: At) => `t:${track(at)}`],
  ['punctuation before four digits', (at: At) => `_${track(at)}`],
  ['a letter after four digits', (at: At) => `${track(at)}t`],
  ['eight digits after a letter', (at: At) => `T2019${track(at)}`],
  ['four digits and two', ({ n }: At) => `4001-${String(10 + ((n * 7) % 53))}`],
  ['three numbers that are no date', ({ n }: At) => `12-${40 + ((n * 7) % 53)}-77`],
])('names of items are no times: %s', (_, name) => {
  const { spec } = guess({ user_id: ({ u }) => String(u), thing: name, at: epoch });
  expect(spec).toMatchObject({ sequence: ['user_id'], item: ['thing'], order: ['at'], time: 'at' });
});

it.each([
  ['May 5 of 2019', ({ n }: At) => `May ${1 + (n % 28)} of ${2000 + Math.floor(n / 30)}`],
  ['T between date and clock', ({ n }: At) => new Date(1.5e12 + n * 6e4).toISOString().slice(0, 16)],
  [
    'at before a clock',
    ({ n }: At) => `2019-05-${String(1 + (n % 28)).padStart(2, '0')} at 10:${10 + (n % 50)}`,
  ],
  ['of after a clock', ({ n }: At) => `10:${10 + (n % 50)} of 5 May ${1950 + (n % 99)}`],
  ['a month and a day', ({ n }: At) => `2019/${1 + (n % 12)}/${1 + (n % 28)}`],
])('times are still times: %s', (_, time) => {
  const { spec } = guess({ user_id: ({ u }) => String(u), item_id: item, when: time });
  expect(spec).toMatchObject({ order: ['when'], time: 'when' });
});

it('the title of a list, which stands beside each of its rows, is no item', () => {
  const { spec } = guess({
    playlist_id: ({ s }) => String(s),
    title: ({ s }) => `Mix ${s % 40}`,
    thing: ({ n }) => `x${(n * 7) % 53}y`,
    pos: ({ p }) => String(p),
  });
  expect(spec).toMatchObject({ sequence: ['playlist_id'], item: ['thing'], order: ['pos'] });
});

it('a million playlists: the track, not the name of its playlist', () => {
  const { spec } = guess({
    pid: ({ s }) => String(s),
    name: ({ s }) => `mix ${s % 40}`,
    pos: ({ p }) => String(p),
    artist_name: ({ n }) => `A${((n * 7) % 53) % 9}`,
    track_uri: (at) => `spotify:track:${track(at)}`,
    track_name: (at) => `T${track(at)}`,
  });
  expect(spec).toMatchObject({ sequence: ['pid'], item: ['track_uri'], order: ['pos'] });
});

it('reviews: of a day in words and seconds since 1970 the finer one is the time as well', () => {
  const { spec } = guess({
    reviewerID: ({ u }) => `A${u}`,
    asin: item,
    unixReviewTime: epoch,
    reviewTime: ({ s }) => `0${1 + (s % 9)} ${1 + (s % 28)}, 2012`,
  });
  expect(spec).toMatchObject({ sequence: ['reviewerID'], item: ['asin'] });
  expect(spec).toMatchObject({ order: ['unixReviewTime'], time: 'unixReviewTime' });
});
