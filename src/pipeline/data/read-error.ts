import { messageOf, UserError } from '../../protocol/user-error.ts';

/** What DuckDB says, and what we make of it. The first match counts. */
const TRANSLATIONS: readonly [RegExp, (place: string, detail: string) => UserError][] = [
  [
    /max_line_size|maximum line size|maximum_object_size/i,
    (place) =>
      new UserError(
        `${place} has a line of more than 16 MB.`,
        'Look whether a quote is not closed; else shorten the line, or write the data as parquet.',
      ),
  ],
  [
    /out of memory error/i,
    (place, detail) =>
      new UserError(
        `${place} needs more memory than allowed. (${detail})`,
        'Raise the memory limit, or free space on the disk that holds the scratch folder.',
      ),
  ],
  [
    /no space left|max_temp_directory_size|could not write/i,
    (place, detail) =>
      new UserError(
        `The disk is full while reading ${place}. (${detail})`,
        'Free some space, or move the store to another disk.',
      ),
  ],
  [
    /no magic bytes|too small to be a parquet|not a parquet|snappy|zstd|thrift|deserializ|corrupt|footer|don't know what type|page header|decompress/i,
    (place, detail) =>
      new UserError(
        `${place} is damaged or cut off. (${detail})`,
        'Copy or download it again, or write it anew.',
      ),
  ],
  [
    /malformed json|invalid json|json transform/i,
    (place, detail) =>
      new UserError(`${place} is not valid JSON lines. (${detail})`, 'Write one JSON object a line.'),
  ],
  [
    /csv (error|parser|file)|error when sniffing|conversion error|could not convert/i,
    (place, detail) =>
      new UserError(
        `${place} cannot be read as a table. (${detail})`,
        'Correct that line, or check the delimiter and the quotes.',
      ),
  ],
  [
    /unicode|utf-?8/i,
    (place, detail) => new UserError(`${place} is not UTF-8 text. (${detail})`, 'Convert it to UTF-8 first.'),
  ],
];

/** An error of DuckDB as a person can act on it; anything else is handed back as it is. */
export function readError(error: unknown, place: string): unknown {
  if (error instanceof UserError || !(error instanceof Error) || error.name === 'AbortError') return error;
  const text = messageOf(error);
  const translation = TRANSLATIONS.find(([pattern]) => pattern.test(text));
  return translation === undefined ? error : translation[1](place, firstLine(text));
}

function firstLine(text: string): string {
  const line = text.split('\n').find((part) => part.trim() !== '') ?? text;
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
