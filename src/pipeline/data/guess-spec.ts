import type { DataFormat, DatasetSpec, Guess } from '../../protocol/dataset-spec.ts';
import { evidenceOf } from './column-evidence.ts';
import type { ColumnEvidence } from './column-evidence.ts';
import type { DescribedColumn } from './describe-data.ts';

/** One or more columns for a role, and why. */
interface Choice {
  readonly columns: readonly string[];
  readonly reason: string;
}

/** Words that name a role; a column is a candidate when all words of one entry are among its own. */
const NAMES = {
  split: ['split', 'set', 'part', 'partition', 'subset', 'fold'],
  row: ['row id', 'row number', 'rowid', 'row', 'rownum', 'index', 'idx'],
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
type NamedRole = keyof typeof NAMES;

/** Columns not yet given to a role. */
class Columns {
  readonly all: readonly ColumnEvidence[];
  readonly #taken = new Set<string>();

  constructor(columns: readonly DescribedColumn[]) {
    this.all = columns.map(evidenceOf).filter((column) => column.kind !== 'other' && column.filled >= 0.5);
  }

  get free(): ColumnEvidence[] {
    return this.all.filter((column) => !this.#taken.has(column.name));
  }

  take(names: readonly string[]): void {
    for (const name of names) this.#taken.add(name);
  }

  /** The free column whose name says the role most exactly. */
  named(
    role: NamedRole,
    accepts: (column: ColumnEvidence) => boolean = () => true,
  ): ColumnEvidence | undefined {
    const ranked = this.free
      .filter((column) => accepts(column) && closeness(column, role) > 0)
      .sort((a, b) => closeness(b, role) - closeness(a, role));
    return ranked[0];
  }
}

/** How exactly a column's name says a role: 0 not at all, 1 entirely, less when other words stand beside it. */
function closeness(column: ColumnEvidence, role: NamedRole): number {
  const fits = NAMES[role]
    .map((entry) => entry.split(' '))
    .filter((words) =>
      words.every((word) => column.words.includes(word) || column.words.includes(`${word}s`)),
    );
  const most = Math.max(0, ...fits.map((words) => words.length));
  // `id` and `name` say nothing about the role.
  const own = column.words.filter(
    (word) => !['id', 'name', 'key', 'no', 'hash', 'code'].includes(word),
  ).length;
  return most === 0 ? 0 : Math.min(1, most / Math.max(1, own)) + (column.words.includes('id') ? 0.01 : 0);
}

/**
 * Guesses which columns mean what, from their names, and where these say nothing from types and values of the first
 * rows. Each choice comes with its reason, for the person who confirms it.
 */
export function guessSpec(data: {
  readonly format: DataFormat;
  readonly columns: readonly DescribedColumn[];
}): Guess {
  const columns = new Columns(data.columns);
  const split = take(columns, splitOf(columns));
  // Order columns first, since `click_order` and `row_id` resemble names of other roles.
  const order = takeOrder(columns);
  const item = take(columns, itemByName(columns));
  const sequence = take(columns, sequenceByName(columns));
  const knownItem = item ?? take(columns, itemByValues(columns, sequence === undefined));
  const knownSequence = sequence ?? take(columns, sequenceByValues(columns));
  const user = userOf(columns, knownSequence);
  const group = groupOf(columns, knownItem);
  const knownOrder = order.order ?? orderByValues(columns);
  const spec: DatasetSpec = {
    format: data.format,
    sequence: [...(knownSequence?.columns ?? [])],
    item: [...(knownItem?.columns ?? [])],
    order: [...(knownOrder?.columns ?? [])],
    ...(user === undefined ? {} : { user: user.columns[0] }),
    ...(group === undefined ? {} : { group: group.columns[0] }),
    ...(order.time === undefined ? {} : { time: order.time.columns[0] }),
    minimumLength: 3,
    sample: 1,
    split: { by: 'sequence', ratios: [0.7, 0.2, 0.1], ...splitBy(split) },
  };
  return {
    spec,
    reasons: reasonsOf({
      sequence: knownSequence,
      item: knownItem,
      order: knownOrder,
      user,
      group,
      time: order.time,
      split,
    }),
  };
}

function splitBy(split: Choice | undefined): { by?: 'column'; column?: string } {
  const [column] = split?.columns ?? [];
  return column === undefined ? {} : { by: 'column', column };
}

/** A column by whose name and every value looked at the data come with a split of their own. */
function splitOf(columns: Columns): Choice | undefined {
  const column = columns.named('split', ({ kind, namesParts }) => kind === 'text' && namesParts);
  return column === undefined
    ? undefined
    : { columns: [column.name], reason: `${quoted(column.name)} says which sequences train and which test.` };
}

function reasonsOf(choices: Readonly<Record<string, Choice | undefined>>): Record<string, string> {
  const missing: Record<string, string> = {
    sequence: 'No column looks like a playlist, basket, session or user: choose one.',
    item: 'No column looks like an item: choose one.',
    order: 'No column gives an order: rows are taken in file order.',
  };
  const reasons: Record<string, string> = {
    minimumLength: 'The default: shorter sequences have nothing to learn and to predict from.',
    split: 'The default: 70 % of the sequences train, 20 % validate, 10 % test.',
  };
  for (const [role, choice] of Object.entries(choices)) {
    const reason = choice?.reason ?? missing[role];
    if (reason !== undefined) reasons[role] = reason;
  }
  return reasons;
}

function take(columns: Columns, choice: Choice | undefined): Choice | undefined {
  if (choice !== undefined) columns.take(choice.columns);
  return choice;
}

function quoted(name: string): string {
  return `‘${name}’`;
}

/** A global row number alone; else times, coarse to fine, and then positions. */
function takeOrder(columns: Columns): { order?: Choice; time?: Choice } {
  const time = timeColumns(columns);
  columns.take(time);
  const row = columns.named('row', (column) => column.kind === 'integer');
  const position = columns.named('position', (column) => column.kind === 'integer');
  const last = row ?? position;
  if (last !== undefined) columns.take([last.name]);
  const times =
    time[0] === undefined
      ? {}
      : { time: { columns: [time[0]], reason: `${quoted(time[0])} is a time by its name and values.` } };
  if (row?.increasing === true)
    return {
      order: { columns: [row.name], reason: `${quoted(row.name)} numbers the rows in their order.` },
      ...times,
    };
  const order = [...time, ...(last === undefined ? [] : [last.name])];
  if (order.length === 0) return {};
  return {
    order: {
      columns: order,
      reason: `${order.map(quoted).join(', ')} ${order.length === 1 ? 'says' : 'say'} when or where in its sequence a row comes.`,
    },
    ...times,
  };
}

function timeColumns(columns: Columns): string[] {
  const typed = columns.free
    .filter((column) => column.kind === 'time')
    .sort((a, b) => closeness(b, 'time') - closeness(a, 'time'));
  const ofDay = columns.free.find((column) => column.kind === 'time of day');
  const [first] = typed;
  if (first !== undefined) return ofDay === undefined ? [first.name] : [first.name, ofDay.name];
  // Epoch numbers, or times kept as text.
  const named = columns.named(
    'time',
    (column) => column.kind === 'integer' || column.kind === 'decimal' || column.kind === 'text',
  );
  return named === undefined ? [] : [named.name];
}

function itemByName(columns: Columns): Choice | undefined {
  const trackId = columns.named('trackId');
  if (trackId !== undefined)
    return { columns: [trackId.name], reason: `${quoted(trackId.name)} identifies a track by its name.` };
  const artist = columns.named('artist');
  const track = columns.named('track');
  if (artist !== undefined && track !== undefined) {
    return {
      columns: [artist.name, track.name],
      reason: `${quoted(track.name)} alone is not unique: different artists have songs of the same title, so ${quoted(artist.name)} belongs to it.`,
    };
  }
  const item = columns.named('item') ?? track;
  return item === undefined
    ? undefined
    : { columns: [item.name], reason: `${quoted(item.name)} identifies an item by its name.` };
}

function sequenceByName(columns: Columns): Choice | undefined {
  const user = columns.named('user');
  const playlist = columns.named('playlist');
  if (playlist !== undefined) {
    const isId = playlist.words.includes('id') || playlist.words.includes('pid');
    if (user === undefined || isId)
      return { columns: [playlist.name], reason: `${quoted(playlist.name)} identifies a playlist.` };
    return {
      columns: [user.name, playlist.name],
      reason: `${quoted(playlist.name)} is a name that several users may have given, so ${quoted(user.name)} belongs to it.`,
    };
  }
  for (const [role, what] of [
    ['session', 'a session'],
    ['basket', 'a basket'],
  ] as const) {
    const column = columns.named(role);
    if (column !== undefined)
      return { columns: [column.name], reason: `${quoted(column.name)} identifies ${what} by its name.` };
  }
  const plain = columns.all.find((column) => column.words.join(' ') === 'sequence');
  if (plain !== undefined)
    return { columns: [plain.name], reason: 'Each line begins with the key of its sequence.' };
  return user === undefined
    ? undefined
    : {
        columns: [user.name],
        reason: `${quoted(user.name)} identifies a user; there is no smaller unit, so all of a user's rows are one sequence.`,
      };
}

/** The column with most different values that still repeat, leaving one for the sequence where that is unknown. */
function itemByValues(columns: Columns, sequenceUnknown: boolean): Choice | undefined {
  const reserved = sequenceUnknown ? sequenceByValues(columns)?.columns[0] : undefined;
  const candidates = columns.free.filter(
    (column) => column.name !== reserved && column.kind !== 'decimal' && !column.increasing,
  );
  const [best] = candidates.sort((a, b) => b.distinct - a.distinct);
  return best === undefined
    ? undefined
    : {
        columns: [best.name],
        reason: `${quoted(best.name)} has the most different values that are no numbering (${percent(best.distinct)} of the rows looked at).`,
      };
}

/** The column whose values stand in runs, each in one place; else the one with fewest different values but two. */
function sequenceByValues(columns: Columns): Choice | undefined {
  const candidates = columns.free.filter(
    (column) => (column.kind === 'text' || column.kind === 'integer') && !column.increasing,
  );
  const [run] = candidates
    .filter((column) => column.contiguous && column.run >= 2 && column.run < 1000)
    .sort((a, b) => a.run - b.run);
  if (run !== undefined)
    return {
      columns: [run.name],
      reason: `${quoted(run.name)} has its equal values in one place each, ${run.run.toFixed(1)} rows on average.`,
    };
  const [repeated] = candidates
    .filter((column) => column.distinct < 0.7)
    .sort((a, b) => b.distinct - a.distinct);
  return repeated === undefined
    ? undefined
    : {
        columns: [repeated.name],
        reason: `${quoted(repeated.name)} has values that come again in other rows.`,
      };
}

function orderByValues(columns: Columns): Choice | undefined {
  const numbering = columns.free.find(
    (column) => column.increasing && (column.kind === 'integer' || column.kind === 'decimal'),
  );
  return numbering === undefined
    ? undefined
    : { columns: [numbering.name], reason: `${quoted(numbering.name)} grows from row to row.` };
}

function userOf(columns: Columns, sequence: Choice | undefined): Choice | undefined {
  const own = columns.all.find(
    (column) => sequence?.columns.includes(column.name) === true && closeness(column, 'user') > 0,
  );
  const user = own ?? columns.named('user');
  return user === undefined
    ? undefined
    : {
        columns: [user.name],
        reason: `${quoted(user.name)} identifies a user by its name; needed by a split by user.`,
      };
}

function groupOf(columns: Columns, item: Choice | undefined): Choice | undefined {
  const own = columns.all.find(
    (column) =>
      item?.columns.includes(column.name) === true &&
      item.columns.length > 1 &&
      closeness(column, 'group') > 0,
  );
  const group = own ?? columns.named('group');
  return group === undefined
    ? undefined
    : {
        columns: [group.name],
        reason: `${quoted(group.name)} groups items; it serves to compare with the most popular of the same group.`,
      };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
