/** The paired test between any two models. */
import type { EvaluationReport, PairedTest } from '../../src/protocol/report.ts';
import { h } from '../shared/element.ts';
import { cut, difference, pValue } from '../shared/format.ts';
import { section, select } from '../shared/parts.ts';
import { dataTable } from '../shared/table.ts';
import { chosenModel, modelNames } from './chosen.ts';
import { metricTitle } from './metric-names.ts';
import { testsBetween, verdict } from './pairs.ts';
import type { ViewContext } from './view-context.ts';

const THIN = ' ';

export function pairsSection({ state }: ViewContext, report: EvaluationReport): HTMLElement {
  const names = modelNames(report);
  const a = chosenModel(report, state.pairA, report.selection.best);
  const b = chosenModel(report, state.pairB, report.selection.runnerUp ?? names.find((other) => other !== a));
  const choices = names.map((value) => ({ value, label: value }));
  const tests = testsBetween(report.pairs[state.split], a, b);
  const intro = `Difference a − b on the same queries, resampling whole sequences ${report.protocol.bootstrapSamples.toLocaleString('en-US')} times.`;
  return section(
    'Is the difference real?',
    intro,
    h('div', { class: 'toolbar' }, select('pairA', 'a', choices, a), select('pairB', 'b', choices, b)),
    tests.length > 0
      ? pairTable(tests, state.split)
      : h(
          'p',
          { class: 'note' },
          a === b ? 'Choose two different models.' : 'These two were not tested against each other.',
        ),
  );
}

function pairTable(tests: readonly PairedTest[], split: string): HTMLElement {
  return dataTable({
    id: 'pair-table',
    caption: `Paired test of ${tests[0]?.a ?? ''} against ${tests[0]?.b ?? ''}, ${split} split`,
    columns: [
      { id: 'metric', label: 'Metric' },
      { id: 'difference', label: 'a − b', numeric: true },
      { id: 'interval', label: '95 % interval', numeric: true },
      { id: 'p', label: 'p', numeric: true, title: 'Two-sided bootstrap p-value' },
      { id: 'verdict', label: 'Verdict' },
    ],
    rows: tests.map((test) => ({
      head: metricTitle(test.metric),
      cells: [
        difference(test.difference),
        `${difference(test.low)}${THIN}…${THIN}${difference(test.high)}`,
        pValue(test.p),
        cut(verdict(test), 90),
      ],
    })),
  });
}
