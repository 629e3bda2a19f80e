import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { playlistSpec, query, runPrepare, temporaryFolder } from './prepare-runner.ts';
import { PREPARED } from '../../../src/pipeline/data/prepared-data.ts';

const SAMPLE = 'samples/playlists.parquet';
const SPEC = playlistSpec();

async function hashes(
  data: string,
  options: { threads: number; memoryLimit: number; seed?: number },
  spec = SPEC,
): Promise<Record<string, string>> {
  const folder = await temporaryFolder();
  await runPrepare(data, spec, folder, options);
  const written = new Set(await fs.readdir(folder));
  const artifacts = Object.values(PREPARED).filter((file) => written.has(file));
  const entries = artifacts.map(async (file) => {
    const bytes = await fs.readFile(path.join(folder, file));
    return [file, createHash('sha256').update(bytes).digest('hex')] as const;
  });
  const result = Object.fromEntries(await Promise.all(entries));
  await fs.rm(folder, { recursive: true });
  return result;
}

describe('prepare writes the same bytes', () => {
  it('with one thread and two, and with little memory and much', async () => {
    const reference = await hashes(SAMPLE, { threads: 2, memoryLimit: 2048 });
    expect(await hashes(SAMPLE, { threads: 1, memoryLimit: 2048 })).toEqual(reference);
    // So little that DuckDB has to spill.
    expect(await hashes(SAMPLE, { threads: 2, memoryLimit: 330 })).toEqual(reference);
  }, 60_000);

  it('from one file, from the same rows in many files, and from CSV', async () => {
    const folder = await temporaryFolder();
    const rows = `(SELECT * FROM '${SAMPLE}' WHERE row_id < 60000)`;
    await query(`COPY ${rows} TO '${folder}/whole.parquet' (FORMAT parquet)`);
    await query(`COPY ${rows} TO '${folder}/whole.csv.gz' (FORMAT csv)`);
    for (const part of [0, 1, 2])
      await query(
        `COPY (SELECT * FROM ${rows} WHERE row_id // 20000 = ${part}) TO '${folder}/part-${part}.parquet' (FORMAT parquet)`,
      );
    const unordered = playlistSpec({ order: [] });
    const options = { threads: 2, memoryLimit: 1024 };
    const whole = await hashes(`${folder}/whole.parquet`, options, unordered);
    expect(await hashes(`${folder}/part-*.parquet`, options, unordered)).toEqual(whole);
    expect(
      await hashes(`${folder}/whole.csv.gz`, options, playlistSpec({ order: [], format: 'csv' })),
    ).toEqual(whole);
  }, 60_000);

  it.each([
    ['numbers', '((hash(i) >> 1)::BIGINT - 4611686018427387904) * (i % 3)'],
    ['small numbers with equals', '(hash(i) % 50)::SMALLINT'],
    ['instants', "TIMESTAMP '2020-01-01' + INTERVAL 1 SECOND * ((hash(i) % 100000)::BIGINT - 50000)"],
  ])('whether rows are ordered in memory or by DuckDB: %s', async (_, order) => {
    const folder = await temporaryFolder();
    const rows = `SELECT 'u' || hash(i + 7) % 40 AS user_id, 'p' || hash(i + 9) % 5 AS playlist, 'a' || hash(i) % 30 AS artist, 't' || hash(i + 3) % 9 AS track, ${order} AS row_id FROM range(20000) AS r(i)`;
    await query(`COPY (${rows}) TO '${folder}/rows.parquet' (FORMAT parquet)`);
    const memory = await hashes(`${folder}/rows.parquet`, { threads: 2, memoryLimit: 2048 });
    // Less than the rows would take in memory.
    expect(await hashes(`${folder}/rows.parquet`, { threads: 2, memoryLimit: 225 })).toEqual(memory);
  });

  it('of users who are split as wholes, too', async () => {
    const byUser = playlistSpec({ split: { by: 'user', ratios: [0.7, 0.2, 0.1] } });
    const reference = await hashes(SAMPLE, { threads: 2, memoryLimit: 2048 }, byUser);
    expect(Object.keys(reference)).toContain(PREPARED.sequenceClusters);
    expect(await hashes(SAMPLE, { threads: 1, memoryLimit: 330 }, byUser)).toEqual(reference);
  });
});
