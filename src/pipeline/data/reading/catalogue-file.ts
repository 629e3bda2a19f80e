/** The file that lists the items there are: new ones come in with it before anybody has taken them. */
import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import { UserError } from '../../../protocol/user-error.ts';
import type { DataSource } from '../data-source.ts';
import { peek } from './peek.ts';
import { sourceOf } from './source-of.ts';

/** Its columns that are read: the item's, and the group's where it has one. */
export interface CatalogueColumns {
  readonly item: readonly string[];
  readonly group?: string;
}

/** @throws UserError where the item columns are not among those of the file */
export function catalogueColumns(
  file: string,
  { item, group }: Pick<DatasetSpec, 'item' | 'group'>,
  names: readonly string[],
): CatalogueColumns {
  const missing = item.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new UserError(
      `The catalogue ${file} has no column ${missing.map((name) => `'${name}'`).join(', ')}.`,
      `It must have the item columns under the names they have in the data (${item.join(', ')}); its columns are ${names.join(', ')}.`,
    );
  return { item, ...(group !== undefined && names.includes(group) ? { group } : {}) };
}

/**
 * The file of a catalogue: names of several words below the item's name are a column, and no sequences of words.
 * @throws UserError where there is no such file, or one of a kind that is not read
 */
export async function catalogueSource(
  file: string,
  { item }: Pick<DatasetSpec, 'item'>,
): Promise<DataSource> {
  const source = await sourceOf(file, {});
  const [first] = source.files;
  if (source.format !== 'sequences' || first === undefined) return source;
  const { bytes } = await peek(first);
  const [line = ''] = bytes.toString().split(/[\r\n]/, 1);
  const named = item.length === 1 && line.replace('\uFEFF', '').trim() === item[0];
  return named ? { ...source, format: 'csv' } : source;
}
