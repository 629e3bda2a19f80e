import * as fs from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';

/** Writes a table of items with their names, as prepare does. */
export async function writeItemTable(file: string, names: readonly string[]): Promise<void> {
  const json = `${file}.json`;
  const rows = names.map((name, item) => JSON.stringify({ item, name }));
  await fs.writeFile(json, rows.join('\n'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT * FROM read_json('${json}', format = 'newline_delimited', columns = {item: 'INTEGER', name: 'VARCHAR'})) TO '${file}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  await fs.rm(json);
}
