/** What the names of columns say of the parts they play. */
import type { ColumnEvidence } from './column-evidence.ts';

/** Words that name a role; a column is a candidate when all words of one entry are among its own. */
export const NAMES = {
  split: ['split', 'set', 'part', 'partition', 'subset', 'fold'],
  row: ['row id', 'row number', 'rowid', 'row', 'rownum', 'index', 'idx', 'index level', 'unnamed'],
  playlist: ['playlist', 'playlist id', 'playlist name', 'pid', 'playlistname', 'playlistid'],
  session: ['session', 'sessionid', 'sid', 'cookie', 'visit', 'visitid'],
  basket: [
    'basket',
    'order id',
    'orderid',
    'order',
    'order number',
    'transaction',
    'transactionid',
    'invoice',
    'invoiceno',
    'cart',
    'cart id',
    'ticket',
    'receipt',
    'purchase id',
  ],
  user: [
    'user',
    'userid',
    'uid',
    'customer',
    'customerid',
    'member',
    'visitor',
    'visitorid',
    'client',
    'account',
    'reviewer',
    'reviewerid',
    'listener',
    'person',
    'shopper',
    'msno',
  ],
  artist: ['artist', 'artistname', 'band', 'performer'],
  track: ['track', 'trackname', 'song', 'songname', 'title', 'recording'],
  trackId: ['track id', 'trackid', 'track uri', 'song id', 'songid', 'song uri', 'isrc'],
  item: [
    'item',
    'itemid',
    'product',
    'productid',
    'sku',
    'article',
    'articleid',
    'asin',
    'isbn',
    'movie',
    'movieid',
    'film',
    'book',
    'bookid',
    'video',
    'videoid',
    'game',
    'webpage',
    'page',
    'url',
    'content',
    'news',
    'business',
    'stock code',
    'stockcode',
    'recipe',
    'poi',
    'venue',
    'reference',
  ],
  group: [
    'artist',
    'artistname',
    'author',
    'brand',
    'manufacturer',
    'vendor',
    'category',
    'categoryid',
    'department',
    'genre',
    'seller',
    'aisle',
  ],
  position: [
    'position',
    'pos',
    'click order',
    'add to cart order',
    'cart order',
    'item order',
    'rank',
    'step',
    'sequence number',
    'seq',
    'seqno',
    'event number',
    'event index',
    'item index',
    'line number',
    'offset',
    'track number',
  ],
  time: [
    'timestamp',
    'time stamp',
    'time',
    'date',
    'datetime',
    'ts',
    'created',
    'created at',
    'event time',
    'eventtime',
    'unixtime',
    'unix review time',
    'utc',
    'at',
  ],
} as const;
export type NamedRole = keyof typeof NAMES;

/** They say nothing about the role. */
const SAYING_NOTHING = new Set(['id', 'name', 'key', 'no', 'hash', 'code']);
/** A name that ends so is of something that the thing has, not of the thing: `order_date`, `session_length`. */
const ATTRIBUTES = new Set(
  (
    'date time duration length count size type status price amount value total rank score rating quantity qty ' +
    'dow hour day month year weight lang language country frame'
  ).split(' '),
);

/**
 * How exactly a column's name says a role: 0 not at all, about 1 entirely, less when other words stand beside it, a little
 * more when the last word does: `user_session` is a session.
 */
export function closeness({ words }: ColumnEvidence, role: NamedRole): number {
  const own = words.filter((word) => !SAYING_NOTHING.has(word));
  const last = own.at(-1) ?? '';
  const fits = NAMES[role]
    .map((entry) => entry.split(' '))
    .filter((entry) => entry.every((word) => words.includes(word) || words.includes(`${word}s`)))
    .filter((entry) => !ATTRIBUTES.has(last) || entry.includes(last));
  if (fits.length === 0) return 0;
  const most = Math.max(...fits.map((entry) => entry.length));
  const ends = fits.some((entry) => entry.includes(last) || entry.some((word) => `${word}s` === last));
  return Math.min(1, most / Math.max(1, own.length)) + (ends ? 0.1 : 0) + (words.includes('id') ? 0.01 : 0);
}
