import { describe, expect, it, vi } from 'vitest';
import { StepReporter } from '../../../src/pipeline/flow/step-reporter.ts';
import { planRun } from '../../../src/pipeline/flow/plan.ts';
import { RunMeter } from '../../../src/pipeline/cli/output/run-meter.ts';
import { progressOfRun, runProgress, stepShare } from '../../../src/pipeline/views/run-progress.ts';
import { formatPace, roughSeconds } from '../../../src/protocol/text/format.ts';
import type { ProgressEvent, StepEvent } from '../../../src/protocol/events.ts';
import type { StepView } from '../../../src/protocol/run-view.ts';
import { toyFlow } from '../support/toy-flow.ts';
import { temporaryStore, toyManifest } from '../support/toy-store.ts';

/** The shares that a step tells while it goes through these calls. */
function sharesOf(calls: readonly [stage: string, done: number, total: number, unit: string][]): number[] {
  const shares: number[] = [];
  const reporter = new StepReporter((event) => {
    if (event.type === 'progress') shares.push(stepShare(event));
  });
  for (const call of calls) reporter.progress(...call);
  return shares;
}

describe('a step', () => {
  it('never goes back, though each of its stages begins at nothing', () => {
    const shares = sharesOf([
      ['tuning on validation', 4, 10, 'trainings'],
      ['head 1 of 2, epoch 1 of 1', 100, 100, 'positions'],
      ['head 2 of 2, epoch 1 of 1', 0, 100, 'positions'],
      ['head 2 of 2, epoch 1 of 1', 100, 100, 'positions'],
      ['choosing weights on validation', 0, 0, 'queries'],
    ]);
    expect(shares).toHaveLength(5);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares[0]).toBeCloseTo(0.36);
    expect(shares.at(-1)).toBeLessThan(1);
  });

  it('moves evenly through the one stretch that most have', () => {
    const shares = sharesOf([
      ['epoch 1 of 2', 10, 20, 'rows'],
      ['epoch 2 of 2', 20, 20, 'rows'],
    ]);
    expect(shares).toEqual([0.45, 0.9]);
  });

  it('of an earlier version tells the share of its stage', () => {
    const progress: ProgressEvent = { type: 'progress', stage: 's', done: 1, total: 4, unit: 'rows' };
    expect(stepShare(progress)).toBe(0.25);
    expect(stepShare({ ...progress, total: 0 })).toBe(0);
  });
});

describe('a run', () => {
  it('tells the time left from what was done since it was started, not from what it took over', () => {
    const tasks = [
      { weight: 6, share: 1, before: true },
      { weight: 2, share: 1, before: false },
      { weight: 2, share: 0, before: false },
    ];
    expect(runProgress(tasks, 30)).toEqual({ fraction: 0.8, secondsLeft: 30 });
  });

  it('says no time left before there is a pace', () => {
    const task = { weight: 1, share: 0.5, before: false };
    expect(runProgress([task], 1)).toEqual({ fraction: 0.5 });
    expect(runProgress([{ ...task, share: 0.01 }], 60)).toEqual({ fraction: 0.01 });
    expect(runProgress([], 60)).toEqual({ fraction: 0 });
  });

  const manifest = toyManifest();
  const tasks = planRun(toyFlow, manifest, toyFlow.steps.at(-1)?.name ?? '');
  const drive = { started: '2026-11-22T12:00:00.000Z' };
  const stepsIn = (state: StepView['state'], started: string): StepView[] =>
    tasks.map(({ path }) => ({
      ...{ path, step: path, title: path, state, started, attempt: 1 },
      ...{ warnings: [], metrics: {}, artifacts: [] },
    }));

  it('does not go back when a branch fails', () => {
    const now = '2026-11-22T12:01:00.000Z';
    expect(progressOfRun('running', tasks, stepsIn('failed', now), drive).fraction).toBe(1);
  });

  it('does not count what failed before it was resumed, and is tried again', () => {
    const before = '2026-11-22T11:00:00.000Z';
    expect(progressOfRun('running', tasks, stepsIn('failed', before), drive).fraction).toBe(0);
    expect(progressOfRun('running', tasks, stepsIn('succeeded', before), drive)).toEqual({ fraction: 1 });
  });

  it('shows the same in the terminal, from its events', async () => {
    const { store, remove } = temporaryStore();
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const run = await store.createRun(manifest, { tags: [], starred: false });
      const meter = new RunMeter(run, tasks);
      expect(meter.line()).toBe('run 0 %');
      const half: StepEvent = {
        ...{ type: 'progress', stage: 's', done: 1, total: 2, unit: 'x', share: 0.5 },
      };
      for (const { path } of tasks) meter.event(path, half);
      vi.advanceTimersByTime(120_000);
      expect(meter.line()).toBe('run 50 % · about 2 min left');
      for (const { path } of tasks) meter.event(path, { type: 'state', state: 'failed' });
      expect(meter.line()).toMatch(/^run 100 %/);
    } finally {
      vi.useRealTimers();
      remove();
    }
  });
});

describe('figures of progress', () => {
  it.each([
    [1_234_567, 'words', '1.2 M words/s'],
    [0.04, 'trainings', '2 trainings/min'],
    [0.5, 'trainings', '30 trainings/min'],
    [0.002, 'trainings', '7 trainings/h'],
    [0.0001, 'trainings', ''],
  ])('a pace of %d %s is "%s"', (rate, unit, text) => expect(formatPace(rate, unit)).toBe(text));

  it.each([
    [3, '10 s'],
    [44, '40 s'],
    [58, '1 min'],
    [200, '3 min'],
    [7200, '2 h'],
    [8000, '2 h 10 min'],
  ])('%d seconds left are about %s', (seconds, text) => expect(roughSeconds(seconds)).toBe(text));
});
