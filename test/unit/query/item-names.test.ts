import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ItemNames } from '../../../src/pipeline/model/item-names.ts';
import { query, temporaryFolder } from '../flows/prepare-runner.ts';

const folder = await temporaryFolder();
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

async function namesOf(file: string, columns: string): Promise<string[]> {
  const place = path.join(folder, file);
  await query(`COPY (SELECT ${columns}) TO '${place.replaceAll("'", "''")}' (FORMAT parquet)`);
  const names = await ItemNames.read(place);
  return Array.from({ length: names.count }, (_, code) => names.name(code));
}

describe('the names of items', () => {
  it("are the table's own columns joined, null as nothing, in the order of the codes", async () => {
    const rows = `* FROM (VALUES (1, NULL, 'one', 5, 3, 0), (0, 'A', 'B|||C', 7, 4, 1)) AS t(item, artist, "rows_value", rows, train_rows, group_code)`;
    expect(await namesOf('now.parquet', rows)).toEqual(['A|||B|||C', '|||one']);
  });

  it('are read from tables of earlier versions, which wrote them', async () => {
    expect(await namesOf('then.parquet', `0 AS item, 'A' AS artist, 'x' AS track, 'A|||x' AS name`)).toEqual([
      'A|||x',
    ]);
  });

  it('are read whatever the folder is called', async () => {
    expect(await namesOf("it's [1] of *.parquet", `0 AS item, 7 AS track, 1 AS rows`)).toEqual(['7']);
  });
});
