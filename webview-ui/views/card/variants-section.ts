/** One model under other rules: how it is asked, whether seen items may be recommended, and the tutorial's own rule. */
import type { EvaluationReport, ModelResult, Variant } from '../../../src/protocol/report.ts';
import { cut, percent } from '../../kit/format.ts';
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import { name, section, select } from '../../kit/parts.ts';
import { dataTable } from '../../kit/table.ts';
import type { Row } from '../../kit/table.ts';
import { chosenModel, modelNames, resultsOf } from './chosen.ts';
import { estimateCell } from './estimate.ts';
import { isHeadline, metricTitle, metricsOf } from './metric-names.ts';
import type { ViewContext } from './view-context.ts';

export function variantsSection(
  { state, actions: { choose } }: ViewContext,
  report: EvaluationReport,
): Drawn {
  const model = chosenModel(report, state.variantModel, report.selection.best);
  const result = resultsOf(report, state)[model];
  const models = modelNames(report).map((value) => ({ value, label: value }));
  return section(
    'Other rules',
    'The headline figures use one rule a model. Other ways to ask the same model, on the same queries:',
    h('div', { class: 'toolbar' }, select('variantModel', 'Model', models, model, choose)),
    result === undefined
      ? h('p', {}, 'This model has no result on this split.')
      : variantTable(report, model, result, state.split),
    result !== undefined && unknowns(result),
    result !== undefined && allItems(result),
  );
}

function unknowns(result: ModelResult): Drawn {
  const text =
    `Headline rule: ${cut(result.queryStated, 200)}. ${percent(result.unknownQueries)} of the queries hold no item the model knows, and ${percent(result.unknownTargets)} of the ` +
    `held-out items are outside its vocabulary; those are misses.`;
  return h('p', { class: 'note' }, text);
}

/** Says what the variant with a wider catalogue is, where there is one. */
function allItems({ variants }: ModelResult): Drawn | false {
  const found = Object.entries(variants).find(([, { catalogue }]) => catalogue === 'all');
  return (
    found !== undefined &&
    h(
      'p',
      { class: 'note' },
      `“${cut(found[0], 60)}”: items may be recommended too that only held-out lists hold and nobody could have known of at training time; ` +
        'the model is tuned without them. The figure says what a catalogue that names them would be worth.',
    )
  );
}

function metricsShown(report: EvaluationReport, result: ModelResult): string[] {
  const variants = Object.values(result.variants);
  return metricsOf(report).filter((metric) => {
    return (
      isHeadline(metric) &&
      (metric in result.metrics || variants.some((variant) => metric in variant.metrics))
    );
  });
}

function variantTable(report: EvaluationReport, model: string, result: ModelResult, split: string): Drawn {
  const metrics = metricsShown(report, result);
  const headline: Row = {
    head: h('span', {}, 'headline rule'),
    emphasis: true,
    cells: [
      queryText(result.query),
      report.protocol.seen,
      'popularity',
      ...metrics.map((metric) => estimateCell(result.metrics[metric])),
    ],
  };
  const rows = Object.entries(result.variants).map(([title, variant]) => variantRow(title, variant, metrics));
  return dataTable({
    id: 'variant-table',
    caption: `${model} under other rules, ${split} split`,
    columns: [
      { id: 'rule', label: 'Rule' },
      { id: 'query', label: 'Query' },
      { id: 'seen', label: 'Seen items' },
      { id: 'fallback', label: 'Unknown query' },
      ...metrics.map((metric) => ({ id: metric, label: metricTitle(metric), numeric: true })),
    ],
    rows: [headline, ...rows],
  });
}

function variantRow(title: string, variant: Variant, metrics: readonly string[]): Row {
  const cells = [
    queryText(variant.query),
    variant.seen,
    variant.fallback,
    ...metrics.map((metric) => estimateCell(variant.metrics[metric])),
  ];
  return { head: name(title), cells };
}

function queryText(query: string): string {
  return query === 'none' ? 'not used' : query.replaceAll('-', ' ');
}
