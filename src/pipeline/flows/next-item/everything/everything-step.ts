import { DataProfile } from '../../../../protocol/profile.ts';
import { EvaluationReport } from '../../../../protocol/report.ts';
import type { ModelSpec } from '../../../../protocol/run.ts';
import { trainingSequences } from '../../../data/prepared-data.ts';
import { withHeldOut } from '../../../data/with-held-out.ts';
import type { StepDefinition } from '../../../flow/flow-definition.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import { requireJson } from '../../../store/read-json.ts';
import { branchOf } from '../branch-of.ts';
import { requireMemoryFor, trainOnEverythingBytes } from '../memory-of-models.ts';
import { preparedInput } from '../prepared-input.ts';
import { fitAgain, TRAINS_AGAIN } from '../refit/fit-again.ts';
import { expectedOf } from './expected.ts';
import { leftOut } from './left-out.ts';
import { testIsNewer } from './test-newer.ts';

function located(context: StepContext, step: string, artifact: string): string {
  const file = context.locate(step, artifact);
  if (file === undefined) throw new Error(`${step} left no artifact '${artifact}'`);
  return file;
}

/** Whoever uses the best model should know when that is no recommender of anything. */
function popularityWarning({ selection }: EvaluationReport, { name, kind }: ModelSpec): string[] {
  if (kind !== 'popularity' || selection.best !== name) return [];
  return [
    'The best model of this run is popularity: no other learnt more on validation than what is popular, and every list it gives is the same.',
  ];
}

/** Trains a model on all rows, with the settings its first training chose; its package says what the run measured of it. */
async function trainOnEverything(context: StepContext, branch: ModelSpec): Promise<void> {
  requireMemoryFor('Training', branch.name, await trainOnEverythingBytes(context), context.memoryLimit);
  const { manifest, reporter } = context;
  const profile = await requireJson(located(context, 'prepare', 'profile'), DataProfile);
  const report = await requireJson(located(context, 'report', 'report'), EvaluationReport);
  const prepared = await preparedInput(context);
  const data = withHeldOut(prepared, testIsNewer(manifest, profile));
  const { items, offsets } = trainingSequences(data);
  const missing = leftOut(manifest, profile);
  for (const text of [...missing, ...popularityWarning(report, branch)]) reporter.warn(text);
  const expected = expectedOf(manifest, report, branch.name);
  const everything = {
    parts: ['train' as const, 'validation' as const, 'test' as const],
    sequences: offsets.length - 1,
    rows: items.length,
    leftOut: missing,
    measured: false as const,
    ...(expected === undefined ? {} : { expected }),
  };
  await fitAgain(context, branch, { prepared, data, step: 'everything', says: { everything } });
  context.metric('sequences', everything.sequences);
  context.metric('rows', everything.rows);
}

/**
 * Trains a model of a finished run on all rows, those of the test part too, for use. It runs when it is asked for, chooses
 * nothing, and no figure of the run comes of it.
 */
export const everythingStep: StepDefinition = {
  name: 'everything',
  title: 'Train on everything',
  needs: ['prepare', 'train', 'report'],
  foreach: (manifest) => manifest.models,
  ...TRAINS_AGAIN,
  version: '1',
  memory: trainOnEverythingBytes,
  run: (context) => trainOnEverything(context, branchOf(context)),
};
