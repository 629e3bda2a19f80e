/** Lists that stand in a cell of text: `24|13|6`, `[1, 2]`, `['a', 'b']`. */
import { quoteText } from '../sql-text.ts';

const SEPARATORS = ['|', ';', ',', ' '] as const;
/** A word with a digit in it: names and titles mostly have none. */
const IDENTIFIER = /^[\w.:#/-]*\d[\w.:#/-]*$/;
/** What a number with marks of thousands is parted into. */
const THOUSANDS = /^\d{3}$/;
/** Shares of the cells that must be lists, and of the words that must be identifiers. */
const LIST_SHARE = 0.3;
const WORD_SHARE = 0.98;

/** How a cell parts into items. */
export interface CellList {
  readonly separator: string;
  /** Cells are enclosed in brackets, and their words perhaps in quotes. */
  readonly brackets: boolean;
}

/** Whether these cells are lists of identifiers, of lengths that differ; undefined where they are single values. */
export function listIn(cells: readonly (string | null)[], told?: string): CellList | undefined {
  const filled = cells.filter((cell) => cell !== null && cell.trim() !== '').map(String);
  if (filled.length < 2) return undefined;
  if (filled.every((cell) => /^\s*\[.*\]\s*$/s.test(cell))) {
    const comma = filled.some((cell) => cell.includes(','));
    return { separator: told ?? (comma ? ',' : ' '), brackets: true };
  }
  const separators = told === undefined ? SEPARATORS : [told];
  const separator = separators.find((candidate) => isList(filled, candidate, told !== undefined));
  return separator === undefined ? undefined : { separator, brackets: false };
}

function isList(cells: readonly string[], separator: string, told: boolean): boolean {
  const lists = cells.map((cell) =>
    cell
      .trim()
      .split(separator)
      .filter((word) => word.trim() !== ''),
  );
  const many = lists.filter((words) => words.length > 1);
  if (told) return many.length > 0;
  if (many.length < lists.length * LIST_SHARE) return false;
  if (new Set(lists.map((words) => words.length)).size < 2) return false;
  const words = lists.flat();
  const identifiers = words.filter((word) => IDENTIFIER.test(word.trim())).length;
  if (identifiers < words.length * WORD_SHARE) return false;
  if (separator === ',' && many.every(([, ...rest]) => rest.every((word) => THOUSANDS.test(word))))
    return false;
  return !words.every((word) => /^\d{4}-\d\d-\d\d|^\d\d:\d\d/.test(word));
}

/** The items of a cell, as a list of texts; nothing between two separators is a missing item. */
export function cellListSql(cell: string, { separator, brackets }: CellList): string {
  const inner = brackets ? `regexp_replace(trim(${cell}), '^\\[|\\]$', '', 'g')` : `trim(${cell})`;
  const parts =
    separator === ' '
      ? `string_split_regex(trim(${inner}), '\\s+')`
      : `string_split(${inner}, ${quoteText(separator)})`;
  const word = brackets ? `trim(trim(word), E'\\'"')` : 'trim(word)';
  return `CASE WHEN trim(${inner}) = '' THEN [] ELSE list_transform(${parts}, lambda word: nullif(${word}, '')) END`;
}
