/** Which lines at the beginning of a text are comments, and no data that begin with the same mark. */
import { isHeader } from './header.ts';
import { BLANKS, fieldsOf } from './records.ts';
import type { TextDialect } from './text-dialect.ts';
import { isValue } from './values.ts';

const MARKS = ['%', '#'];
/** `# words` and not `#word`. */
const SPACED = /^[#%]+(?:\s|$)/;
const ROWS = 200;

export interface Parted {
  readonly comments: readonly string[];
  /** The text below them. */
  readonly body: string;
}

/** @param mark as it was told: all lines at the very beginning that start with it */
export function toldComments(text: string, mark: string): Parted {
  const lines = linesOf(text);
  const first = lines.findIndex((line) => !line.startsWith(mark));
  return partedAt(lines, first === -1 ? lines.length : first);
}

/**
 * Lines at the very beginning that may be comments: those with a mark, up to one without, or up to one whose mark
 * belongs to a word. Where every line has the mark, none is a comment.
 */
export function likelyComments(text: string): Parted {
  const mark = MARKS.find((candidate) => text.startsWith(candidate));
  if (mark === undefined) return { comments: [], body: text };
  const lines = linesOf(text);
  const unmarked = lines.findIndex((line) => !line.startsWith(mark));
  const end = unmarked === -1 ? lines.findIndex((line) => !SPACED.test(line)) : unmarked;
  return partedAt(lines, Math.max(0, end));
}

/** @param below what is below them, to which their shape is compared: a line with the shape of a row is one */
export function surelyComments({ comments, body }: Parted, below: TextDialect): Parted {
  const spacedBelow = linesOf(body).some((line) =>
    MARKS.some((mark) => line.startsWith(mark) && SPACED.test(line)),
  );
  const sure = comments.findIndex((line, at) => {
    const spaced = SPACED.test(line) && !spacedBelow;
    return !isComment(line.trimEnd(), below, { spaced, last: at === comments.length - 1 });
  });
  if (sure === -1) return { comments, body };
  return { comments: comments.slice(0, sure), body: comments.slice(sure).join('') + body };
}

interface Place {
  readonly spaced: boolean;
  readonly last: boolean;
}

function isComment(line: string, below: TextDialect, { spaced, last }: Place): boolean {
  const parted = below.form === 'table' && below.delimiter !== BLANKS;
  if (spaced && !parted) return true;
  if (below.form !== 'table' || below.records.length === 0) return false;
  const fields = fieldsOf(line, below.delimiter);
  const rows = below.records.slice(0, ROWS);
  const width = rows.at(-1)?.fields.length ?? 0;
  if (fields.length !== width) return true;
  const body = rows.slice(1);
  const valued = fields.flatMap((_, at) => (isOfValues(body.map((row) => row.fields[at] ?? '')) ? [at] : []));
  if (valued.length > 0) return valued.some((at) => !isValue(fields[at] ?? ''));
  return spaced || (last && namesColumns(fields, below));
}

function isOfValues(values: readonly string[]): boolean {
  const present = values.filter((value) => value !== '');
  return present.length > 0 && present.every(isValue);
}

/** `#user,item` above words, of which none begins with a mark. */
function namesColumns(fields: readonly string[], { records }: TextDialect): boolean {
  const names = fields.map((field) => field.replace(/^[#%]+\s*/, ''));
  const marked = records.some((record) =>
    record.fields.some((field) => MARKS.some((mark) => field.startsWith(mark))),
  );
  const named = names.every((name) => name !== '' && !isValue(name)) && new Set(names).size === names.length;
  return named && !marked && isHeader({ line: 1, fields: names, broken: false }, records.slice(0, ROWS));
}

/** Each with its end. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n|\r(?!\n))/);
}

function partedAt(lines: readonly string[], count: number): Parted {
  return { comments: lines.slice(0, count), body: lines.slice(count).join('') };
}
