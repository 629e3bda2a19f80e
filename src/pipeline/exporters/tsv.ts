import type { Exporter, ExportJob } from './exporter.ts';
import { withItemRows, type ItemRows } from './item-rows.ts';
import { cellOf, LINES_STATED } from './line-text.ts';
import { textOf } from './vector-row.ts';
import { writeRows } from './write-rows.ts';

/** A name that is empty: readers would take the next cell for it. */
const UNNAMED = '\\e';

/** The two files of TensorFlow's projector: numbers without a heading, and what is known of each row under one. */
export const tsv: Exporter = {
  namesStated: LINES_STATED,
  async write(opened, [file = '', metadata = ''], job) {
    const { vectors } = opened;
    const count = vectors.items.length;
    const unnamed = await withItemRows(opened, job, (rows) => writeMetadata(metadata, rows, count, job));
    const row = (at: number, put: (piece: string) => void): void => put(`${textOf(vectors, at, '\t')}\n`);
    await writeRows(file, { count, row }, job);
    return unnamed === 0
      ? []
      : [`${unnamed === 1 ? 'A name is' : 'Names are'} empty: ${UNNAMED} stands for that.`];
  },
};

/**
 * The name stands first, which the projector shows, and a number last: readers strip what is empty at the ends of lines.
 * @returns how many names are empty
 */
async function writeMetadata(
  file: string,
  { session, own, groups }: ItemRows,
  count: number,
  { signal }: ExportJob,
): Promise<number> {
  const told = own.length > 1 ? own : [];
  const rest = [...told.map(({ column }) => column), ...groups, 'train_rows'];
  const heading = ['name', ...told.map(({ name }) => name), ...groups, 'train_rows'];
  const texts = ['name', ...rest].map((column) => `${column}::VARCHAR`).join(', ');
  const [names = [], ...others] = await session.texts(`SELECT ${texts} FROM item_rows ORDER BY place`);
  const line = (cells: readonly string[]): string => `${cells.join('\t')}\n`;
  const row = (at: number, put: (piece: string) => void): void => {
    const cells = others.map((column) => cellOf(column[at] ?? ''));
    put(line([cellOf(names[at] ?? '') || UNNAMED, ...cells]));
  };
  await writeRows(file, { head: line(heading.map(cellOf)), count, row }, { signal });
  return names.filter((name) => name === '').length;
}
