/** What a stack weighs, by what its weights were chosen, and which numbers weigh most. */
import type { EvaluationReport, StackFeature, StackSummary } from '../../../src/protocol/report.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { count, cut, percent, plural, rate, significant } from '../../kit/format.ts';
import { name, section } from '../../kit/parts.ts';
import { dataTable } from '../../kit/table.ts';
import { gatePlots } from './gate-plots.ts';
import { metricTitle } from './metric-names.ts';

/** What may move in each stage, in words. */
const STAGES: Readonly<Record<string, string>> = {
  members: 'scores of the models alone',
  features: 'all features',
  length: 'all features, by the length of the list',
  gates: 'all features, by all gates',
};

/** A section for each stack of the run. */
export function stackSections(report: EvaluationReport): Child[] {
  const stacks = report.models.flatMap(({ name: model, stack }) =>
    stack === undefined ? [] : [{ model, stack }],
  );
  return stacks.map(({ model, stack }, index) => {
    const id = index === 0 ? '' : `-${index + 1}`;
    return section(
      stacks.length === 1 ? 'Stack' : `Stack ${cut(model, 60)}`,
      introOf(stack),
      stack.chosen !== undefined && stagesTable(`stack-stages${id}`, stack.chosen),
      featuresTable(`stack-features${id}`, model, stack.features),
      gatePlots(stack),
    );
  });
}

function introOf({ members, depth, chosen }: StackSummary): string {
  const models = members.map(({ name: model }) => cut(model, 60)).join(', ');
  const what = `The ${depth} best items of each of ${models} are ranked by a weighted sum of their features; the weights go by the list, through its gates. `;
  if (chosen === undefined)
    return `${what}There were no validation queries, so the weights are those it starts with.`;
  const { queries, reached, metric } = chosen;
  return (
    `${what}They were fitted on ${plural(queries, 'validation query', 'validation queries')}; of ${percent(reached / queries)} the target was among these items. Its other figures on validation are of these very queries, so they flatter it a little; those below do not. ` +
    `${cut(metricTitle(metric), 60)} of what was tried, each list ranked by weights fitted on the other half:`
  );
}

function stagesTable(
  id: string,
  { stage: kept, metric, crossFitted }: NonNullable<StackSummary['chosen']>,
): Drawn {
  return dataTable({
    id,
    caption: `What the weights were chosen by: ${cut(metricTitle(metric), 60)} on validation, cross-fitted`,
    columns: [
      { id: 'stage', label: 'What is weighed' },
      { id: 'value', label: metricTitle(metric), numeric: true },
    ],
    rows: crossFitted.map(({ stage, value }) => ({
      head: `${STAGES[stage] ?? stage}${stage === kept ? ' (kept)' : ''}`,
      emphasis: stage === kept,
      cells: [rate(value)],
    })),
  });
}

function featuresTable(id: string, model: string, features: readonly StackFeature[]): Drawn {
  return dataTable({
    id,
    caption: `The ${count(features.length)} numbers that ${cut(model, 60)} weighs, in logits for a standard deviation among a list’s candidates; a gate changes the weight by so much for a standard deviation of its own`,
    columns: [
      { id: 'feature', label: 'Feature' },
      { id: 'weight', label: 'Weight', numeric: true },
      { id: 'gates', label: 'Strongest gates' },
    ],
    rows: features.map((feature) => ({
      head: name(feature.name),
      cells: [significant(feature.weight, 2), gatesText(feature)],
    })),
  });
}

function gatesText({ gates }: StackFeature): Child {
  if (gates.length === 0) return '–';
  return h('span', {}, gates.map(({ name: gate, weight }) => `${gate} ${signed(weight)}`).join(' · '));
}

const signed = (weight: number): string => `${weight < 0 ? '' : '+'}${significant(weight, 2)}`;
