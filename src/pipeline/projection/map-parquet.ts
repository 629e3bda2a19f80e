import { quoteText } from '../data/sql-text.ts';
import type { Clusters } from './clusters.ts';
import type { MapTable } from './map-table.ts';

export interface MapRows {
  readonly table: MapTable;
  readonly clusters: Clusters;
  /** x and y of the first rows; those after them are not written. */
  readonly positions: Float32Array;
}

/** Writes a row an item: `item`, `x`, `y`, `train_rows`, `cluster`, `group_code` (null for none). */
export async function writeMapParquet(file: string, { table, clusters, positions }: MapRows): Promise<void> {
  const { DuckDBInstance } = await import('../data/duckdb.ts');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(
      'CREATE TABLE map (item VARCHAR, x FLOAT, y FLOAT, train_rows UINTEGER, cluster UTINYINT, group_code INTEGER)',
    );
    const appender = await connection.createAppender('map');
    for (let row = 0; row < positions.length / 2; row++) {
      appender.appendVarchar(table.names[row] ?? '');
      appender.appendFloat(positions[row * 2] ?? 0);
      appender.appendFloat(positions[row * 2 + 1] ?? 0);
      appender.appendUInteger(table.counts[row] ?? 0);
      appender.appendUTinyInt(clusters.ofRow[row] ?? 0);
      const group = table.groups?.ofRow[row] ?? -1;
      if (group < 0) appender.appendNull();
      else appender.appendInteger(group);
      appender.endRow();
    }
    appender.closeSync();
    await connection.run(`COPY map TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
