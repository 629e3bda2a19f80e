/** What is done with the winner: it is trained once more and kept, and then, alone of all trials, sees the test part. */
import { MODEL_ARTIFACT, readModelFile } from '../train/model-file.ts';
import { trainModel } from '../train/train-step.ts';
import { evaluateModel } from '../evaluate/evaluate-step.ts';
import { ASKED_PARAMETERS } from '../asked.ts';
import { QUERY_PARAMETERS } from '../evaluate/held-out-queries.ts';
import type { StepDefinition } from '../../flow/flow-definition.ts';
import type { StepContext } from '../../flow/step-context.ts';
import { RUNG_STEPS } from './rungs.ts';
import { chooseWinner } from './winner.ts';

const RUNGS = RUNG_STEPS.map(({ step }) => step);

async function evaluateWinner(context: StepContext): Promise<void> {
  const file = context.locate('train', MODEL_ARTIFACT);
  if (file === undefined) throw new Error('the winner was not trained');
  await evaluateModel(context, await readModelFile(file));
}

const common = { shared: false, version: '5' } as const;

/**
 * Trains the winner. Trials keep no models: dozens of them would fill a disk, and this one costs what one of the last
 * rung did.
 */
export const trainWinnerStep: StepDefinition = {
  ...common,
  name: 'train',
  title: 'Train the best',
  needs: ['prepare', ...RUNGS],
  uses: ['model', ...ASKED_PARAMETERS, 'seed', 'deterministic'],
  parallel: () => true,
  weight: () => 9,
  run: async (context) => trainModel(context, (await chooseWinner(context)).spec),
};

/** Evaluates the winner on both held-out parts. */
export const testWinnerStep: StepDefinition = {
  ...common,
  name: 'test',
  title: 'Test the best',
  needs: ['prepare', 'train'],
  uses: [...QUERY_PARAMETERS, 'deterministic'],
  parallel: () => false,
  weight: () => 3,
  run: evaluateWinner,
};
