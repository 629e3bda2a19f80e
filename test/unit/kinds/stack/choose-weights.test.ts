import { describe, expect, test } from 'vitest';
import {
  chooseStage,
  type ChoiceRequest,
  type ChosenWeights,
  type Stage,
} from '../../../../src/pipeline/kinds/stack/choose-weights.ts';
import { ListwiseGradient } from '../../../../src/pipeline/kinds/stack/listwise-gradient.ts';
import type { StackTable } from '../../../../src/pipeline/kinds/stack/stack-table.ts';
import { meanMetric } from '../../../../src/pipeline/metrics/rank-metrics.ts';
import { normalStream } from '../../support/random-numbers.ts';
import { stackTable } from '../../support/stack-table.ts';

const WIDTH = 3;
const CANDIDATES = 6;
/** The weight without gates, and one each of two gates. */
const PER_FEATURE = 3;
const METRIC = 'hitRate@1';

interface NoiseOptions {
  readonly queries: number;
  readonly seed: number;
  readonly perCluster?: number;
  /** What is added to each feature of the target. */
  readonly lift: (feature: number, gates: readonly number[]) => number;
}

/** The first feature is the only member's own score, and says something; the first of two gates is the length's. */
function noisy({ queries, seed, perCluster = 1, lift }: NoiseOptions): StackTable {
  const normal = normalStream(seed);
  return stackTable(
    Array.from({ length: queries }, (_, q) => {
      const gates = [normal(), normal()].map(Math.sign);
      const target = q % CANDIDATES;
      const rows = Array.from({ length: CANDIDATES }, (__, i) =>
        Array.from(
          { length: WIDTH },
          (___, f) => normal() + (i === target ? (f === 0 ? 1 : lift(f, gates)) : 0),
        ),
      );
      return { rows, gates, target, cluster: Math.floor(q / perCluster) };
    }),
    WIDTH,
  );
}

function choose(table: StackTable, request: Partial<ChoiceRequest> = {}): Promise<ChosenWeights> {
  const first = (_: unknown, f: number): number => (f === 0 ? 1 : 0);
  return chooseStage({
    ...{ table, metric: METRIC, seed: 1 },
    start: Float64Array.from({ length: table.width }, first),
    own: Uint8Array.from({ length: table.width }, first),
    progress: () => undefined,
    pause: () => Promise.resolve(),
    ...request,
  });
}

function valueOf({ crossFitted }: ChosenWeights, stage: Stage): number {
  return crossFitted.find((one) => one.stage === stage)?.value ?? NaN;
}

function valueOnAll(table: StackTable, { units, weights }: ChosenWeights): number {
  const ranking = new ListwiseGradient(table, units);
  return meanMetric(
    METRIC,
    Int32Array.from(table.targets, (_, q) => ranking.rank(q, weights)),
  );
}

describe('the stage', () => {
  test('is mostly that of the members where all else is noise, and moves little where it is not', async () => {
    const sets = Array.from({ length: 10 }, (_, seed) => noisy({ queries: 400, seed, lift: () => 0 }));
    const all = await Promise.all(sets.map((table) => choose(table)));
    const members = all.filter(({ stage }) => stage === 'members');
    // A standard error is a low bar: by chance about one set in five is ahead by more.
    expect(members.length).toBeGreaterThanOrEqual(7);
    for (const { weights } of members)
      expect([...weights.subarray(1)].every((weight) => weight === 0)).toBe(true);
    for (const { weights } of all)
      expect(Math.max(...weights.subarray(PER_FEATURE).map(Math.abs))).toBeLessThan(0.15);
  });

  test('is that of all features where one of them says more', async () => {
    const chosen = await choose(noisy({ queries: 600, seed: 1, lift: (f) => (f === 2 ? 3 : 0) }));
    expect(chosen.stage).not.toBe('members');
    expect(valueOf(chosen, 'features')).toBeGreaterThan(valueOf(chosen, 'members') + 0.2);
  });

  test('is that of the length where a feature matters by the length', async () => {
    const lift = (f: number, [length = 0]: readonly number[]): number => (f === 1 ? 5 * length : 0);
    const chosen = await choose(noisy({ queries: 600, seed: 1, lift }));
    expect(chosen.stage).toBe('length');
    expect(valueOf(chosen, 'length')).toBeGreaterThan(valueOf(chosen, 'features') + 0.2);
  });

  const byOther = (f: number, [, other = 0]: readonly number[]): number => (f === 1 ? 5 * other : 0);

  test('is that of all gates where a feature matters by another', async () => {
    const chosen = await choose(noisy({ queries: 2000, seed: 1, perCluster: 20, lift: byOther }));
    expect(chosen.stage).toBe('gates');
    expect(valueOf(chosen, 'gates')).toBeGreaterThan(0.9);
    expect(valueOf(chosen, 'length')).toBeLessThan(0.6);
  });

  test.each([
    ['queries', { queries: 1999, perCluster: 1 }],
    ['clusters', { queries: 2058, perCluster: 42 }],
  ])('is never that of all gates where there are too few %s', async (_, size) => {
    const chosen = await choose(noisy({ ...size, seed: 1, lift: byOther }));
    expect(chosen.crossFitted.map(({ stage }) => stage)).toEqual(['members', 'features', 'length']);
  });

  test('keeps the start where there are no queries at all', async () => {
    const chosen = await choose(stackTable([], WIDTH));
    expect(chosen.stage).toBe('members');
    expect([...chosen.weights]).toEqual([1, 0, 0]);
  });
});

describe('cross-fitting', () => {
  /** In each cluster a feature of its own tells the target, by a sign of its own. */
  const CLUSTERS = 24;
  const normal = normalStream(8);
  const signs = Array.from({ length: CLUSTERS }, () => Math.sign(normal()));
  const table = stackTable(
    Array.from({ length: CLUSTERS * 20 }, (_, q) => {
      const cluster = q % CLUSTERS;
      const target = Math.floor(q / CLUSTERS) % CANDIDATES;
      const rows = Array.from({ length: CANDIDATES }, (__, i) =>
        Array.from({ length: CLUSTERS + 1 }, (___, f) =>
          f === 0 ? normal() : f === cluster + 1 && i === target ? (signs[cluster] ?? 0) : 0,
        ),
      );
      return { rows, target, cluster };
    }),
    CLUSTERS + 1,
  );

  test('never fits on the cluster it measures', async () => {
    const chosen = await choose(table);
    expect(chosen.stage).toBe('members');
    expect(valueOf(chosen, 'features')).toBeLessThan(0.3);
    // Who had fitted on the same clusters would have won.
    const leaked = await choose({ ...table, cluster: Uint32Array.from(table.targets.keys()) });
    expect(leaked.stage).not.toBe('members');
    expect(valueOf(leaked, 'features')).toBeGreaterThan(0.6);
    expect(valueOnAll(table, leaked)).toBeGreaterThan(0.6);
  });

  test('gives each query a rank by the weights of the other half, whatever the order of the table', async () => {
    const one = await choose(table);
    expect(await choose(table)).toEqual(one);
  });
});
