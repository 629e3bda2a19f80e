/** The flow of tuning: prepare → explore → refine → settle (foreach trial) → train → test → report. */
import type { FlowDefinition } from '../../flow/flow-definition.ts';
import { groupsOf } from '../next-item/flow-parameters.ts';
import { prepareStep } from '../next-item/prepare/prepare-step.ts';
import { trialSteps } from './trial-steps.ts';
import { sharedParameters, tunableKinds, tuneParameters } from './tune-parameters.ts';
import { planTuneRun } from './tune-plan.ts';
import { REPORT } from '../next-item/views/read-report.ts';
import { tuneViews } from './views/tune-views.ts';
import { tuningReportStep } from './tuning-report-step.ts';
import { testWinnerStep, trainWinnerStep } from './winner-steps.ts';

/** How is searched, for those who would rather say it. */
const SEARCH = { name: 'search', title: 'Search', parameters: ['strategy', 'search'] };

export const tuneFlow: FlowDefinition = {
  name: 'tune',
  title: 'Tuning of a model',
  parameters: tuneParameters,
  groups: [SEARCH, ...groupsOf(tunableKinds)],
  start: { name: 'tune', help: 'Search a model kind’s parameters on validation; test the best once.' },
  measures: Object.keys(sharedParameters),
  steps: [prepareStep, ...trialSteps, trainWinnerStep, testWinnerStep, tuningReportStep],
  commands: [],
  shows: {
    report: REPORT,
    profile: { step: 'prepare', artifact: 'profile' },
    models: { step: 'train' },
    test: { step: 'test' },
  },
  views: tuneViews,
  plan: planTuneRun,
};
