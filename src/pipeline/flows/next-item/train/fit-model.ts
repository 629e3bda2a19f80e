import type { ModelSpec } from '../../../../protocol/run.ts';
import { UserError } from '../../../../protocol/user-error.ts';
import { catalogueOf } from '../../../data/catalogue.ts';
import type { PreparedData } from '../../../data/prepared-data.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import type { FitContext, FitResult, Member, WriteArtifact } from '../../../kinds/fitting/fit-context.ts';
import { modelKind } from '../../../kinds/registry.ts';
import { openScorer, storedIn } from '../../../model/stored-model.ts';
import type { Asked } from '../asked.ts';
import { fittingThreads } from '../memory-of-models.ts';
import { packageOf, type TrainingStep } from '../package-of.ts';

export interface Fitting {
  readonly data: PreparedData;
  readonly write: WriteArtifact;
  /** How held-out sequences are asked in this run: of the data as they were prepared. */
  readonly asked: Asked;
  /** The step whose packages a composite model is made of. */
  readonly membersFrom: TrainingStep;
  readonly earlier?: FitContext['earlier'];
}

/** A fitted model, whose artifacts were written. */
export type FittedModel = FitResult & { readonly parameters: NonNullable<FitResult['parameters']> };

/** Fits one model. */
export async function fitModel(
  context: StepContext,
  branch: ModelSpec,
  { data, asked, write, membersFrom, earlier }: Fitting,
): Promise<FittedModel> {
  const kind = modelKind(branch.kind);
  if (!kind.fits({ hasGroups: data.itemGroups !== undefined })) {
    throw new UserError(
      `${kind.title} needs a group column (such as the artist or the category).`,
      'Name one in recsys.json, or leave this model out.',
    );
  }
  const { seed, memoryLimit, deterministic, signal, reporter } = context;
  const threads = kind.composite === true ? await fittingThreads(context, memoryLimit) : context.threads;
  const fitted = await kind.fit({
    ...{
      data,
      parameters: branch.parameters,
      write,
      seed,
      threads,
      memoryLimit,
      deterministic,
      signal,
      reporter,
    },
    given: branch.given,
    ...asked,
    selectBy: String(context.manifest.parameters['selectBy'] ?? 'auto'),
    members: await Promise.all(
      (branch.members ?? []).map((name) => memberOf(context, membersFrom, name, data)),
    ),
    ...(earlier === undefined ? {} : { earlier }),
  });
  return { ...fitted, parameters: fitted.parameters ?? {} };
}

async function memberOf(
  context: StepContext,
  step: Fitting['membersFrom'],
  name: string,
  data: PreparedData,
): Promise<Member> {
  const { folder, file } = await packageOf(context, step, name);
  const { seed, deterministic } = context;
  return {
    name,
    kind: file.kind,
    folder,
    open: () => openScorer(storedIn(folder, file), { catalogue: catalogueOf(data), seed, deterministic }),
  };
}
