/** The evaluation: metrics, tests, slices, other rules, formulas. */
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import { section } from '../../kit/parts.ts';
import { blendSections } from './blend-section.ts';
import { modelNames } from './chosen.ts';
import { explainedSection } from './explained-section.ts';
import { failedBranches } from './failed-branches.ts';
import { formulasSection } from './formulas-section.ts';
import { metricsSection } from './metrics-section.ts';
import { pairsSection } from './pairs-section.ts';
import { slicesSection } from './slices-section.ts';
import { stackSections } from './stack-section.ts';
import { variantsSection } from './variants-section.ts';
import type { ViewContext } from './view-context.ts';

export function resultsTab(context: ViewContext): Drawn {
  const { report, run } = context.card;
  if (report === undefined) {
    const text =
      run.state === 'running'
        ? 'Results appear here when the models are evaluated.'
        : 'This run was not evaluated.';
    return h('div', {}, section('Metrics', text));
  }
  return h(
    'div',
    {},
    failedBranches(report),
    metricsSection(context, report),
    explainedSection(context),
    ...stackSections(report),
    ...blendSections(report),
    modelNames(report).length > 1 && pairsSection(context, report),
    slicesSection(context, report),
    variantsSection(context, report),
    formulasSection(context, report),
  );
}
