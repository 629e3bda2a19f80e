/** How the lines of a text part into fields, told by the beginning of the text. */
import type { Reading } from '../../../protocol/dataset-spec.ts';
import { likelyComments, surelyComments, toldComments } from './comments.ts';
import type { Parted } from './comments.ts';
import { BLANKS, recordsOf } from './records.ts';
import type { Marks, TextRecord } from './records.ts';
import type { TextDialect } from './text-dialect.ts';
import { isValue } from './values.ts';

export interface TextSample {
  /** Decoded, without a byte order mark. */
  readonly text: string;
  /** Whether this is all of the file. */
  readonly whole: boolean;
}

/** Likelier first. `::` before others, as it is of no use to anything else; \x01 is what Hive writes. */
const DELIMITERS = ['::', '\t', ',', ';', '|', '\u0001', BLANKS] as const;
/** Share of the lines that must have the same number of fields: others are mistakes, which reading names. */
const TABLE_SHARE = 0.8;

interface Candidate {
  readonly marks: Marks;
  readonly records: readonly TextRecord[];
  /** The number of fields most records have, and the share of them. */
  readonly fields: number;
  readonly share: number;
}

/**
 * @param told what need not be found out
 * @param form where it is known whether the text is a table
 */
export function dialectOf(sample: TextSample, told: Reading, form?: TextDialect['form']): TextDialect {
  const below = ({ body }: Parted): TextDialect => dialectBelow({ ...sample, text: body }, told, form);
  if (told.comment !== undefined) {
    const parted = toldComments(sample.text, told.comment);
    return withComments(below(parted), parted);
  }
  const likely = likelyComments(sample.text);
  const dialect = below(likely);
  const sure = surelyComments(likely, dialect);
  return withComments(sure.comments.length === likely.comments.length ? dialect : below(sure), sure);
}

function withComments(dialect: TextDialect, { comments }: Parted): TextDialect {
  const records = dialect.records.map((record) => ({ ...record, line: record.line + comments.length }));
  return { ...dialect, records, comments };
}

function dialectBelow(sample: TextSample, told: Reading, form: TextDialect['form'] | undefined): TextDialect {
  const delimiters = told.delimiter === undefined ? DELIMITERS : [told.delimiter];
  const candidates = delimiters.map((delimiter) => candidateOf(sample, delimiter, told.quote));
  const best = bestOf(candidates);
  const listed = told.key === undefined && isOneColumn(candidates);
  const table = form === undefined ? listed || isTable(best) : form === 'table';
  const { marks, records } = table ? best : linesOf(candidates, best);
  return { ...marks, form: table ? 'table' : 'sequences', records, comments: [] };
}

function candidateOf(sample: TextSample, delimiter: string, toldQuote: string | undefined): Candidate {
  const quotes = toldQuote === undefined ? quotesFor(sample.text, delimiter) : [toldQuote];
  const all = quotes.map((quote) => measured(sample, marksOf(sample.text, delimiter, quote)));
  const sound = all.find(({ records }) => records.every((record) => !record.broken)) ?? all.at(-1);
  if (sound === undefined) throw new Error('no quote was tried');
  return sound;
}

/** Quotes to try in turn; the last, none at all, always fits. */
function quotesFor(text: string, delimiter: string): string[] {
  if (delimiter === '::' || (delimiter === BLANKS && !text.includes('"'))) return [''];
  // Nobody encloses single fields in apostrophes alone, but whole files are written so.
  const apostrophes = text.split('\n', 20).every((line) => line.trim() === '' || line.startsWith("'"));
  return apostrophes ? ["'", ''] : ['"', ''];
}

function marksOf(text: string, delimiter: string, quote: string): Marks {
  const backslash = quote !== '' && text.includes(`\\${quote}`) && !text.includes(quote + quote + quote);
  return { delimiter, quote, escape: backslash ? '\\' : quote };
}

function measured(sample: TextSample, marks: Marks): Candidate {
  const records = recordsOf(sample.text, marks, sample.whole);
  const counts = new Map<number, number>();
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  const [[fields, most] = [1, 0]] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return { marks, records, fields, share: records.length === 0 ? 0 : most / records.length };
}

/**
 * Of those that part lines at all, the one by which most have the same number of fields; where none does, there is one
 * column, as CSV has it.
 */
function bestOf(candidates: readonly Candidate[]): Candidate {
  const told = candidates.length === 1;
  const parting = candidates.filter((one) => one.fields > 1 && (told || !partsWordsOnly(one)));
  // Blanks part words of a text, too: they count where nothing else does.
  const [best] = parting.sort((a, b) => rank(b) - rank(a));
  const chosen = best ?? candidates.find(({ marks }) => marks.delimiter === ',') ?? candidates[0];
  if (chosen === undefined) throw new Error('no delimiter was tried');
  return chosen;
}

/** Blanks between the words of titles: below a name of one word, or with as many words as each title happens to have. */
function partsWordsOnly(candidate: Candidate): boolean {
  if (candidate.marks.delimiter !== BLANKS) return false;
  return isNamedColumn(candidate) || (candidate.share < TABLE_SHARE && !isBlankTable(candidate));
}

/** Blanks part the lines, but for the first, which is one word and no number. */
export function isNamedColumn({ records, marks }: Pick<Candidate, 'records' | 'marks'>): boolean {
  const [name = '', ...more] = records[0]?.fields ?? [];
  return marks.delimiter === BLANKS && records.length > 1 && more.length === 0 && !isValue(name);
}

/** No delimiter parts any line. */
function isOneColumn(candidates: readonly Candidate[]): boolean {
  return candidates.every(
    ({ records }) => records.length > 0 && records.every(({ fields }) => fields.length === 1),
  );
}

function rank({ share, marks }: Candidate): number {
  return (marks.delimiter === BLANKS ? 0 : 1) + (share >= TABLE_SHARE ? 2 : 0) + share / 2;
}

function isTable(candidate: Candidate): boolean {
  if (candidate.fields < 2) return false;
  if (candidate.marks.delimiter === BLANKS) return isBlankTable(candidate);
  return candidate.share >= TABLE_SHARE || !areExchangeable(candidate.records);
}

/**
 * A table parted by blanks has few columns, of which each is of its own kind, and the same number in every line, but for
 * the first, which may have names.
 */
function isBlankTable({ records, fields }: Candidate): boolean {
  const most = 8;
  const rows = records.length > 2 ? records.slice(1) : records;
  const even = records.length > 1 && rows.every((record) => record.fields.length === fields);
  return even && fields <= most && (fields === 2 || !areExchangeable(records));
}

/** Share of the words in one place that stand in another, too, from which on both places hold the same kind of things. */
const SAME_KIND = 0.3;

/** What stands in the second place stands in later places too, and the other way round: lines are lists of items. */
export function areExchangeable(records: readonly TextRecord[]): boolean {
  const second = records.flatMap(({ fields }) => fields.slice(1, 2)).filter((word) => word !== '');
  const later = records.flatMap(({ fields }) => fields.slice(2)).filter((word) => word !== '');
  return shareIn(second, later) >= SAME_KIND && shareIn(later, second) >= SAME_KIND;
}

function shareIn(words: readonly string[], others: readonly string[]): number {
  const known = new Set(others);
  return words.filter((word) => known.has(word)).length / Math.max(1, words.length);
}

/** One sequence a line: parted by what stands in most lines, blanks and tabs where nothing else does. */
function linesOf(candidates: readonly Candidate[], best: Candidate): Candidate {
  const blanks = candidates.find(({ marks }) => marks.delimiter === BLANKS);
  if (blanks === undefined) return best;
  const parted = (candidate: Candidate): number =>
    candidate.records.filter(({ fields }) => fields.length > 1).length /
    Math.max(1, candidate.records.length);
  const others = candidates.filter(({ marks }) => marks.delimiter !== BLANKS && marks.delimiter !== '\t');
  const [most] = others.sort((a, b) => parted(b) - parted(a));
  return most !== undefined && parted(most) > 0.5 ? most : blanks;
}
