import { integersOf } from '../../../data/duckdb-chunk.ts';
import type { DuckDBSession } from '../../../data/duckdb-session.ts';
import { writeNpy } from '../../../data/npy.ts';
import type { CodedItems } from './code-items.ts';

export interface CatalogueCounts {
  /** Items of the catalogue. */
  readonly items: number;
  /** Those of them that no row of the data holds. */
  readonly added: number;
}

/** Writes which items of the table `items` the catalogue lists. */
export async function writeCatalogue(
  session: DuckDBSession,
  { count, withRows }: CodedItems,
  write: (artifact: 'catalogue', fill: (file: string) => Promise<void>) => Promise<void>,
): Promise<CatalogueCounts> {
  const listed = new Uint8Array(count);
  let at = 0;
  await session.stream('SELECT listed::INTEGER FROM items ORDER BY rowid', (chunk) => {
    const flags = integersOf(chunk, 0);
    listed.set(flags, at);
    at += flags.length;
  });
  await write('catalogue', (file) => writeNpy(file, listed));
  return { items: listed.reduce((sum, flag) => sum + flag, 0), added: count - withRows };
}
