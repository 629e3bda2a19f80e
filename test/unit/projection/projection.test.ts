import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { clustersOf } from '../../../src/pipeline/projection/clusters.ts';
import { projectionFolder, projectionKey } from '../../../src/pipeline/projection/kept-projection.ts';
import type { MapVectors } from '../../../src/pipeline/projection/map-vectors.ts';
import { principalComponents } from '../../../src/pipeline/projection/pca.ts';
import { projectionOf } from '../../../src/pipeline/projection/project.ts';
import { ProjectionJobs } from '../../../src/pipeline/projection/projection-jobs.ts';
import { projectInThread } from '../../../src/pipeline/projection/projection-thread.ts';
import { trustSample, trustworthiness } from '../../../src/pipeline/projection/trustworthiness.ts';
import { normalise } from '../../../src/pipeline/neighbours/normalise.ts';
import { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { seededRandom } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import { patience } from '../support/patience.ts';

const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const NEVER = new AbortController().signal;

/** Vectors around a few centres. */
function clustered(rows: number, dimension = 12, centres = 5): MapVectors {
  const random = seededRandom(11);
  const middle = Float32Array.from({ length: centres * dimension }, () => random() * 2 - 1);
  const values = new Float32Array(new SharedArrayBuffer(rows * dimension * 4));
  for (let i = 0; i < values.length; i++) {
    const centre = Math.floor(i / dimension) % centres;
    values[i] = (middle[centre * dimension + (i % dimension)] ?? 0) + 0.4 * (random() - 0.5);
  }
  normalise(values, dimension);
  return { items: Int32Array.from({ length: rows }, (_, i) => i), dimension, values, withoutDirection: 0 };
}

describe('PCA', () => {
  it('finds the two directions of most variance, whichever way the space is turned', () => {
    // Independent numbers with standard deviations 5, 3 and 1 along three orthogonal axes.
    const random = seededRandom(5);
    const rows = 400;
    const [a, b] = [Math.SQRT1_2, Math.SQRT1_2];
    const truth: [number, number][] = [];
    const values = new Float32Array(rows * 3);
    for (let row = 0; row < rows; row++) {
      const [u, v, w] = [5, 3, 1].map((width) => width * (random() + random() + random() - 1.5));
      truth.push([u ?? 0, v ?? 0]);
      values.set([a * (u ?? 0) - b * (v ?? 0), b * (u ?? 0) + a * (v ?? 0), w ?? 0], row * 3);
    }
    const found = principalComponents({ values, dimension: 3 });
    for (const axis of [0, 1] as const) {
      const own = Array.from({ length: rows }, (_, row) => found[row * 2 + axis] ?? 0);
      expect(
        Math.abs(
          correlation(
            own,
            truth.map((pair) => pair[axis]),
          ),
        ),
      ).toBeGreaterThan(0.99);
    }
  });

  it('keeps the distances of what lies in a plane', () => {
    const random = seededRandom(9);
    const flat = Array.from({ length: 50 }, () => [random(), random()] as const);
    const values = Float32Array.from(flat.flatMap(([x, y]) => [0.6 * x, 0.8 * x, y, 7]));
    const found = principalComponents({ values, dimension: 4 });
    for (let row = 1; row < 50; row++) {
      const [before, own] = [flat[row - 1] ?? [0, 0], flat[row] ?? [0, 0]];
      const wanted = Math.hypot(own[0] - before[0], own[1] - before[1]);
      const got = Math.hypot(
        (found[row * 2] ?? 0) - (found[row * 2 - 2] ?? 0),
        (found[row * 2 + 1] ?? 0) - (found[row * 2 - 1] ?? 0),
      );
      expect(got).toBeCloseTo(wanted, 4);
    }
  });

  it('places vectors of one dimension on a line, and one vector anywhere', () => {
    expect([...principalComponents({ values: Float32Array.of(1, 3), dimension: 1 })]).toEqual([-1, 0, 1, 0]);
    expect(
      [...principalComponents({ values: Float32Array.of(1, 2), dimension: 2 })].every(Number.isFinite),
    ).toBe(true);
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (of: readonly number[]): number => of.reduce((sum, x) => sum + x, 0) / of.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number): number =>
    x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] ?? 0) - my), 0);
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
}

describe('trustworthiness', () => {
  it('is 1 of a picture that keeps all nearness, and what its formula says of one that does not', () => {
    const rows = 40;
    // Unequal steps, so that no two distances are equal.
    const angle = (row: number): number => (row / rows) ** 1.3 * 3;
    const values = Float32Array.from({ length: rows * 2 }, (_, i) =>
      i % 2 === 0 ? Math.cos(angle(i >> 1)) : Math.sin(angle(i >> 1)),
    );
    const line = Float32Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 0 ? angle(i >> 1) : 0));
    const random = seededRandom(4);
    const noise = Float32Array.from({ length: rows * 2 }, () => random());
    const figures = trustworthiness(values, 2, [line, noise], 5, trustSample(rows, 1));
    expect(figures?.[0]).toBeCloseTo(1, 10);
    expect(figures?.[1]).toBeCloseTo(plainTrustworthiness(values, noise, rows, 5), 6);
  });

  it('is not told of too few items', () => {
    expect(
      trustworthiness(new Float32Array(8), 2, [new Float32Array(8)], 15, trustSample(4, 1)),
    ).toBeUndefined();
  });
});

/** By the formula, with all ranks sorted out. */
function plainTrustworthiness(values: Float32Array, picture: Float32Array, rows: number, k: number): number {
  const order = (row: number, distance: (other: number) => number): number[] =>
    [...Array(rows).keys()].filter((other) => other !== row).sort((a, b) => distance(a) - distance(b));
  const away = (of: Float32Array, a: number, b: number): number =>
    Math.hypot((of[a * 2] ?? 0) - (of[b * 2] ?? 0), (of[a * 2 + 1] ?? 0) - (of[b * 2 + 1] ?? 0));
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const ranks = order(row, (other) => away(values, row, other));
    for (const other of order(row, (one) => away(picture, row, one)).slice(0, k))
      sum += Math.max(0, ranks.indexOf(other) + 1 - k);
  }
  return 1 - (2 * sum) / (rows * k * (2 * rows - 3 * k - 1));
}

describe('clusters', () => {
  it('are those the vectors were made of, the same every time', () => {
    const { values, dimension } = clustered(100, 12, 5);
    const found = clustersOf(values, dimension, 1);
    expect(clustersOf(values, dimension, 1)).toEqual(found);
    // Seven are looked for: each is part of one of the five.
    for (let row = 0; row < 100; row++)
      for (let other = row + 1; other < 100; other++)
        if (found.ofRow[row] === found.ofRow[other]) expect(other % 5).toBe(row % 5);
    expect(found.typical.every((rows) => rows.length > 0)).toBe(true);
  });

  it('stand few and equal items', () => {
    expect([...clustersOf(Float32Array.of(1, 0), 2, 1).ofRow]).toEqual([0]);
    const same = Float32Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 1 : 0));
    expect(clustersOf(same, 2, 1).ofRow).toHaveLength(30);
  });
});

describe('a projection', () => {
  const run = new RunFolder(path.join(folder, 'run'));
  fs.mkdirSync(run.folder);
  const vectors = clustered(300);

  it('is the same for the same seed, another for another, and better than PCA', async () => {
    const question = { method: 'umap', rows: 300 } as const;
    const [first, again, other] = await Promise.all([
      projectInThread(vectors, { ...question, seed: 1 }, NEVER),
      projectInThread(vectors, { ...question, seed: 1 }, NEVER),
      projectInThread(vectors, { ...question, seed: 2 }, NEVER),
    ]);
    expect(again).toEqual(first);
    expect(other.positions).not.toEqual(first.positions);
    expect(first.quality?.trustworthiness).toBeGreaterThan(first.quality?.pca ?? 1);
  });

  it.each(['umap', 'tsne', 'pca'] as const)('by %s places five items', async (method) => {
    const few = clustered(5);
    const { positions, quality } = await projectInThread(few, { method, rows: 5, seed: 1 }, NEVER);
    expect(positions).toHaveLength(10);
    expect(positions.every(Number.isFinite)).toBe(true);
    expect(quality).toBeUndefined();
  });

  it('moves while it is made, and ends within a second when nobody waits', async () => {
    const many = clustered(3000, 24);
    const cancel = new AbortController();
    const seen: number[] = [];
    let asked = 0;
    const made = projectInThread(
      many,
      { method: 'umap', rows: 3000, seed: 1 },
      cancel.signal,
      (progress, positions) => {
        if (positions === undefined) return;
        seen.push(progress.epoch);
        asked = performance.now();
        cancel.abort();
      },
    );
    await expect(made).rejects.toThrow('given up');
    expect(performance.now() - asked).toBeLessThan(patience(1000));
    expect(seen[0]).toBeGreaterThan(0);
    // Also in the middle of finding neighbours, which is one call that does not look up.
    const early = new AbortController();
    const waiting = projectInThread(many, { method: 'umap', rows: 3000, seed: 1 }, early.signal, () => {
      asked = performance.now();
      early.abort();
    });
    await expect(waiting).rejects.toThrow('given up');
    expect(performance.now() - asked).toBeLessThan(patience(1000));
  });

  it('is kept beside the run, read again, and made anew where it was damaged', async () => {
    const question = { model: 'm', method: 'pca' } as const;
    const made = await projectionOf(run, vectors, question, NEVER);
    expect(made).toMatchObject({ kept: false, method: 'pca' });
    const read = await projectionOf(run, vectors, question, NEVER);
    expect(read).toEqual({ ...made, kept: true });
    const key = await projectionKey(vectors, { method: 'pca', seed: 42, rows: 300 });
    const place = projectionFolder(run, key);
    expect(fs.readdirSync(place).sort()).toEqual(['map.json', 'positions.npy']);
    const positions = path.join(place, 'positions.npy');
    const whole = fs.readFileSync(positions);
    for (const damage of [whole.subarray(0, 100), Buffer.alloc(whole.length), Buffer.alloc(0)]) {
      fs.writeFileSync(positions, damage);
      expect(await projectionOf(run, vectors, question, NEVER)).toMatchObject({ kept: false });
      expect(fs.readFileSync(positions)).toEqual(whole);
    }
    fs.writeFileSync(path.join(place, 'map.json'), '{"format": 1}');
    expect(await projectionOf(run, vectors, question, NEVER)).toMatchObject({ kept: false });
    fs.rmSync(path.join(place, 'map.json'));
    expect(await projectionOf(run, vectors, question, NEVER)).toMatchObject({ kept: false });
  });

  it('of other vectors, seeds and numbers of items has another place', async () => {
    const same = { method: 'umap', seed: 1, rows: 300 } as const;
    const keys = await Promise.all([
      projectionKey(vectors, same),
      projectionKey(clustered(300, 12, 4), same),
      projectionKey(vectors, { ...same, seed: 2 }),
      projectionKey(vectors, { ...same, rows: 200 }),
      projectionKey(vectors, { ...same, method: 'tsne' }),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('does not bring back a run that was deleted meanwhile', async () => {
    const gone = new RunFolder(path.join(folder, 'gone'));
    const made = await projectionOf(gone, vectors, { model: 'm', method: 'pca' }, NEVER);
    expect(made.notKept).toContain('ENOENT');
    expect(fs.existsSync(gone.folder)).toBe(false);
  });

  it('is shown where it cannot be kept, with a word', async () => {
    const file = path.join(folder, 'a-file');
    fs.writeFileSync(file, '');
    const made = await projectionOf(new RunFolder(file), vectors, { model: 'm', method: 'pca' }, NEVER);
    expect(made).toMatchObject({ kept: false });
    expect(made.notKept).toBeDefined();
  });

  it('that cannot be kept leaves nothing beside the run', async () => {
    const full = new RunFolder(path.join(folder, 'full'));
    const key = await projectionKey(vectors, { method: 'pca', seed: 42, rows: 300 });
    // Where a file must go stands a folder.
    fs.mkdirSync(path.join(projectionFolder(full, key), 'positions.npy'), { recursive: true });
    const made = await projectionOf(full, vectors, { model: 'm', method: 'pca' }, NEVER);
    expect(made.notKept).toBeDefined();
    expect(fs.readdirSync(full.folder)).toEqual([]);
  });

  it('needs some items', async () => {
    const few = { ...clustered(4), items: Int32Array.of(0, 1, 2, 3) };
    await expect(projectionOf(run, few, { model: 'm', method: 'umap' }, NEVER)).rejects.toThrow(
      'at least 5 items',
    );
  });
});

describe('projections that are being made', () => {
  const made = { positions: new Float32Array(2), seconds: 1, method: 'pca', seed: 1, kept: false } as const;

  it('are made once for all who wait, and given up when the last leaves', async () => {
    const jobs = new ProjectionJobs();
    let started = 0;
    let aborted = false;
    const make = (signal: AbortSignal): Promise<typeof made> => {
      started++;
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('given up'));
        });
      });
    };
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = [jobs.run('k', first.signal, make), jobs.run('k', second.signal, make)];
    expect(jobs.now('k')).toMatchObject({ version: 0, progress: { stage: 'starting' } });
    first.abort();
    expect(aborted).toBe(false);
    second.abort();
    expect(aborted).toBe(true);
    await Promise.all(waiting.map((one) => expect(one).rejects.toThrow('given up')));
    expect(started).toBe(1);
    expect(jobs.now('k')).toBeUndefined();
    expect(await jobs.run('k', new AbortController().signal, () => Promise.resolve(made))).toBe(made);
  });
});
