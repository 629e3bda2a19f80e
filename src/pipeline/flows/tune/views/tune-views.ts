/** What people see of a tuning: its trials, and, when it is over, the evaluation of the best one. */
import type { RunManifest } from '../../../../protocol/run.ts';
import type { RunOutcome } from '../../../../protocol/run-outcome.ts';
import type { StepView } from '../../../../protocol/run-view.ts';
import type { FlowViews } from '../../../flow/flow-views.ts';
import { nextItemViews } from '../../next-item/views/next-item-views.ts';
import { testQueries } from '../../next-item/views/test-queries.ts';
import { RUNG_STEPS } from '../rungs.ts';
import { tunableKinds } from '../tune-parameters.ts';
import { tunedKind } from '../tuning-plan.ts';
import { BestTrials } from './best-trials.ts';
import { trialTable } from './trial-table.ts';
import { viewTuning } from './tuning-view.ts';

/** The best of all that is measured, of equals the one of the later rung; a trial's first figure is the one that decides. */
function leadingOf(steps: readonly StepView[]): Pick<RunOutcome, 'leading'> {
  const results = RUNG_STEPS.toReversed().flatMap((rung) =>
    steps.flatMap(({ step, state, path, metrics }) => {
      const [first] = Object.entries(metrics);
      return step !== rung.step || state !== 'succeeded' || first === undefined
        ? []
        : [{ path, metric: first[0], value: first[1] }];
    }),
  );
  const [leading] = results.sort((a, b) => b.value - a.value);
  return leading === undefined ? {} : { leading };
}

function standing(manifest: RunManifest, steps: readonly StepView[]): Pick<RunOutcome, 'tunes' | 'leading'> {
  return { tunes: tunedKind(manifest).name, ...leadingOf(steps) };
}

export const tuneViews: FlowViews = {
  ...nextItemViews,
  standing,
  card: (run, shell) => ({ ...nextItemViews.card(run), tuning: viewTuning(run, shell) }),
  texts: (run, metrics) => [trialTable(viewTuning(run)), ...nextItemViews.texts(run, metrics)],
  footer: (run) => new BestTrials(run),
  json: (run) => ({ ...nextItemViews.json(run), tuning: viewTuning(run) }),
  testQueries: (run, prepared) => testQueries(run, prepared, 'test'),
  tunable: tunableKinds.map(({ name, title, description }) => ({ name, title, description })),
};
