/**
 * What is done with the winner: it is trained once more and kept, and then, alone of all trials, sees the test part. The
 * baselines are trained and measured beside it, so that its figures can be told from what costs nothing.
 */
import type { ModelSpec, RunManifest } from '../../../protocol/run.ts';
import { defaultsOf } from '../../../protocol/parameters.ts';
import type { StepDefinition } from '../../flow/flow-definition.ts';
import type { StepContext } from '../../flow/step-context.ts';
import { modelKind } from '../../kinds/registry.ts';
import { ASKED_PARAMETERS } from '../next-item/asked.ts';
import { branchOf } from '../next-item/branch-of.ts';
import { evaluateModel } from '../next-item/evaluate/evaluate-step.ts';
import { QUERY_PARAMETERS } from '../next-item/evaluate/held-out-queries.ts';
import { trainModel, versionOfKind } from '../next-item/train/train-step.ts';
import { RUNG_STEPS } from './rungs.ts';
import { tunedKind } from './tuning-plan.ts';
import { chooseWinner, winnerName } from './winner.ts';

const RUNGS = RUNG_STEPS.map(({ step }) => step);

/** Kinds that need no search, or find their settings in seconds. */
const BASELINES = ['popularity', 'markov', 'sequential-item-knn'];

function baselinesOf(tuned: string): ModelSpec[] {
  return BASELINES.filter((kind) => kind !== tuned).map((kind) => ({
    ...{ name: kind, kind, given: [] },
    parameters: defaultsOf(modelKind(kind).parameters),
  }));
}

/** The winner, whose parameters are known when the trials are over, and the baselines. */
function modelsOf(manifest: RunManifest): ModelSpec[] {
  const { name: kind } = tunedKind(manifest);
  return [{ name: winnerName(kind), kind, parameters: {}, given: [] }, ...baselinesOf(kind)];
}

const isWinner = ({ name, kind }: ModelSpec): boolean => name === winnerName(kind);

async function train(context: StepContext): Promise<void> {
  const branch = branchOf(context);
  await trainModel(context, isWinner(branch) ? (await chooseWinner(context)).spec : branch);
}

const common = { shared: false, version: '8', foreach: modelsOf, branchVersion: versionOfKind } as const;

/**
 * Trains the winner. Trials keep no models: dozens of them would fill a disk, and this one costs what one of the last
 * rung did.
 */
export const trainWinnerStep: StepDefinition = {
  ...common,
  name: 'train',
  title: 'Train the best',
  needs: ['prepare', ...RUNGS],
  joins: RUNGS,
  uses: ['model', ...ASKED_PARAMETERS, 'seed', 'deterministic', 'selectBy'],
  parallel: (branch) => branch !== undefined && modelKind(branch.kind).parallel,
  weight: (branch) => (branch !== undefined && isWinner(branch) ? 9 : 1),
  run: train,
};

/** Evaluates the winner and the baselines on both held-out parts. */
export const testWinnerStep: StepDefinition = {
  ...common,
  name: 'test',
  title: 'Test the best',
  needs: ['prepare', 'train'],
  uses: [...QUERY_PARAMETERS, 'deterministic'],
  parallel: () => false,
  weight: (branch) => (branch !== undefined && isWinner(branch) ? 3 : 1),
  run: (context) => evaluateModel(context, branchOf(context)),
};
