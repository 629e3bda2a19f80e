import type { ModelSpec } from '../../../../protocol/run.ts';
import { catalogueOf, type Catalogue } from '../../../data/catalogue.ts';
import type { PreparedData } from '../../../data/prepared-data.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import type { Recommender } from '../../../kinds/ranking/recommender.ts';
import { modelKind } from '../../../kinds/registry.ts';
import type { ModelFile } from '../../../model/model-file.ts';
import type { PackageWriter } from '../../../model/package-writer.ts';
import { parityOf } from '../../../model/parity.ts';
import { openRecommender, storedIn } from '../../../model/stored-model.ts';
import { askedOf } from '../asked.ts';
import type { FittedModel } from './fit-model.ts';
import { packageOf } from './member-packages.ts';
import { parityQueries } from './parity-queries.ts';

/** Makes a package of a model whose own artifacts are written: adds its items, its members, and the lists it gives. */
export async function keepModel(
  context: StepContext,
  branch: ModelSpec,
  data: PreparedData,
  { fitted, writer }: { readonly fitted: FittedModel; readonly writer: PackageWriter },
): Promise<void> {
  const { seed, deterministic } = context;
  const { name, kind, given } = branch;
  await writer.addCatalogue((file) => context.locate('prepare', file));
  for (const member of fitted.members ?? []) {
    const { folder, file } = await packageOf(context, member);
    await writer.addMember(folder, file);
  }
  const stored = storedIn(context.folder, { kind, files: writer.files, members: writer.members });
  const catalogue = catalogueOf(data);
  const recommender = await openRecommender(stored, { catalogue, seed, deterministic });
  const { seen } = askedOf(context, data);
  await writer.finish(
    {
      ...{ name, kind, given, seed, deterministic },
      parameters: fitted.parameters,
      kindVersion: modelKind(kind).version,
      signature: signatureOf(kind, recommender, seen),
      catalogue: countsOf(catalogue),
    },
    parityOf(recommender, parityQueries(context, data), seen),
  );
}

function signatureOf(
  kind: string,
  { scorer, ownRule }: Recommender,
  seen: 'kept' | 'removed',
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
