import type { ModelSpec } from '../../../../protocol/run.ts';
import { catalogueOf } from '../../../data/catalogue.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import { keepPackage, type Packing } from '../../../model/keep-package.ts';
import { PackageWriter } from '../../../model/package-writer.ts';
import { packageOf } from '../package-of.ts';
import { fitModel, type Fitting, type FittedModel } from './fit-model.ts';

/** What a package says of its model, once it is fitted, and where prepare's arrays of its items lie. */
type Kept = Pick<Packing, 'given' | 'parameters' | 'refit' | 'everything' | 'queries' | 'locate'>;

/** Fits one model and keeps its package, with those it is made of, in the step's folder. */
export async function fitAndKeep(
  context: StepContext,
  branch: ModelSpec,
  fitting: Omit<Fitting, 'write'>,
  keptOf: (fitted: FittedModel) => Kept,
): Promise<void> {
  const { data, asked, membersFrom } = fitting;
  const writer = new PackageWriter((name, file, fill) => context.write(name, file, fill));
  const fitted = await fitModel(context, branch, { ...fitting, write: writer.artifact });
  for (const [name, value] of Object.entries(fitted.metrics)) context.metric(name, value);
  for (const member of fitted.members ?? []) {
    const { folder, file } = await packageOf(context, membersFrom, member);
    await writer.addMember(folder, file);
  }
  const { folder, seed, deterministic } = context;
  await keepPackage({
    ...{ writer, folder, seed, deterministic, name: branch.name, kind: branch.kind },
    ...keptOf(fitted),
    catalogue: catalogueOf(data),
    seen: asked.seen,
  });
}
