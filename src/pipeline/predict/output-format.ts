import * as path from 'node:path';
import { EXIT, UserError } from '../../protocol/user-error.ts';

/** What predictions are written as, by the ending of the file. */
export type OutputFormat = 'parquet' | 'csv' | 'ndjson';

const FORMATS: Readonly<Record<string, OutputFormat>> = {
  '.parquet': 'parquet',
  '.csv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
};

/** @throws UserError for an ending that says no format */
export function outputFormat(file: string): OutputFormat {
  const format = FORMATS[path.extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw new UserError(
    `The ending of ${file} does not say what to write.`,
    `Choose one of ${Object.keys(FORMATS).join(', ')} with --output.`,
    { exitCode: EXIT.usage },
  );
}
