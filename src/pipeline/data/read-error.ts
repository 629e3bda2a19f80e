import { messageOf, UserError } from '../../protocol/user-error.ts';

interface Said {
  /** What was read. */
  readonly place: string;
  /** Its first line, cut short. */
  readonly detail: string;
  /** What the pattern found. */
  readonly found: RegExpExecArray;
}

const QUOTES_HINT = 'Correct that line, or say that quotes are text like any other (--quote none).';
const AGAIN = 'Copy or download it again, or write it anew.';

/** `1:` above the rows of an item. */
const HEADING = /^[^,;\t]+:\s*$/;
const INTO_ROWS = `awk '/:$/ { item = substr($0, 1, length($0) - 1); next } { print item "," $0 }'`;

/** What DuckDB says, and what we make of it. The first match counts, so what is particular comes first. */
const TRANSLATIONS: readonly [RegExp, (said: Said) => UserError][] = [
  [
    /CSV Error on Line: (\d+)[^]*?Invalid unicode/i,
    (said) =>
      new UserError(
        `Line ${line(said)} of ${said.place} is not UTF-8 text.`,
        'Say how it is written (--encoding windows-1252, for example), or convert it to UTF-8.',
      ),
  ],
  [
    /CSV Error on Line: (\d+)\n(?:Original Line: ([^]*?)\n)?Expected Number of Columns: (\d+) Found: (\d+)/i,
    (said) =>
      new UserError(
        `Line ${line(said)} of ${said.place} has ${fields(said.found[4])}, and ${line(said) === '1' ? 'other lines' : 'the lines before it'} have ${said.found[3] ?? ''}: ‘${shortened(said.found[2] ?? '')}’.`,
        HEADING.test(said.found[2] ?? '')
          ? `Where such a line names the item of the rows below it, as in the Netflix Prize, write it into each of them: ${INTO_ROWS}.`
          : 'Correct or remove that line; if it is the last one, look whether the file was written completely.',
      ),
  ],
  [
    /CSV Error on Line: (\d+)[^]*?unterminated quote/i,
    (said) =>
      new UserError(
        `Line ${line(said)} of ${said.place} has a quote that is not closed, or text after one that is.`,
        QUOTES_HINT,
      ),
  ],
  [
    /Fields by blanks: (\d+) and not (\d+): (.*)/i,
    ({ place, found }) =>
      new UserError(
        `A line of ${place} has ${fields(found[1])} parted by blanks, and the others have ${found[2] ?? ''}: ‘${shortened(found[3] ?? '')}’.`,
        'Correct that line; or say how fields are parted (--delimiter), or that each line is a sequence (--format sequences).',
      ),
  ],
  [
    /Lists of unequal length: (.*)/i,
    ({ place, found }) =>
      new UserError(
        `A row of ${place} has lists of unequal length in ${found[1] ?? ''}.`,
        'Correct that row, or choose columns of one list.',
      ),
  ],
  [
    /Maximum line size of|max_line_size (?:of|was)|line size exceeds|maximum_object_size/i,
    ({ place }) =>
      new UserError(
        `${place} has a line of more than 16 MB.`,
        'Look whether a quote is not closed; else shorten the line, or write the data as parquet.',
      ),
  ],
  [
    /out of memory error/i,
    ({ place, detail }) =>
      new UserError(
        `${place} needs more memory than allowed. (${detail})`,
        'Raise the memory limit, or free space on the disk that holds the scratch folder.',
      ),
  ],
  [
    /no space left|max_temp_directory_size|could not write/i,
    ({ place, detail }) =>
      new UserError(
        `The disk is full while reading ${place}. (${detail})`,
        'Free some space, or move the store to another disk.',
      ),
  ],
  [
    /permission denied/i,
    ({ place, detail }) => new UserError(`${place} cannot be read. (${detail})`, 'Check its permissions.'),
  ],
  [
    /no such file|no files found|cannot open file/i,
    ({ place, detail }) =>
      new UserError(`${place} is gone or cannot be read. (${detail})`, 'Restore it, and start again.'),
  ],
  [
    /malformed json|invalid json|json transform|not an object|unexpected (?:character|end)/i,
    ({ place, detail }) =>
      new UserError(
        `${place} is not valid JSON. (${detail})`,
        'Write one JSON object a line; where it is the last line, look whether the file was written completely.',
      ),
  ],
  [
    /no magic bytes|too small to be a parquet|not a parquet|snappy|zstd|thrift|deserializ|corrupt|footer|don't know what type|page header|decompress/i,
    ({ place, detail }) => new UserError(`${place} is damaged or cut off. (${detail})`, AGAIN),
  ],
  [
    /csv (error|parser|file)|error when sniffing|conversion error|could not convert/i,
    ({ place, detail }) =>
      new UserError(
        `${place} cannot be read as a table. (${detail})`,
        'Correct that line, or say how it is written (--delimiter, --quote, --header).',
      ),
  ],
  [
    /unicode|utf-?8/i,
    ({ place, detail }) =>
      new UserError(
        `${place} is not UTF-8 text. (${detail})`,
        'Say how it is written (--encoding), or convert it to UTF-8.',
      ),
  ],
];

/**
 * An error of DuckDB as a person can act on it; anything else is handed back as it is.
 * @param originals from copies that were made back to the files
 */
export function readError(
  error: unknown,
  place: string,
  originals: ReadonlyMap<string, string> = new Map(),
): unknown {
  if (error instanceof UserError || !(error instanceof Error) || error.name === 'AbortError') return error;
  const text = [...originals].reduce((said, [copy, file]) => said.replaceAll(copy, file), messageOf(error));
  const [, file = place] = /^ {2}file ?= ?(.+)$/m.exec(text) ?? [];
  // What follows are names of options, which say nothing of the cause.
  const cause = text.split(/\n(?:Possible (?:fixes|solution)| {2}file ?=)/i)[0] ?? text;
  for (const [pattern, translate] of TRANSLATIONS) {
    const found = pattern.exec(cause);
    if (found !== null) return translate({ place: file, detail: firstLine(cause), found });
  }
  return error;
}

function line({ found }: Said): string {
  return Number(found[1]).toLocaleString('en');
}

function fields(count: string | undefined): string {
  return count === '1' ? '1 field' : `${count ?? ''} fields`;
}

function firstLine(text: string): string {
  return shortened(text.split('\n').find((part) => part.trim() !== '') ?? text);
}

function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
