import { ItemNames } from '../model/item-names.ts';
import type { ItemVectors } from '../kinds/ranking/scorer.ts';
import type { Exporter } from './exporter.ts';
import { bytesOf, textOf } from './vector-row.ts';
import { wordOf, wordRows, WORDS_STATED } from './word.ts';
import { writeRows, type Piece } from './write-rows.ts';

/** A line of rows and dimensions; then of each row its word, a blank, its numbers, a line break. */
function wordExporter(numbersOf: (vectors: ItemVectors, row: number) => Piece): Exporter {
  return {
    namesStated: WORDS_STATED,
    async write({ vectors, itemsFile }, [file = ''], job) {
      const names = await ItemNames.read(itemsFile);
      const { items, dimension } = vectors;
      const { rows, notes } = wordRows(names, items);
      await writeRows(
        file,
        {
          head: `${rows.length} ${dimension}\n`,
          count: rows.length,
          row: (at, put) => {
            const row = rows[at] ?? -1;
            put(`${wordOf(names.name(items[row] ?? -1))} `);
            put(numbersOf(vectors, row));
            put('\n');
          },
        },
        job,
      );
      return notes;
    },
  };
}

/** The text of Mikolov's word2vec: numbers parted by blanks. */
export const word2vec = wordExporter((vectors, row) => textOf(vectors, row, ' '));

/** Its binary form: float32 numbers. */
export const word2vecBinary = wordExporter(bytesOf);
