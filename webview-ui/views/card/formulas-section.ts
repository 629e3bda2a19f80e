/** How every figure is computed. */
import { FEWEST_CLUSTERS, type EvaluationReport } from '../../../src/protocol/report.ts';
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import { details } from '../../kit/parts.ts';
import { metricFamilies } from './metric-names.ts';
import { opening } from './view-context.ts';
import type { ViewContext } from './view-context.ts';

type Entry = readonly [title: string, formula: string, meaning: string];

function rules({ protocol }: EvaluationReport): Entry[] {
  const unit = protocol.clusters?.unit ?? 'sequences';
  return [
    [
      'Rank',
      'rank(q) = 1 + |{ i ≠ target : score(q, i) ≥ score(q, target) }|',
      'Among all items known at training time, exactly; ties count against the model. A target that the model cannot recommend has no rank and is a miss.',
    ],
    [
      'Query',
      'last item: the newest only · whole list: all alike · decayed list: the newer, the more',
      'What a model is asked with. How a decayed list fades is the model’s own: by a fixed factor, by weights of the lags learned in training (recency encoder), or as each member does (blend). The rule of each model stands under its name.',
    ],
    [
      '95 % interval',
      `Wilson’s score interval for n = m(1 − m) / V queries, m: the mean, V: its variance by the jackknife over ${unit}; Student’s t instead of 1.96`,
      `Queries of one of the ${unit} are alike, so ${unit} count as what is independent, not queries. Of fewer than ${FEWEST_CLUSTERS} no interval is told.`,
    ],
    [
      'p-value',
      'share of all choices of signs s with |Σc s(c) · d(c)| ≥ |Σc d(c)|',
      `Two-sided, of the differences d(c) between two models that the ${unit} add up to: exact where at most 16 ${unit} differ, by Student’s t where more do. Holm’s correction for the tests of all pairs of models in a metric decides what is called a difference, at .05.`,
    ],
    [
      'Tutorial rule',
      'HR@100 over the last position of each sequence; query = the last item; unknown query → a random item',
      'The rule of the tutorial that this replaces, for comparison with its figures; only for models with vectors that can be asked with the last item, as there.',
    ],
  ];
}

export function formulasSection(context: ViewContext, report: EvaluationReport): Drawn {
  const families = metricFamilies().map((family): Entry => [family.title, family.formula, family.meaning]);
  const entries = [...families, ...rules(report)].flatMap(([title, formula, meaning]) => [
    h('dt', {}, title),
    h('dd', {}, h('p', { class: 'formula' }, formula), h('p', {}, meaning)),
  ]);
  return details(
    'formulas',
    'How every figure is computed',
    opening(context, 'formulas'),
    h('dl', { class: 'formulas' }, ...entries),
  );
}
