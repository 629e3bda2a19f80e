import * as fs from 'node:fs/promises';
import type { DataFormat } from '../../protocol/dataset-spec.ts';

const BY_EXTENSION: readonly [RegExp, DataFormat][] = [
  [/\.(parquet|pq)$/i, 'parquet'],
  [/\.(csv|tsv)(\.gz|\.zst)?$/i, 'csv'],
  [/\.(jsonl|ndjson|json)(\.gz|\.zst)?$/i, 'jsonl'],
];
const PEEK_BYTES = 1 << 16;
const PARQUET_MAGIC = 'PAR1';

/** The format of a file by its extension or, when that says nothing, by its first bytes. */
export async function formatOf(file: string): Promise<DataFormat> {
  const named = BY_EXTENSION.find(([extension]) => extension.test(file));
  if (named !== undefined) return named[1];
  return formatOfText(await peek(file));
}

async function peek(file: string): Promise<string> {
  const handle = await fs.open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}

/**
 * The format of the beginning of a file: parquet by its magic bytes, JSON lines by a brace, a table when its lines
 * have the same number of fields, and else one sequence a line.
 */
export function formatOfText(start: string): DataFormat {
  if (start.startsWith(PARQUET_MAGIC)) return 'parquet';
  if (/^\s*[{[]/.test(start)) return 'jsonl';
  const lines = start
    .split('\n')
    .slice(0, 50)
    .filter((line) => line.trim() !== '');
  // The last line may be cut off.
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
  return [',', ';', '\t', '|'].some((delimiter) => isTable(whole, delimiter)) ? 'csv' : 'sequences';
}

function isTable(lines: readonly string[], delimiter: string): boolean {
  const fields = new Set(lines.map((line) => line.split(delimiter).length));
  return fields.size === 1 && !fields.has(1);
}
