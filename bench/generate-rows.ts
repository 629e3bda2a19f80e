import { mkdirSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { withDuckDB } from '../src/pipeline/data/duckdb-session.ts';
import { quoteText } from '../src/pipeline/data/sql-text.ts';

const SAMPLE = 'samples/playlists.parquet';
const SAMPLE_ROWS = 382_168;
const ROWS_A_FILE = 10_000_000;

/**
 * Writes about `rows` rows in the tutorial's columns to parquet files in `folder`, from copies of the sample with
 * names of users, playlists, artists and tracks of their own. In each copy half of the playlists call their tracks
 * otherwise, so that 10 M rows have more than 2 M distinct items with counts as skewed as the sample's.
 * @returns a path or glob that names all files
 */
export async function generateRows(folder: string, rows: number): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = Math.ceil(rows / ROWS_A_FILE);
  const copiesAFile = Math.ceil(rows / files / SAMPLE_ROWS);
  for (let index = 0; index < files; index++) {
    const file = path.join(folder, `rows-${String(index).padStart(2, '0')}.parquet`);
    await writeCopies(file, index * copiesAFile, copiesAFile, Math.ceil(rows / files), folder);
  }
  return files === 1 ? path.join(folder, 'rows-00.parquet') : path.join(folder, 'rows-*.parquet');
}

async function writeCopies(
  file: string,
  first: number,
  copies: number,
  rows: number,
  scratch: string,
): Promise<void> {
  const sql = `
    SELECT (copy * ${SAMPLE_ROWS} + row_id)::BIGINT AS row_id, user_id || '-' || copy AS user_id, playlist || ' ' || copy AS playlist,
           artist || ' ' || copy AS artist, track || ' #' || copy || CASE hash(user_id, playlist) % 2 WHEN 0 THEN '' ELSE ' (live)' END AS track
    FROM range(${first}, ${first + copies}) AS copies(copy), ${quoteText(SAMPLE)}
    ORDER BY copy, row_id LIMIT ${rows}`;
  await withDuckDB({ memoryLimit: 4096, threads: 2, scratch }, (session) =>
    session.run(`COPY (${sql}) TO ${quoteText(file)} (FORMAT parquet)`),
  );
}
