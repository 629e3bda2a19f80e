import * as fs from 'node:fs/promises';
import type { DataFormat, Reading } from '../../protocol/dataset-spec.ts';
import { UserError } from '../../protocol/user-error.ts';
import { escapeGlob, quoteList } from './sql-text.ts';

/** Files of one format, in the order in which their rows follow each other. */
export interface DataSource {
  readonly format: DataFormat;
  /** Absolute paths. */
  readonly files: readonly string[];
  /** What of the reading was told. */
  readonly reading?: Reading;
}

/** The SQL table function that reads parquet files; its rows come in file order where the query keeps order. */
export function relationOf({ files }: Pick<DataSource, 'format' | 'files'>): string {
  return `read_parquet(${quoteList(files.map(escapeGlob))}, hive_partitioning = false)`;
}

const PARQUET_MAGIC = Buffer.from('PAR1');

/**
 * Says what is wrong with a parquet file that does not begin or does not end as one.
 * @throws UserError for an empty, a cut-off, or another kind of file
 */
export async function checkParquetFile(file: string): Promise<void> {
  const handle = await fs.open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size === 0) throw new UserError(`${file} is empty.`, 'Check that the file was written completely.');
    const head = await handle.read(Buffer.alloc(4), 0, 4, 0);
    const tail = await handle.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    if (!head.buffer.equals(PARQUET_MAGIC))
      throw new UserError(
        `${file} is not a parquet file: it does not begin with PAR1.`,
        'Give it the extension of its real format (.csv, .jsonl), or write it as parquet again.',
      );
    if (size < 12 || !tail.buffer.equals(PARQUET_MAGIC))
      throw new UserError(
        `${file} is a truncated parquet file: its end is missing.`,
        'Copy or download it again; it was not written completely.',
      );
  } finally {
    await handle.close();
  }
}
