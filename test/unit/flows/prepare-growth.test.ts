/** No way of splitting takes more than a few times as long as another: what grows with the square of the sequences would. */
import * as path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { query, runPrepare, temporaryFolder } from './prepare-runner.ts';

const SEQUENCES = 70_000;
const TIMES_AS_LONG = 4;

let file: string;
let plain: number;
beforeAll(async () => {
  file = path.join(await temporaryFolder(), 'many.parquet');
  await query(
    `COPY (SELECT s, s // 3 AS u, hash(s, o) % 500 AS i, o, s * 2 + o AS t,
     (hash(s, o, 'w') % 1000000)::INTEGER AS w, CASE WHEN s >= ${0.9 * SEQUENCES} THEN 'test' ELSE 'train' END AS p
     FROM range(${SEQUENCES}) AS a(s), range(3) AS b(o)) TO '${file}' (FORMAT parquet)`,
  );
  plain = await timeOf({ split: { by: 'sequence' } });
});

/** Seconds. */
async function timeOf(changes: Readonly<Record<string, unknown>>): Promise<number> {
  const common = { format: 'parquet', sequence: ['s'], item: ['i'], order: ['o'], minimumLength: 2 };
  const started = performance.now();
  await runPrepare(file, DatasetSpec.parse({ ...common, ...changes }), await temporaryFolder());
  return (performance.now() - started) / 1000;
}

it.each([
  { split: { by: 'column', column: 'p' } },
  { split: { by: 'column', column: 'p' }, time: 't' },
  { split: { by: 'time' }, time: 't' },
  // Nearly all sequences go on across both boundaries.
  { split: { by: 'time' }, time: 'w' },
  { split: { by: 'time', straddling: 'drop' }, time: 'w' },
  { split: { by: 'column', column: 'p' }, time: 'w' },
  { split: { by: 'user' }, user: 'u' },
  { split: { by: 'leave-one-out' } },
])('many sequences, %o', async (changes) => {
  expect(await timeOf(changes)).toBeLessThan(TIMES_AS_LONG * plain + 1);
});
