import { npyHeader } from '../data/npy.ts';
import { ItemNames } from '../model/item-names.ts';
import type { Exporter } from './exporter.ts';
import { lineOf, LINES_STATED } from './line-text.ts';
import { bytesOf } from './vector-row.ts';
import { writeRows } from './write-rows.ts';

/** A matrix for `numpy.load`, and the names of its rows, one a line. */
export const npy: Exporter = {
  namesStated: LINES_STATED,
  async write({ vectors, itemsFile }, [file = '', namesFile = ''], job) {
    const names = await ItemNames.read(itemsFile);
    const { items, dimension, values } = vectors;
    const row = (at: number, put: (piece: string) => void): void =>
      put(`${lineOf(names.name(items[at] ?? -1))}\n`);
    await writeRows(namesFile, { count: items.length, row }, { signal: job.signal });
    await writeRows(
      file,
      {
        head: npyHeader(values, [items.length, dimension]),
        count: items.length,
        row: (at, put) => put(bytesOf(vectors, at)),
      },
      job,
    );
    return [];
  },
};
