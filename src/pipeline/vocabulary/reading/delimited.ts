/** The columns of a table of text: which they are says its header; fields may be quoted, and hold line breaks. */
import { ITEM_SEPARATOR } from '../../../protocol/dataset-spec.ts';
import { folded } from '../../../protocol/text/fold.ts';
import type { PointedText, Reader, Reading } from './candidate.ts';
import { isAkin } from './other-value.ts';
import { spansAround } from './spans.ts';

const DELIMITERS = [',', '\t', ';', '|'] as const;

export interface Field {
  readonly from: number;
  readonly to: number;
  readonly value: string;
}

/** Where the item's columns stand in a header. */
export interface TableShape {
  readonly delimiter: string;
  /** Names of all columns. */
  readonly names: readonly string[];
  readonly places: readonly number[];
}

/** The shape of a table by its first line; undefined where that does not name the item's columns. */
export function tableShape(header: string, columns: readonly string[]): TableShape | undefined {
  const line = header.replace(/^\ufeff/, '');
  for (const delimiter of DELIMITERS) {
    const names = recordAt(line, 0, delimiter, 0).fields.map(({ value }) => folded(value));
    const places = columns.map((column) => names.indexOf(folded(column)));
    const isTable = names.length > 1 || columns.length === 1;
    if (isTable && !places.includes(-1)) return { delimiter, names, places };
  }
  return undefined;
}

interface Cell {
  readonly shape: TableShape;
  readonly record: readonly Field[];
  readonly field: Field;
  /** Of the field in the record. */
  readonly at: number;
}

function cellAt({ text, offset, header = firstLine(text), columns }: PointedText): Cell | undefined {
  const shape = tableShape(header, columns);
  const record = shape === undefined ? undefined : recordAround(text, offset, shape);
  const at = record?.findIndex(({ from, to }) => from <= offset && offset <= to) ?? -1;
  const field = record?.[at];
  return shape === undefined || record === undefined || field === undefined
    ? undefined
    : { shape, record, field, at };
}

/** The item of the row that the place is in. */
export function readDelimited(pointed: PointedText): Reading {
  const cell = cellAt(pointed);
  if (cell === undefined) return { candidates: [] };
  const { shape, record, field, at } = cell;
  const own = shape.places.flatMap((place) => record[place] ?? []);
  if (!shape.places.includes(at)) {
    const likeness = { isBesideItem: true, isAkin: isAkin(shape.names[at] ?? '', pointed.columns) };
    return { candidates: [], other: { from: field.from, to: field.to, ...likeness } };
  }
  const values = own.map(({ value }) => value);
  if (values.every((value) => value === '') || isHeader(values, pointed.columns)) return { candidates: [] };
  const until = Math.max(...own.map(({ to }) => to));
  const span = { from: field.from, to: field.to, until };
  return { candidates: [{ ...span, name: values.join(ITEM_SEPARATOR), isMeant: true, mayFold: true }] };
}

/** A cell may hold a list of items. */
export const readPartsOfCell: Reader = (pointed) => {
  const { text, columns } = pointed;
  const cell = columns.length > 1 ? undefined : cellAt(pointed);
  if (cell?.shape.places.includes(cell.at) !== true || isHeader([cell.field.value], columns)) return [];
  return spansAround(pointed, cell.field).map((span) => ({
    ...span,
    ...{ name: text.slice(span.from, span.to), isMeant: false, mayFold: true },
  }));
};

export function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

function isHeader(values: readonly string[], columns: readonly string[]): boolean {
  return values.every((value, i) => folded(value) === folded(columns[i] ?? ''));
}

/** The record that holds the pointer. The text may begin within a quoted field, so both are tried. */
function recordAround(text: string, offset: number, shape: TableShape): Field[] | undefined {
  return recordFrom(text, offset, shape, 0) ?? recordFrom(text, offset, shape, afterQuote(text));
}

function afterQuote(text: string): number {
  const quote = text.indexOf('"');
  const line = quote < 0 ? -1 : text.indexOf('\n', quote);
  return line < 0 ? text.length : line + 1;
}

function recordFrom(text: string, offset: number, shape: TableShape, start: number): Field[] | undefined {
  for (let at = start; at <= offset;) {
    const { fields, end } = recordAt(text, at, shape.delimiter, offset);
    if (end >= offset) return fields.length === shape.names.length ? fields : undefined;
    at = end + 1;
  }
  return undefined;
}

/** Reads one record. @param offset a line break in quotes that close nowhere near is the record's end where it lies before */
function recordAt(
  text: string,
  start: number,
  delimiter: string,
  offset: number,
): { fields: Field[]; end: number } {
  const fields: Field[] = [];
  let at = start;
  for (;;) {
    const field = text[at] === '"' ? quotedField(text, at, delimiter) : undefined;
    const { end, ...read } = field ?? plainField(text, at, delimiter);
    fields.push(read);
    if (text[end] !== delimiter || fields.length > 4096)
      return { fields, end: Math.max(end, Math.min(start, offset)) };
    at = end + 1;
  }
}

function plainField(text: string, from: number, delimiter: string): Field & { end: number } {
  let end = from;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end++;
  const to = text[end - 1] === '\r' && end > from ? end - 1 : end;
  return { from, to, value: text.slice(from, to), end };
}

/** @returns undefined where the quote is none of a field: it does not close before a delimiter or the line's end */
function quotedField(text: string, from: number, delimiter: string): (Field & { end: number }) | undefined {
  for (let close = text.indexOf('"', from + 1); close >= 0; close = text.indexOf('"', close + 2)) {
    if (text[close + 1] === '"') continue;
    const end = text[close + 1] === '\r' ? close + 2 : close + 1;
    const next = text[end];
    if (next !== undefined && next !== delimiter && next !== '\n') return undefined;
    return { from, to: close + 1, value: text.slice(from + 1, close).replaceAll('""', '"'), end };
  }
  return undefined;
}
