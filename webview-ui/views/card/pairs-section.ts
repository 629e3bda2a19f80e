/** The paired test between any two models. */
import { tooFew, type EvaluationReport, type PairedTest } from '../../../src/protocol/report.ts';
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import { GAP, cut, difference, pValue } from '../../kit/format.ts';
import { section, select } from '../../kit/parts.ts';
import { dataTable } from '../../kit/table.ts';
import { bestModel, chosenModel, modelNames } from './chosen.ts';
import { metricTitle } from './metric-names.ts';
import { testsBetween, verdict } from './pairs.ts';
import type { ViewContext } from './view-context.ts';

export function pairsSection({ state, actions: { choose } }: ViewContext, report: EvaluationReport): Drawn {
  const names = modelNames(report);
  const a = chosenModel(report, state.pairA, bestModel(report, state));
  const b = chosenModel(report, state.pairB, report.selection.runnerUp ?? names.find((other) => other !== a));
  const choices = names.map((value) => ({ value, label: value }));
  const unit = report.protocol.clusters?.unit ?? 'sequences';
  const intro = `Difference a − b on the same queries of the test part, by ${unit}. Validation chose weights and settings, so what it says of them is no test.`;
  return section(
    'Is the difference real?',
    intro,
    h(
      'div',
      { class: 'toolbar' },
      select('pairA', 'a', choices, a, choose),
      select('pairB', 'b', choices, b, choose),
    ),
    pairBody(report.pairs.test, a, b),
  );
}

function pairBody(all: readonly PairedTest[], a: string, b: string): Drawn {
  const tests = testsBetween(all, a, b);
  if (tests.length > 0) return pairTable(tests, all);
  const text = a === b ? 'Choose two different models.' : 'These two were not tested against each other.';
  return h('p', { class: 'note' }, text);
}

function intervalText(test: PairedTest): string {
  return tooFew(test) ? '–' : `${difference(test.low)}${GAP}…${GAP}${difference(test.high)}`;
}

function pairTable(tests: readonly PairedTest[], all: readonly PairedTest[]): Drawn {
  return dataTable({
    id: 'pair-table',
    caption: `Paired test of ${tests[0]?.a ?? ''} against ${tests[0]?.b ?? ''}, test split`,
    columns: [
      { id: 'metric', label: 'Metric' },
      { id: 'difference', label: 'a − b', numeric: true },
      { id: 'interval', label: '95 % interval', numeric: true },
      { id: 'p', label: 'p', numeric: true, title: 'Two-sided p-value of this test alone' },
      {
        ...{ id: 'adjusted', label: 'p of all pairs', numeric: true },
        title: 'Corrected for the tests of all pairs of models in this metric (Holm); this one decides',
      },
      { id: 'verdict', label: 'Verdict' },
    ],
    rows: tests.map((test) => ({
      head: metricTitle(test.metric),
      cells: [
        difference(test.difference),
        intervalText(test),
        pValue(test.p),
        test.adjusted === undefined ? '–' : pValue(test.adjusted),
        cut(verdict(test, all), 90),
      ],
    })),
  });
}
