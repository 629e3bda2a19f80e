import type { Catalogue } from '../data/catalogue.ts';
import type { Recommender } from '../kinds/ranking/recommender.ts';
import type { SeenItems } from '../kinds/ranking/ranker.ts';
import { modelKind } from '../kinds/registry.ts';
import type { CatalogueFile } from './catalogue-files.ts';
import type { ModelFile } from './model-file.ts';
import type { PackageWriter } from './package-writer.ts';
import { parityOf } from './parity.ts';
import { openRecommender, storedIn, type Opening } from './stored-model.ts';

/** A model whose own artifacts, and whose members, are written. */
export interface Packing
  extends Opening, Pick<ModelFile, 'name' | 'kind' | 'parameters' | 'refit' | 'given' | 'everything'> {
  /** Where its artifacts were written. */
  readonly folder: string;
  readonly writer: PackageWriter;
  /** Whether a query's own items may be in its list. */
  readonly seen: SeenItems;
  /** Queries whose lists its parity fixture keeps. */
  readonly queries: readonly Int32Array[];
  /** Where prepare left the table of items, and the arrays of it. */
  locate(file: CatalogueFile): string | undefined;
}

/** Makes a package of a trained model: adds its items, what a caller has to know of it, and some lists it gives. */
export async function keepPackage(packing: Packing): Promise<void> {
  const { name, kind, parameters, given, folder, writer, catalogue, seed, deterministic, seen } = packing;
  await writer.addCatalogue((file) => packing.locate(file));
  const stored = storedIn(folder, { kind, files: writer.files, members: writer.members });
  const recommender = await openRecommender(stored, { catalogue, seed, deterministic });
  await writer.finish(
    {
      ...{ name, kind, parameters, given, seed, deterministic },
      ...(packing.refit === undefined ? {} : { refit: packing.refit }),
      kindVersion: modelKind(kind).version,
      signature: signatureOf(kind, recommender, seen),
      catalogue: countsOf(catalogue),
      ...(packing.everything === undefined ? {} : { everything: packing.everything }),
    },
    parityOf(recommender, packing.queries, seen),
  );
}

function signatureOf(
  kind: string,
  { scorer, ownRule }: Recommender,
  seen: SeenItems,
): ModelFile['signature'] {
  return {
    query: { rule: ownRule, stated: modelKind(kind).queryStated, rules: [...scorer.queryRules] },
    unknownQuery: 'popularity',
    unknownItem: 'ignored',
    neverReturned: ['items-outside-the-catalogue', ...(seen === 'removed' ? ['query-items' as const] : [])],
  };
}

function countsOf({ trainCounts, known, groupCount }: Catalogue): Omit<ModelFile['catalogue'], 'files'> {
  return {
    items: trainCounts.length,
    known: known.reduce((sum, one) => sum + one, 0),
    groups: groupCount,
    trainRows: trainCounts.reduce((sum, rows) => sum + rows, 0),
  };
}
