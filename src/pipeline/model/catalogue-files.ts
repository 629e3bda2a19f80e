/** The part of a package that tells of its items: the same files that prepare wrote, under the same names. */
import type { Catalogue } from '../data/catalogue.ts';
import { knownItems } from '../data/known-items.ts';
import { readNpy, type NpyArray, type NpyConstructor } from '../data/npy.ts';
import { PREPARED } from '../data/prepared-data.ts';
import { DamagedFileError } from '../store/damaged-file.ts';

/** Prepare's artifacts that a package holds too; those of some data do not exist. */
export const CATALOGUE_FILES = ['items', 'trainCounts', 'itemGroups', 'catalogue'] as const;
export type CatalogueFile = (typeof CATALOGUE_FILES)[number];

/** Name of the file in the package. */
export const catalogueFileName = (file: CatalogueFile): string => PREPARED[file];

/**
 * Reads the arrays; the table of items is read where names are asked for.
 * @param locate path of each file, undefined where the package has none
 * @throws UserError where one is broken or does not fit the number of items
 */
export async function readCatalogue(
  locate: (file: CatalogueFile) => string | undefined,
  { items, groups }: { readonly items: number; readonly groups: number },
): Promise<Catalogue> {
  const read = async <A extends NpyArray>(
    name: CatalogueFile,
    type: NpyConstructor<A>,
  ): Promise<A | undefined> => {
    const file = locate(name);
    if (file === undefined) return undefined;
    const { array } = await readNpy(file, type);
    if (array.length !== items)
      throw new DamagedFileError(file, `it tells of ${array.length} items, and the model of ${items}`);
    return array;
  };
  const [trainCounts, itemGroups, listed] = await Promise.all([
    read('trainCounts', Uint32Array),
    read('itemGroups', Int32Array),
    read('catalogue', Uint8Array),
  ]);
  if (trainCounts === undefined) throw new Error('a package without training counts');
  return {
    trainCounts,
    ...(itemGroups === undefined ? {} : { itemGroups }),
    groupCount: groups,
    known: knownItems(trainCounts, listed),
  };
}
