import * as path from 'node:path';
import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { withDuckDB } from '../../../src/pipeline/data/duckdb-session.ts';
import { cutsOf } from '../../../src/pipeline/flows/next-item/prepare/code-sequences.ts';
import { createLookup } from '../../../src/pipeline/data/rows/lookup.ts';
import { RepeatCounter } from '../../../src/pipeline/flows/next-item/prepare/repeat-counter.ts';
import { playlistSpec, runPrepare, temporaryFolder } from './prepare-runner.ts';
import { patience } from '../support/patience.ts';

describe('a lookup by hashes', () => {
  const build = (hash: (columns: readonly string[], salt: number) => string) =>
    withDuckDB({ memoryLimit: 100, threads: 1 }, async (session) => {
      await session.run(`CREATE TABLE t AS SELECT range AS a FROM range(1000)`);
      const lookup = await createLookup(session, {
        table: 't',
        columns: ['a'],
        code: 'rowid::INTEGER',
        hash,
      });
      const sql = `SELECT count(*)::DOUBLE AS n FROM t JOIN ${lookup.table} AS l ON l.key = ${lookup.key} WHERE l.code = t.rowid`;
      return { key: lookup.key, ...(await session.row(sql, z.object({ n: z.number() }))) };
    });

  it('takes another salt when two tuples share a hash', async () => {
    const weakAtFirst = ([column = '']: readonly string[], salt: number) =>
      salt < 2 ? `hash(${column} % 999)` : `hash(${column}, ${salt})`;
    expect(await build(weakAtFirst)).toEqual({ key: 'hash(a, 2)', n: 1000 });
  });

  it("tells texts apart that share DuckDB's own hash with every number beside them", async () => {
    const texts = ['above & beyond 0|||i saw good #0', 'above & beyond 6|||i saw good #6'];
    const found = await withDuckDB({ memoryLimit: 100, threads: 1 }, async (session) => {
      await session.run(
        `CREATE TABLE t AS SELECT unnest([${texts.map((text) => `'${text}'`).join(', ')}]) AS a`,
      );
      const lookup = await createLookup(session, { table: 't', columns: ['a'], code: 'rowid::INTEGER' });
      return await session.row(
        `SELECT count(DISTINCT hash(a))::DOUBLE AS hashes, count(DISTINCT ${lookup.key})::DOUBLE AS keys FROM t`,
        z.object({ hashes: z.number(), keys: z.number() }),
      );
    });
    expect(found).toEqual({ hashes: 1, keys: 2 });
  });

  it('gives up rather than joining what clashes', async () => {
    await expect(build(() => '1::UBIGINT')).rejects.toThrow('no hash without clashes');
  });
});

describe('repeats', () => {
  it('are counted in a sequence, duplicates only where order does not part them', () => {
    const counter = new RepeatCounter(5);
    const rows: [number, number, boolean][] = [
      [0, 1, true],
      [0, 1, true],
      [0, 1, true],
      [1, 1, true],
      [1, 2, false],
      [1, 1, false],
      [2, 3, true],
      [2, 4, true],
    ];
    for (const row of rows) counter.add(...row);
    counter.finish();
    expect([counter.repeated, counter.duplicates]).toEqual([5, 2]);
  });
});

describe('cuts', () => {
  it("are Python's int(0.7 n) and int(0.9 n)", () => {
    expect(cutsOf([0.7, 0.2, 0.1], 10)).toEqual([7, 9]);
    expect(cutsOf([0.7, 0.2, 0.1], 4627)).toEqual([3238, 4164]);
    // 0.7 · 90 is 62.99… in doubles, in Python as here.
    expect(cutsOf([0.7, 0.2, 0.1], 90)).toEqual([62, 81]);
  });
});

describe('cancelling', () => {
  it('ends within a second, in every stage', async () => {
    for (const stage of ['reading rows', 'counting items', 'ordering rows', 'writing sequences']) {
      const abort = new AbortController();
      let asked = 0;
      const running = runPrepare(
        path.resolve('samples/playlists.parquet'),
        playlistSpec(),
        await temporaryFolder(),
        {
          signal: abort.signal,
          onProgress: (current) => {
            if (current !== stage || asked > 0) return;
            asked = performance.now();
            abort.abort();
          },
        },
      );
      await running
        .catch((error: unknown) => error)
        .then((error) => {
          // A stage that is over before it could be told of cannot be cancelled.
          if (asked > 0) expect(error).toMatchObject({ name: 'AbortError' });
        });
      if (asked > 0) expect(performance.now() - asked).toBeLessThan(patience(1000));
    }
  }, 30_000);
});
