/** Guesses what orders the rows of sequences: by names and kinds which columns may, by values which do. */
import type { ColumnEvidence } from './column-evidence.ts';
import { percent, quoted } from './columns.ts';
import type { Choice, Columns } from './columns.ts';
import { orderEvidence } from './combinations.ts';
import type { OrderEvidence } from './combinations.ts';
import { closeness } from './role-names.ts';

/** Columns that may order rows, before it is known what the sequences are. */
export interface OrderCandidates {
  /** Numbers the rows of the data. */
  readonly row?: ColumnEvidence;
  /** Numbers the rows of a sequence. */
  readonly position?: ColumnEvidence;
  /** Times, the likelier first; and a clock that belongs to a date. */
  readonly times: readonly ColumnEvidence[];
  readonly clock?: ColumnEvidence;
}

const NUMBERS = new Set(['integer', 'decimal']);

/** Takes the columns that may order, since `click_order` and `row_id` resemble names of other roles. */
export function takeOrderCandidates(columns: Columns): OrderCandidates {
  const times = timeColumns(columns);
  columns.take(times.map(({ name }) => name));
  const clock = times.length === 0 ? undefined : columns.free.find(({ kind }) => kind === 'time of day');
  const row = columns.named('row', ({ kind }) => kind === 'integer');
  if (row !== undefined) columns.take([row.name]);
  const position = columns.named('position', ({ kind }) => NUMBERS.has(kind) || kind === 'numbered');
  columns.take([clock, position].flatMap((column) => (column === undefined ? [] : [column.name])));
  return {
    times,
    ...(clock === undefined ? {} : { clock }),
    ...(row === undefined ? {} : { row }),
    ...(position === undefined ? {} : { position }),
  };
}

/** Names that files without a header get, and tables of numbers have. */
const NO_NAME = /^(column|col|field|f|v|x|c)?[ _]?\d+$/i;

/** Typed times and text that reads as one, numbers with the name of a time, and numbers without a name that look like it. */
function timeColumns(columns: Columns): ColumnEvidence[] {
  const unnamed = columns.free.filter(({ name }) => NO_NAME.test(name));
  const epochs = unnamed.filter((column) => column.kind === 'integer' && isEpoch(column));
  // Identifiers may be as large as seconds since 1970, but an item and a sequence must be left.
  const own = unnamed.length - epochs.length >= 2 ? epochs : [];
  const fits = (column: ColumnEvidence): boolean =>
    column.kind === 'time' ||
    own.includes(column) ||
    (NUMBERS.has(column.kind) &&
      (closeness(column, 'time') >= 1 || (closeness(column, 'time') > 0 && looksLikeTime(column))));
  const rank = (column: ColumnEvidence): number =>
    closeness(column, 'time') + (column.kind === 'time' ? 2 : 0);
  return columns.free.filter(fits).sort((a, b) => rank(b) - rank(a));
}

/** Seconds or smaller units since 1970, from 1990 to 2100; or digits of a date. */
function looksLikeTime({ values }: ColumnEvidence): boolean {
  const numbers = values.filter((value) => value !== null).map(Number);
  const days = numbers.every((value) => value >= 19_000_101 && value < 21_000_101);
  return numbers.length > 0 && (days || isEpoch({ values }));
}

/** Seconds, or thousandths, millionths or billionths of them, since 1970, from 1990 to 2100. */
function isEpoch({ values }: Pick<ColumnEvidence, 'values'>): boolean {
  const numbers = values.filter((value) => value !== null).map(Number);
  const inside = (unit: number): boolean =>
    numbers.every((value) => value >= 631_152_000 * unit && value < 4_102_444_800 * unit);
  return numbers.length > 0 && [1, 1e3, 1e6, 1e9].some(inside);
}

/** Fewer sequences of two rows tell nothing. */
const TELLING = 5;
const [MOSTLY, NEARLY_NONE, HARDLY] = [0.95, 0.02, 0.5];

/** The order, and the time, by how the candidates order the rows of these sequences. */
export function chooseOrder(
  columns: Columns,
  candidates: OrderCandidates,
  sequence: readonly string[],
): { order?: Choice; time?: Choice } {
  const rows = columns.sequences(sequence);
  const evidence = (...some: readonly ColumnEvidence[]): OrderEvidence =>
    orderEvidence(
      rows,
      some.map(({ values }) => values),
    );
  const tells = rows.filter((own) => own.length > 1).length >= TELLING;
  const order = tells ? byValues(columns, candidates, evidence) : byNames(candidates);
  const time = timeOf(candidates, order);
  return { ...(order === undefined ? {} : { order }), ...(time === undefined ? {} : { time }) };
}

/** The time that orders the rows, which is the finest; else the likeliest. */
function timeOf({ times }: OrderCandidates, order: Choice | undefined): Choice | undefined {
  const time = times.find(({ name }) => order?.columns[0] === name) ?? times[0];
  if (time === undefined) return undefined;
  const by = NO_NAME.test(time.name) ? '' : 'name and ';
  return { columns: [time.name], reason: `${quoted(time.name)} is a time by its ${by}values.` };
}

/** Too few rows to test anything: a numbering of the rows, else times, coarse to fine, and then positions. */
function byNames({ row, position, times, clock }: OrderCandidates): Choice | undefined {
  const [time] = times;
  if (row?.increasing === true && time === undefined)
    return { columns: [row.name], reason: `${quoted(row.name)} numbers the rows in their order.` };
  const names = [time, clock, position ?? (time === undefined ? undefined : row)].flatMap((column) =>
    column === undefined ? [] : [column.name],
  );
  if (names.length === 0) return undefined;
  return {
    columns: names,
    reason: `${names.map(quoted).join(', ')} ${names.length === 1 ? 'says' : 'say'} when or where in its sequence a row comes.`,
  };
}

type Evidence = (...some: readonly ColumnEvidence[]) => OrderEvidence;

function byValues(columns: Columns, candidates: OrderCandidates, evidence: Evidence): Choice | undefined {
  const { position, row } = candidates;
  const numbering = position === undefined ? undefined : evidence(position);
  if (
    position !== undefined &&
    numbering !== undefined &&
    numbering.ties <= NEARLY_NONE &&
    numbering.dense >= HARDLY
  )
    return {
      columns: [position.name],
      reason: `${quoted(position.name)} numbers the rows of each sequence${numbering.dense >= MOSTLY ? ' without gaps' : ''}.`,
    };
  const timed = timesByValues(columns, candidates, evidence);
  if (timed !== undefined) return timed;
  if (row !== undefined && (row.increasing || row.unique))
    return { columns: [row.name], reason: `${quoted(row.name)} numbers the rows in their order.` };
  const said = [...candidates.times, position, row].filter((column) => column !== undefined);
  if (position !== undefined && numbering !== undefined && numbering.constant < HARDLY)
    return {
      columns: [position.name],
      reason: `${quoted(position.name)} says where in its sequence a row comes${tiesOf(numbering)}.`,
    };
  const [refused] = said;
  return refused === undefined
    ? undefined
    : { columns: [], reason: `${whyNot(refused, evidence(refused))} Rows are taken in file order.` };
}

/** Times that vary within sequences, the one with fewest ties, and finer columns where ties are left. */
function timesByValues(
  columns: Columns,
  { times, clock, position, row }: OrderCandidates,
  evidence: Evidence,
): Choice | undefined {
  const finer = [clock, position, ...unnamedNumbers(columns)].filter((column) => column !== undefined);
  const ranked = times
    .map((time) => ({ time, ties: evidence(time).ties }))
    .sort((a, b) => Math.round(100 * (a.ties - b.ties)));
  const [best] = ranked;
  if (best === undefined) return undefined;
  let chosen: ColumnEvidence[] = [best.time];
  let ties = best.ties;
  for (const column of finer) {
    if (ties <= NEARLY_NONE) break;
    const more = evidence(...chosen, column).ties;
    // What hardly helps is not about the order.
    if (more > ties / 2 || (column === row && !column.unique)) continue;
    chosen = [...chosen, column];
    ties = more;
  }
  const last = evidence(...chosen);
  if (last.constant >= MOSTLY) return undefined;
  const names = chosen.map(({ name }) => quoted(name)).join(', ');
  return {
    columns: chosen.map(({ name }) => name),
    reason: `${names} ${chosen.length === 1 ? 'says' : 'say'} when a row comes: within sequences ${chosen.length === 1 ? 'it differs' : 'they differ'} from row to row${tiesOf(last)}.`,
  };
}

/** Numbers with no role by their name, that may number rows or count time within a sequence: `timeframe`. */
function unnamedNumbers(columns: Columns): ColumnEvidence[] {
  return columns.free.filter(
    (column) =>
      NUMBERS.has(column.kind) &&
      column.words.some((word) =>
        /^(time|frame|timeframe|elapsed|seq|order|index|nr|num|counter)/.test(word),
      ),
  );
}

function tiesOf({ ties }: OrderEvidence): string {
  return ties <= NEARLY_NONE ? '' : `, but for ${percent(ties)} of them, which stay in file order`;
}

function whyNot(column: ColumnEvidence, { constant }: OrderEvidence): string {
  return constant >= MOSTLY
    ? `${quoted(column.name)} has one value in all rows of a sequence (in ${percent(constant)} of those looked at), so it orders none.`
    : `${quoted(column.name)} starts again within the data, so it numbers no rows in their order.`;
}

/** A numbering that no name tells. */
export function orderByGrowth(columns: Columns): Choice | undefined {
  const numbering = columns.free.find((column) => column.increasing && NUMBERS.has(column.kind));
  return numbering === undefined
    ? undefined
    : { columns: [numbering.name], reason: `${quoted(numbering.name)} grows from row to row.` };
}
