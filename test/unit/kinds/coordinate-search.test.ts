import { describe, expect, test } from 'vitest';
import { searchCoordinates } from '../../../src/pipeline/kinds/fitting/coordinate-search.ts';

interface Setting {
  readonly a: number;
  readonly b: number;
}

const search = (fixed: readonly string[], measured: Setting[] = []) => ({
  start: { a: 0, b: 0 },
  groups: [
    [{ a: 1 }, { a: 2 }, { a: 0 }],
    [{ b: 3 }, { b: 5 }],
  ],
  fixed: new Set(fixed),
  measure: (setting: Setting) => {
    measured.push(setting);
    return 9 - Math.abs(setting.a - 2) - Math.abs(setting.b - 3);
  },
  progress: () => undefined,
});

describe('search of one coordinate after the other', () => {
  test('goes on from the best of each group', async () => {
    expect(await searchCoordinates(search([]))).toEqual({
      parameters: { a: 2, b: 3 },
      value: 9,
      settings: 6,
    });
  });

  test('leaves what is given, and measures nothing twice that changes nothing', async () => {
    const measured: Setting[] = [];
    const { parameters } = await searchCoordinates(search(['b'], measured));
    expect(parameters).toEqual({ a: 2, b: 0 });
    expect(measured).toEqual([
      { a: 0, b: 0 },
      { a: 1, b: 0 },
      { a: 2, b: 0 },
    ]);
  });

  test('a group may depend on what stands by then, and progress never runs past its end', async () => {
    const seen: [number, number][] = [];
    const dependent = (least: number) => ({
      ...search([]),
      groups: [[{ a: 1 }, { a: 2 }], ({ a }: Setting) => (a >= least ? [{ b: 3 }, { b: 4 }] : [])],
      progress: (done: number, total: number): undefined => void seen.push([done, total]),
    });
    expect((await searchCoordinates(dependent(2))).parameters).toEqual({ a: 2, b: 3 });
    expect((await searchCoordinates(dependent(3))).parameters).toEqual({ a: 2, b: 0 });
    for (const [done, total] of seen) expect(done).toBeLessThanOrEqual(total);
  });

  test('what stands wins ties', async () => {
    const flat = { ...search([]), measure: () => 1 };
    expect((await searchCoordinates(flat)).parameters).toEqual({ a: 0, b: 0 });
  });
});
