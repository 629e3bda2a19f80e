import { freeName } from '../data/free-name.ts';
import { quoteName, quoteText } from '../data/sql-text.ts';
import type { OpenVectors } from '../model/open-vectors.ts';
import type { Exporter } from './exporter.ts';
import { withItemRows } from './item-rows.ts';

/** Bytes of the vectors of a group of rows, which the writer holds. */
const GROUP_BYTES = 64 << 20;
/** Rows of DuckDB's chunks, of which groups are made. */
const CHUNK = 2048;

/** One table: of each item its code, name, training rows, group, the data's own columns, and its vector. */
export const parquet: Exporter = {
  namesStated: 'Names are as in the data, their columns joined by |||.',
  async write(opened, [file = ''], job) {
    const { values, dimension, items } = opened.vectors;
    await withItemRows(opened, job, async ({ session, own, groups }) => {
      session.createRowFunction('vector_of', { values, dimension, onRows: job.onRows });
      const told = own.map(({ name, column }) => `${column} AS ${quoteName(name)}`);
      const columns = ['item', 'name', 'train_rows', ...groups, ...told].join(', ');
      // The data's own columns keep their names.
      const vector = freeName(
        'vector',
        own.map(({ name }) => name),
      );
      // The table lies in order already: sorted here, all vectors would be held.
      await session.run(
        `COPY (SELECT ${columns}, vector_of(place)::FLOAT[] AS ${vector} FROM item_rows) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE ${groupSize(dimension)}, KV_METADATA {recsys: ${quoteText(JSON.stringify(factsOf(opened)))}})`,
      );
    });
    job.onRows?.(items.length);
    return [];
  },
};

function groupSize(dimension: number): number {
  return CHUNK * Math.max(1, Math.min(60, Math.floor(GROUP_BYTES / (4 * dimension * CHUNK))));
}

/** What the file says of itself beside its columns. */
function factsOf({ name, kind, source, stated, vectors }: OpenVectors): Record<string, unknown> {
  const ofRun = 'run' in source ? source : {};
  return { model: name, kind, ...ofRun, compare: vectors.similarity ?? 'cosine', vectors: stated };
}
