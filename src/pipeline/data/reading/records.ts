/** The records of the beginning of a delimited text, by RFC 4180: what DuckDB reads of the whole, in small. */

/** What parts and encloses the fields of a line. */
export interface Marks {
  /** One blank stands for any run of blanks and tabs. */
  readonly delimiter: string;
  /** Empty: nothing encloses fields. */
  readonly quote: string;
  /** What stands before a quote inside quotes: another quote, or a backslash. */
  readonly escape: string;
}

export interface TextRecord {
  /** Number of its first line, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
  /** A quoted field was not followed by a delimiter or a line's end, or never ended. */
  readonly broken: boolean;
}

/** Any run of blanks parts fields. */
export const BLANKS = ' ';

const LINE_END = /\r\n|\n|\r/;

/**
 * Parts a text into records; lines without anything are left out.
 * @param whole whether the text is complete: else its last record may be cut off, and is left out
 */
export function recordsOf(text: string, marks: Marks, whole: boolean, most = 2000): TextRecord[] {
  const records = isPlain(text, marks) ? plainRecords(text, marks, most) : quotedRecords(text, marks, most);
  const cut = !whole && records.length > 1 && records.length < most && !/[\r\n]$/.test(text);
  return cut ? records.slice(0, -1) : records;
}

/** Lines are records where no quote stands, which are read much quicker; with a quote, each blank parts fields. */
function isPlain(text: string, { delimiter, quote }: Marks): boolean {
  return quote === '' || (delimiter !== BLANKS && !text.includes(quote));
}

function plainRecords(text: string, { delimiter, quote }: Marks, most: number): TextRecord[] {
  const records: TextRecord[] = [];
  for (const [index, line] of linesOf(text).entries()) {
    if (records.length >= most) break;
    const fields = fieldsOf(line, delimiter);
    // Delimiters that are blank make a record only where fields may be enclosed.
    const parts = quote !== '' && fields.length > 1;
    if (parts || line.trim() !== '') records.push({ line: index + 1, fields, broken: false });
  }
  return records;
}

/** Parting by one character takes a fraction of the time that an expression takes. */
function linesOf(text: string): string[] {
  return text.includes('\r') ? text.split(LINE_END) : text.split('\n');
}

/** The fields of a line without quotes. */
export function fieldsOf(line: string, delimiter: string): string[] {
  return delimiter === BLANKS ? line.trim().split(/[ \t]+/) : line.split(delimiter);
}

function quotedRecords(text: string, marks: Marks, most: number): TextRecord[] {
  const records: TextRecord[] = [];
  const reader = { text, at: 0, line: 1 };
  while (reader.at < text.length && records.length < most) {
    const record = nextRecord(reader, marks);
    if (record.fields.length > 1 || record.fields[0]?.trim() !== '') records.push(record);
  }
  return records;
}

interface Reader {
  readonly text: string;
  at: number;
  line: number;
}

function nextRecord(reader: Reader, marks: Marks): TextRecord {
  const { line } = reader;
  const fields: string[] = [];
  let broken = false;
  for (;;) {
    const field = reader.text.startsWith(marks.quote, reader.at)
      ? quotedField(reader, marks)
      : { text: plainField(reader, marks.delimiter), broken: false };
    fields.push(field.text);
    broken ||= field.broken;
    if (!reader.text.startsWith(marks.delimiter, reader.at)) break;
    reader.at += marks.delimiter.length;
  }
  endLine(reader);
  return { line, fields, broken };
}

/** Up to the next delimiter or the end of the line. */
function plainField(reader: Reader, delimiter: string): string {
  const { text, at } = reader;
  let end = at;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r' && !text.startsWith(delimiter, end))
    end++;
  reader.at = end;
  return text.slice(at, end);
}

function quotedField(reader: Reader, { delimiter, quote, escape }: Marks): { text: string; broken: boolean } {
  const { text } = reader;
  let value = '';
  reader.at += 1;
  while (reader.at < text.length) {
    const character = text[reader.at] ?? '';
    if (
      character === escape &&
      (text[reader.at + 1] === quote || (escape !== quote && text[reader.at + 1] === escape))
    ) {
      value += text[reader.at + 1] ?? '';
      reader.at += 2;
    } else if (character === quote) {
      reader.at += 1;
      const rest = plainField(reader, delimiter);
      return { text: value + rest, broken: rest !== '' };
    } else {
      if (character === '\n') reader.line += 1;
      value += character;
      reader.at += 1;
    }
  }
  return { text: value, broken: true };
}

function endLine(reader: Reader): void {
  if (reader.text[reader.at] === '\r') reader.at += reader.text[reader.at + 1] === '\n' ? 2 : 1;
  else if (reader.text[reader.at] === '\n') reader.at += 1;
  reader.line += 1;
}
