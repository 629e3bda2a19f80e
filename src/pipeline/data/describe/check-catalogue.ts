import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import { catalogueColumns, catalogueSource } from '../reading/catalogue-file.ts';
import type { CatalogueColumns } from '../reading/catalogue-file.ts';
import { describeData } from './describe-data.ts';

/**
 * Looks whether a catalogue can be read and has the columns it needs, before a run begins.
 * @throws UserError where not
 */
export async function checkCatalogue(
  file: string,
  spec: Pick<DatasetSpec, 'item' | 'group'>,
): Promise<CatalogueColumns> {
  const { format } = await catalogueSource(file, spec);
  const { columns } = await describeData(file, { format, item: spec.item, order: [] });
  return catalogueColumns(
    file,
    spec,
    columns.map(({ name }) => name),
  );
}
