/** The flow of next-item recommendation: prepare → train (foreach model) → refit (foreach model, where validation
 * is newer) → evaluate (foreach model) → report; when it is asked for, everything (foreach model). */
import type { FlowDefinition } from '../../flow/flow-definition.ts';
import { evaluateStep } from './evaluate/evaluate-step.ts';
import { QUERY_PARAMETERS } from './evaluate/held-out-queries.ts';
import { everythingStep } from './everything/everything-step.ts';
import { modelKinds } from '../../kinds/registry.ts';
import { flowParameters, groupsOf } from './flow-parameters.ts';
import { planNextItemRun } from './model-plan.ts';
import { prepareStep } from './prepare/prepare-step.ts';
import { refitStep } from './refit/refit-step.ts';
import { reportStep } from './report/report-step.ts';
import { trainStep } from './train/train-step.ts';
import { tuneFlow } from '../tune/tune-flow.ts';
import { nextItemViews } from './views/next-item-views.ts';
import { REPORT } from './views/read-report.ts';

export const nextItemFlow: FlowDefinition = {
  name: 'next-item',
  title: 'Next-item recommendation',
  parameters: flowParameters,
  groups: groupsOf(modelKinds),
  start: { name: 'run', help: 'Prepare the data, train all models, evaluate them.' },
  measures: [...QUERY_PARAMETERS, 'deterministic', 'selectBy'],
  steps: [prepareStep, trainStep, refitStep, evaluateStep, reportStep],
  onDemand: [everythingStep],
  commands: [
    { name: 'prepare', until: 'prepare', help: 'Read, check, code and split the data; the run stops there.' },
    { name: 'train', until: 'refit', help: 'Train the models of a prepared run.' },
    { name: 'evaluate', until: 'report', help: 'Evaluate the models of a trained run and write its report.' },
  ],
  shows: {
    report: REPORT,
    profile: { step: 'prepare', artifact: 'profile' },
    models: { step: 'train', refit: 'refit', everything: 'everything' },
    test: { step: 'evaluate' },
  },
  views: nextItemViews,
  search: tuneFlow,
  plan: planNextItemRun,
};
