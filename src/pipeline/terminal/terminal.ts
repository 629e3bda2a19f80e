import { isatty } from 'node:tty';
import Table from 'cli-table3';
import colors from 'picocolors';

/** Colours only where standard output is a terminal (and NO_COLOR is not set). */
export const paint = colors.createColors(isatty(1) && process.env['NO_COLOR'] === undefined);
/** Colours for standard error, where progress goes. */
export const paintError = colors.createColors(isatty(2) && process.env['NO_COLOR'] === undefined);

export function print(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** One line of JSON on standard output. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

const NO_BORDERS = {
  ...{
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
  },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
};

/** A table of plain columns with a heading row; numbers' columns are aligned right. */
export function table(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const made = new Table({
    head: heading.map((title) => paint.dim(title)),
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: heading.map((_, i) => (right.includes(i) ? 'right' : 'left')),
  });
  made.push(...rows.map((row) => [...row]));
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
