import { describe, expect, it } from 'vitest';
import {
  bestModel,
  chosenMetric,
  chosenModel,
  chosenOrder,
  figureOf,
  shownVerdict,
  sortedModels,
} from '../../../webview-ui/views/card/chosen.ts';
import { testsBetween, verdict } from '../../../webview-ui/views/card/pairs.ts';
import { initialState, withField, withSort } from '../../../webview-ui/views/card/ui-state.ts';
import { fittedLine, popularityPoints } from '../../../webview-ui/kit/charts/popularity.ts';
import type { EvaluationReport } from '../../../src/protocol/report.ts';
import { syntheticCard } from '../../fixtures/synthetic-card.ts';

function finishedReport(): EvaluationReport {
  const { report } = syntheticCard();
  if (report === undefined) throw new Error('the synthetic card has a report');
  return report;
}
const report = finishedReport();
const state = initialState;

describe('what a person chose', () => {
  it('takes no value that does not fit the field', () => {
    expect(withField(state, 'split', 'train')).toBe(state);
    expect(withField(state, 'split', 'validation').split).toBe('validation');
  });

  it('sorts downwards first, and turns around when asked again', () => {
    const order = chosenOrder(report, state);
    expect(order).toEqual({ sort: 'hitRate@10', ascending: false });
    const again = withSort(state, 'hitRate@10', order);
    expect(chosenOrder(report, again)).toEqual({ sort: 'hitRate@10', ascending: true });
    expect(chosenOrder(report, withSort(again, 'mrr@10', order))).toEqual({
      sort: 'mrr@10',
      ascending: false,
    });
  });

  it('sorts by the metric that models are chosen by anew, and tells its own best model and verdict', () => {
    const sorted = withSort(state, 'mrr@10', chosenOrder(report, state));
    const changed = withField(sorted, 'metric', 'ndcg@10');
    expect(chosenOrder(report, changed)).toEqual({ sort: 'ndcg@10', ascending: false });
    expect([bestModel(report, state), bestModel(report, changed)]).toEqual(['blend', 'recency-encoder']);
    expect(shownVerdict(report, changed)?.sentence).toMatch(/^recency-encoder and blend tie/);
    expect(shownVerdict(report, withField(state, 'metric', 'mrr@5'))?.metric).toBe('hitRate@10');
    expect(bestModel({ ...report, verdicts: [] }, state)).toBe(report.selection.best);
    const none = { ...report, verdicts: [], selection: { ...report.selection, none: true } };
    expect(bestModel(none, state)).toBeUndefined();
  });

  it('falls back where the data have no such metric or model', () => {
    expect(chosenMetric(report, { ...state, metric: 'gone@10' })).toBe(report.selection.metric);
    expect(chosenModel(report, 'gone', 'markov')).toBe('markov');
  });
});

describe('the table', () => {
  it('orders models by any column, those without the figure last', () => {
    const { test } = report.metrics;
    const names = [...Object.keys(test), 'failed'];
    for (const column of ['hitRate@100', 'coverage@10', 'meanPopularity@100']) {
      const sorted = sortedModels(names, test, { sort: column, ascending: false });
      const figures = sorted.slice(0, -1).map((name) => figureOf(test[name], column) ?? NaN);
      expect(figures).toEqual([...figures].sort((a, b) => b - a));
      expect(sorted.at(-1)).toBe('failed');
      expect(sortedModels(names, test, { sort: column, ascending: true }).at(-1)).toBe('failed');
    }
  });
});

describe('paired tests', () => {
  const test = {
    ...{ a: 'x', b: 'y', metric: 'mrr@10', clusters: 40 },
    ...{ difference: 0.02, low: 0.01, high: 0.03, p: 0.01, adjusted: 0.03 },
  };

  it('turns a test around with its interval', () => {
    expect(testsBetween([test], 'y', 'x')).toEqual([
      { ...test, a: 'y', b: 'x', difference: -0.02, low: -0.03, high: -0.01 },
    ]);
    expect(testsBetween([test], 'x', 'z')).toEqual([]);
  });

  it('says who is ahead where the corrected p is small enough, and not otherwise', () => {
    const say = (change: object): string => verdict({ ...test, ...change }, [test]);
    expect(say({})).toBe('x is ahead');
    expect(say({ difference: -0.02 })).toBe('y is ahead');
    expect(say({ adjusted: 0.06 })).toBe('no difference shown');
    expect(say({ clusters: 5, p: 0.06, adjusted: 0.06 })).toBe('too few to tell');
    // Nine clusters can show a difference between two models, but none among the pairs of nine.
    const nine = { ...test, clusters: 9, p: 2 ** -8, adjusted: 36 * 2 ** -8 };
    expect(
      verdict(
        nine,
        Array.from({ length: 36 }, () => nine),
      ),
    ).toBe('too few to tell');
  });

  it('of earlier versions were not corrected', () => {
    const { adjusted: _, ...before } = test;
    expect(verdict(before, [before])).toBe('x is ahead');
  });
});

describe('popularity on logarithmic scales', () => {
  const alpha = 2.5;
  const edges = [1, 2, 3, 5, 9, 17, 33, 65];
  const popularity = edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1] ?? from;
    let items = 0;
    for (let rows = from; rows < to; rows += 1) items += 1e6 * rows ** -alpha;
    return { from, to, count: items };
  });

  it('divides each bin by its whole numbers, so that shares add up to one', () => {
    const points = popularityPoints({ popularity });
    const total = points.reduce((sum, { y, bin }) => sum + y * (bin.to - bin.from), 0);
    expect(total).toBeCloseTo(1, 10);
    expect(points[3]?.x).toBeCloseTo(Math.sqrt(5 * 8), 10);
  });

  it('lays the fitted line through bins that follow it exactly', () => {
    const tail = popularity.slice(1).reduce((sum, bin) => sum + bin.count, 0);
    const [start, end] = fittedLine({ popularity, powerLaw: { alpha, xMin: 2, distance: 0, tail } });
    const items = popularity.reduce((sum, bin) => sum + bin.count, 0);
    expect(start?.x).toBe(2);
    expect(end?.x).toBe(64);
    // The law goes on beyond the last bin, so its line lies a little below bins that end there.
    const ratio = (start?.y ?? 0) / ((1e6 * 2 ** -alpha) / items);
    expect(ratio).toBeGreaterThan(0.98);
    expect(ratio).toBeLessThan(1);
  });

  it('draws no line where none was fitted or no bin is left', () => {
    expect(fittedLine({ popularity })).toEqual([]);
    expect(fittedLine({ popularity, powerLaw: { alpha, xMin: 1000, distance: 0, tail: 0 } })).toEqual([]);
  });
});
