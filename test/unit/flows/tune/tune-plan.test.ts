import { describe, expect, it } from 'vitest';
import type { RunManifest } from '../../../../src/protocol/run.ts';
import { planRun } from '../../../../src/pipeline/flow/plan.ts';
import { deadlineOf } from '../../../../src/pipeline/flows/tune/budget.ts';
import { withGivenSearch } from '../../../../src/pipeline/flows/tune/given-search.ts';
import { planRungs } from '../../../../src/pipeline/flows/tune/rungs.ts';
import { tuneFlow } from '../../../../src/pipeline/flows/tune/tune-flow.ts';
import { planTuneRun } from '../../../../src/pipeline/flows/tune/tune-plan.ts';
import { tuningPlan } from '../../../../src/pipeline/flows/tune/tuning-plan.ts';
import { prod2vec } from '../../../../src/pipeline/kinds/prod2vec/kind.ts';
import { toyManifest } from '../../support/toy-store.ts';

const plan = (given: Record<string, unknown>) => planTuneRun(given, { hasGroups: true });
/** The steps after the trials: the winner and the baselines are trained and measured. */
const LAST = (...models: readonly string[]): string[] => [
  ...['train', 'test'].flatMap((step) => models.map((model) => `${step}/${model}`)),
  'report',
];

function manifest(given: Record<string, unknown>): RunManifest {
  const { parameters, models } = plan(given);
  return toyManifest({ flow: 'tune', parameters, models: [...models], given: Object.keys(given) });
}
const keys = (given: Record<string, unknown>): Map<string, string> =>
  new Map(planRun(tuneFlow, manifest(given), 'report').map(({ path, key }) => [path, key]));

describe('the rungs', () => {
  it.each([
    [27, [27, 9, 3]],
    [81, [81, 27, 9]],
    [10, [10, 4, 2]],
    [9, [9, 3, 1]],
    [8, [8, 3]],
    [3, [3, 1]],
    [2, [2]],
    [1, [1]],
  ])('of %i trials have places for a third each', (trials, places) => {
    const rungs = planRungs(trials, true);
    expect(rungs.map((rung) => rung.places)).toEqual(places);
    expect(rungs.map((rung) => rung.share)).toEqual(places.map((_, rung) => 3 ** (rung - places.length + 1)));
  });

  it('without halving are one', () => {
    expect(planRungs(27, false)).toMatchObject([{ step: 'explore', places: 27, share: 1 }]);
  });

  it('share the time out evenly', () => {
    expect([0, 1, 2].map((rung) => deadlineOf(6, rung, 3))).toEqual([120, 240, 360]);
  });
});

describe('the plan of a tuning', () => {
  it('begins with what a run without tuning would train, its own tuning included', () => {
    const [start, ...others] = plan({ model: 'sequential-item-knn', trials: 5 }).models;
    expect(start).toMatchObject({ name: 'trial-001', parameters: { tune: true, delta: 0.9 }, given: [] });
    for (const trial of others) expect(trial.parameters['tune']).toBe(false);
    expect(new Set(others.map(({ parameters }) => parameters['delta'])).size).toBe(4);
  });

  it('keeps what is given in every trial', () => {
    for (const { parameters } of plan({ model: 'prod2vec', trials: 9, window: 7 }).models)
      expect(parameters['window']).toBe(7);
  });

  it('is the same for the same seed, and keeps its trials when there are more', () => {
    const nine = plan({ model: 'prod2vec', trials: 9 }).models;
    expect(plan({ model: 'prod2vec', trials: 9 }).models).toEqual(nine);
    expect(plan({ model: 'prod2vec', trials: 20 }).models.slice(0, 9)).toEqual(nine);
    expect(plan({ model: 'prod2vec', trials: 9, seed: 1 }).models).not.toEqual(nine);
    const [before, after] = [keys({ model: 'prod2vec', trials: 9 }), keys({ model: 'prod2vec', trials: 20 })];
    for (const [path, key] of before) if (path.startsWith('explore/')) expect(after.get(path)).toBe(key);
    expect(after.get('refine/place-1')).not.toBe(before.get('refine/place-1'));
  });

  it('shortens the training in all rungs but the last', () => {
    const tasks = planRun(tuneFlow, manifest({ model: 'prod2vec', trials: 9, epochs: 30 }), 'report');
    const explored = tasks.filter((task) => task.step.name === 'explore');
    expect(explored.map((task) => task.branch?.parameters['epochs'])).toEqual(explored.map(() => 3));
    expect(tasks.map(({ path }) => path).slice(10)).toEqual([
      ...['refine/place-1', 'refine/place-2', 'refine/place-3', 'settle/place-1', 'settle/start'],
      ...LAST('prod2vec-tuned', 'popularity', 'markov', 'sequential-item-knn'),
    ]);
  });

  it('has one rung for a kind without training', () => {
    const paths = planRun(tuneFlow, manifest({ model: 'sequential-item-knn', trials: 27 }), 'report').map(
      ({ path }) => path,
    );
    expect(paths.filter((path) => path.startsWith('explore/'))).toHaveLength(27);
    const last = LAST('sequential-item-knn-tuned', 'popularity', 'markov');
    expect(paths.slice(-1 - last.length)).toEqual(['explore/trial-027', ...last]);
  });

  it('plans for many trials where only a time is given', () => {
    expect(plan({ model: 'prod2vec', minutes: 5 }).models).toHaveLength(81);
    expect(plan({ model: 'prod2vec', minutes: 5, trials: 12 }).models).toHaveLength(12);
    expect(plan({ model: 'prod2vec' }).models).toHaveLength(27);
  });

  it('does not make trials anew when only the budget changes', () => {
    const [short, long] = [keys({ model: 'prod2vec', minutes: 1 }), keys({ model: 'prod2vec', minutes: 9 })];
    expect(long).toEqual(short);
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{}, /No model kind to tune was named/],
    [{ model: 'popularity' }, /'popularity' has nothing to tune/],
    [{ model: 'nonsense' }, /no model kind 'nonsense'/],
    [{ model: 'sequential-item-knn', window: 3 }, /--window: not a parameter of sequential-item-knn/],
    [{ model: 'prod2vec', trials: 0 }, /trials must be an integer from 1 to 999/],
    [{ model: 'prod2vec', search: '{' }, /--search: it is not JSON/],
    [{ model: 'prod2vec', search: '{"window":[]}' }, /each parameter needs a list of values/],
    [{ model: 'prod2vec', search: '{"widow":[1,2]}' }, /'widow' is no parameter of this kind/],
    [{ model: 'prod2vec', search: '{"window":[0,9]}' }, /window must be an integer from 1 to 1000, not 0/],
  ])('refuses %j', (given, message) => {
    expect(() => plan(given)).toThrow(message);
  });
});

describe('given ranges', () => {
  const given = (search: string) =>
    withGivenSearch(prod2vec.search?.space ?? {}, prod2vec.parameters, search);

  it('narrow the ranges of the kind on its own scale', () => {
    expect(given('{"window":[2,6],"ns_exponent":[-0.5,0.5]}')).toMatchObject({
      window: { type: 'integer', low: 2, high: 6, log: true },
      nsExponent: { type: 'number', low: -0.5, high: 0.5, log: false },
    });
  });

  it('may be lists of values, or say their scale', () => {
    expect(
      given('{"vectorSize":[16,32,64],"architecture":["cbow"],"alpha":{"low":0.01,"high":0.1,"log":false}}'),
    ).toMatchObject({
      vectorSize: { type: 'choice', values: [16, 32, 64] },
      architecture: { type: 'choice', values: ['cbow'] },
      alpha: { type: 'number', low: 0.01, high: 0.1, log: false },
    });
  });

  it('add parameters that the kind does not search by itself', () => {
    expect(given('{"minAlpha":[0.00001,0.01]}')).toMatchObject({
      minAlpha: { type: 'number', low: 0.00001, high: 0.01, log: true },
    });
  });

  it('are the axes of the plot, without what was given a value', () => {
    const { axes, rungs } = tuningPlan(
      manifest({ model: 'prod2vec', window: 5, search: '{"minAlpha":[0,0.01]}' }),
    );
    expect(axes.map(({ name }) => name)).not.toContain('window');
    expect(axes).toContainEqual({ type: 'range', name: 'minAlpha', low: 0, high: 0.01, log: false });
    expect(rungs).toHaveLength(3);
  });

  it('span all cases of a parameter that depends on another', () => {
    const { axes } = tuningPlan(manifest({ model: 'sequential-item-knn' }));
    expect(axes).toContainEqual({ type: 'range', name: 'fade', low: 0.15, high: 3.5, log: false });
  });
});
