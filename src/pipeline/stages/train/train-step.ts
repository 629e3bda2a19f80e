import * as fs from 'node:fs/promises';
import { UserError } from '../../../protocol/user-error.ts';
import type { StepDefinition } from '../../flow/flow-definition.ts';
import type { StepContext } from '../../flow/step-context.ts';
import { checkedParameters } from '../../models/checked-parameters.ts';
import { modelKind } from '../../models/registry.ts';
import { branchOf } from '../branch-of.ts';
import { preparedInput } from '../prepared-input.ts';
import { MODEL_ARTIFACT, type ModelFile } from './model-file.ts';

async function run(context: StepContext): Promise<void> {
  const branch = branchOf(context);
  const kind = modelKind(branch.kind);
  const parameters = checkedParameters(branch.name, kind.parameters, branch.parameters);
  const data = await preparedInput(context);
  if (!kind.fits({ hasGroups: data.itemGroups !== undefined })) {
    throw new UserError(
      `${kind.title} needs a group column (such as the artist).`,
      'Name one in recsys.json, or leave this model out.',
    );
  }
  const result = await kind.fit({
    data,
    parameters,
    given: branch.given,
    seed: context.seed,
    threads: context.threads,
    memoryLimit: context.memoryLimit,
    deterministic: context.deterministic,
    signal: context.signal,
    reporter: context.reporter,
    positions: String(context.manifest.parameters['positions'] ?? 'every:5'),
    write: (name, file, write) => context.write(name, file, write),
  });
  for (const [name, value] of Object.entries(result.metrics)) context.metric(name, value);
  const model: ModelFile = {
    format: 1,
    name: branch.name,
    kind: branch.kind,
    parameters: result.parameters ?? parameters,
    given: branch.given,
  };
  await context.write(MODEL_ARTIFACT, 'model.json', (file) =>
    fs.writeFile(file, `${JSON.stringify(model, null, 2)}\n`),
  );
}

/** Trains one model of the run. */
export const trainStep: StepDefinition = {
  name: 'train',
  title: 'Train',
  needs: ['prepare'],
  foreach: (manifest) => manifest.models,
  uses: ['seed', 'deterministic', 'positions'],
  version: '1',
  shared: false,
  parallel: (branch) => branch !== undefined && modelKind(branch.kind).parallel,
  weight: (branch) => (branch !== undefined && modelKind(branch.kind).parallel ? 10 : 1),
  run,
};
