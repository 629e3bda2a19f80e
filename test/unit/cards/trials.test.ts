import { describe, expect, it } from 'vitest';
import { bestOf, furthest, sortedTrials, trialOrder } from '../../../webview-ui/views/card/trials.ts';
import { initialState } from '../../../webview-ui/views/card/ui-state.ts';
import { placeOn } from '../../../webview-ui/kit/charts/axis-place.ts';
import type { TuningView } from '../../../src/protocol/tuning.ts';
import { runningTuningCard, tuningCard } from '../../fixtures/synthetic-tuning.ts';

function tuningOf({ tuning }: { tuning?: TuningView | undefined }): TuningView {
  if (tuning === undefined) throw new Error('no tuning');
  return tuning;
}
const tuning = tuningOf(tuningCard());
const state = initialState;

describe('the trials of a card', () => {
  it('stand by rung first, then by figure, until sorted otherwise', () => {
    const sorted = sortedTrials(tuning, trialOrder(state));
    expect(sorted.map(({ rung }) => rung).slice(0, 5)).toEqual([2, 2, 2, 2, 1]);
    expect(sorted[0]?.path).toBe(tuning.best);
    const by = trialOrder({ ...state, trialSort: 'trial:alpha', trialAscending: true });
    const alphas = sortedTrials(tuning, by).flatMap(({ parameters }) => parameters?.['alpha'] ?? []);
    expect(alphas).toEqual([...alphas].sort((a, b) => Number(a) - Number(b)));
  });

  it('leave out what has not begun', () => {
    expect(sortedTrials(tuningOf(runningTuningCard(4)), trialOrder(state))).toHaveLength(6);
  });

  it('are drawn once, where they were trained most', () => {
    const drawn = furthest(tuning);
    expect(drawn).toHaveLength(25);
    expect(drawn.find(({ trial }) => trial === tuning.outcome?.trial)?.rung).toBe(2);
    expect(bestOf(tuning)?.trial).toBe(tuning.outcome?.trial);
  });
});

describe('a place on an axis', () => {
  it('is linear, logarithmic, or one of a few', () => {
    expect(placeOn({ type: 'range', name: 'x', low: -1, high: 1, log: false }, 0)).toBe(0.5);
    expect(placeOn({ type: 'range', name: 'x', low: 1, high: 100, log: true }, 10)).toBeCloseTo(0.5);
    expect(placeOn({ type: 'choice', name: 'x', values: ['a', 'b'] }, 'b')).toBe(0.75);
  });

  it('stays inside, and is none for what does not belong there', () => {
    expect(placeOn({ type: 'range', name: 'x', low: 1, high: 2, log: false }, 9)).toBe(1);
    expect(placeOn({ type: 'range', name: 'x', low: 1, high: 2, log: false }, 'a')).toBeUndefined();
    expect(placeOn({ type: 'range', name: 'x', low: 1, high: 1, log: false }, 1)).toBeUndefined();
    expect(placeOn({ type: 'choice', name: 'x', values: ['a'] }, 'c')).toBeUndefined();
    expect(placeOn({ type: 'choice', name: 'x', values: ['a'] }, undefined)).toBeUndefined();
  });
});
