import { describe, expect, it } from 'vitest';
import { readParameters } from '../../../src/protocol/parameters.ts';
import { modelKinds } from '../../../src/pipeline/kinds/registry.ts';
import {
  casesOf,
  drawParameters,
  integers,
  logIntegers,
  logUniform,
  oneOf,
  uniform,
  type SearchSpace,
} from '../../../src/pipeline/kinds/fitting/search-space.ts';

const space: SearchSpace = {
  window: integers(2, 5),
  negative: logIntegers(1, 64),
  rate: logUniform(0.001, 1),
  power: uniform(-1, 1),
  shape: oneOf('a', 'b', 'c'),
  fade: casesOf('shape', { a: uniform(10, 11), b: uniform(20, 21) }),
};
const draws = Array.from({ length: 600 }, (_, trial) => drawParameters(space, {}, { seed: 7, trial }));
const numbers = (name: string): number[] =>
  draws.flatMap(({ [name]: value }) => (typeof value === 'number' ? [value] : []));
const shareBelow = (name: string, bound: number): number =>
  numbers(name).filter((value) => value < bound).length / draws.length;

describe('a search space', () => {
  it('draws inside the ranges, ends included, integers as integers', () => {
    expect(new Set(numbers('window'))).toEqual(new Set([2, 3, 4, 5]));
    expect(numbers('negative').every((value) => Number.isInteger(value))).toBe(true);
    expect([Math.min(...numbers('negative')), Math.max(...numbers('negative'))]).toEqual([1, 64]);
    expect(numbers('rate').every((value) => value >= 0.001 && value <= 1)).toBe(true);
    expect(numbers('power').every((value) => value >= -1 && value <= 1)).toBe(true);
    expect(new Set(draws.map(({ shape }) => shape))).toEqual(new Set(['a', 'b', 'c']));
  });

  it('draws evenly, on a logarithmic scale where it says so', () => {
    for (const value of [2, 3, 4, 5])
      expect(numbers('window').filter((drawn) => drawn === value).length / draws.length).toBeCloseTo(0.25, 1);
    expect(shareBelow('power', 0)).toBeCloseTo(0.5, 1);
    expect(shareBelow('rate', 0.0316)).toBeCloseTo(0.5, 1);
  });

  it('draws what depends on a choice by that choice, drawn or fixed', () => {
    for (const { shape, fade } of draws) {
      if (shape === 'c') expect(fade).toBeUndefined();
      else expect(Math.floor(Number(fade))).toBeGreaterThanOrEqual(shape === 'a' ? 10 : 20);
    }
    const fixed = drawParameters(space, { shape: 'b' }, { seed: 7, trial: 1 });
    expect(fixed).not.toHaveProperty('shape');
    expect(Number(fixed['fade'])).toBeGreaterThanOrEqual(20);
  });

  it('draws a parameter by seed, trial and name only', () => {
    const one = drawParameters(space, {}, { seed: 7, trial: 3 });
    const { window: _, ...others } = space;
    const without = drawParameters(others, {}, { seed: 7, trial: 3 });
    const { window: __, ...rest } = one;
    expect(without).toEqual(rest);
    expect(drawParameters(space, {}, { seed: 8, trial: 3 })).not.toEqual(one);
    expect(drawParameters(space, {}, { seed: 7, trial: 4 })).not.toEqual(one);
  });
});

describe.each(
  modelKinds.flatMap((kind) => (kind.search === undefined ? [] : [{ kind, search: kind.search }])),
)('the space of $kind.name', ({ kind, search }) => {
  it('draws only values that the kind accepts', () => {
    for (let trial = 0; trial < 200; trial++) {
      const drawn = drawParameters(search.space, {}, { seed: 1, trial });
      const read = readParameters(kind.parameters, { ...search.trial, ...drawn });
      expect('problems' in read ? read.problems : []).toEqual([]);
    }
  });

  it('names a length that is one of its parameters, and searches more than one', () => {
    if (search.length !== undefined) expect(kind.parameters).toHaveProperty(search.length);
    expect(Object.keys(search.space).length).toBeGreaterThan(1);
  });
});
