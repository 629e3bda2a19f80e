/** Containers by region, and the names that decide how long answers are. */
import { describe, expect, it } from 'vitest';
import { imageFor, knownRegions, regionsBeside } from '../../../src/pipeline/deploy/images.ts';
import { longestNames } from '../../../src/pipeline/deploy/longest-names.ts';

describe('the container of a region', () => {
  it('is known of each region, by an account of twelve digits', () => {
    const regions = knownRegions();
    expect(regions.length).toBeGreaterThan(30);
    expect(regions).toEqual([...new Set(regions)].sort());
    for (const region of regions)
      expect(imageFor(region)).toMatch(
        new RegExp(
          `^\\d{12}\\.dkr\\.ecr\\.${region}\\.amazonaws\\.com(\\.cn)?/tensorflow-inference:[\\d.]+-cpu$`,
        ),
      );
  });

  it('has the address of its partition', () => {
    expect(imageFor('cn-north-1')).toContain('.cn-north-1.amazonaws.com.cn/');
    expect(imageFor('us-gov-west-1')).toContain('.us-gov-west-1.amazonaws.com/');
  });

  it('is not known elsewhere, and what is known is named', () => {
    expect(() => imageFor('mars-1')).toThrow(
      expect.objectContaining({
        message: expect.stringContaining("'mars-1'") as unknown,
        hint: expect.stringMatching(/eu-central-1.*--image/) as unknown,
      }) as Error,
    );
  });
});

it('regions beside one are those of its partition', () => {
  expect(regionsBeside('cn-north-1')).toEqual(['cn-north-1', 'cn-northwest-1']);
  expect(regionsBeside('us-gov-east-1').every((name) => name.startsWith('us-gov-'))).toBe(true);
  const others = regionsBeside('eu-central-1');
  expect(others).toContain('us-east-1');
  expect(others.filter((name) => /^(cn|us-gov)-/.test(name))).toEqual([]);
});

describe('the longest names', () => {
  const named = (...names: string[]): Parameters<typeof longestNames>[0] => ({
    count: names.length,
    name: (code) => names[code] ?? '',
  });

  it('are as many as a list has, by their bytes as JSON', () => {
    // With its quotes: 3, 12, 4.
    const names = named('a', 'ten bytes!', 'é');
    expect([1, 2, 3].map((k) => longestNames(names, k))).toEqual([12, 16, 19]);
  });

  it('are all where there are fewer, and sorted as numbers', () => {
    expect(longestNames(named('a', 'b'.repeat(98), 'c'.repeat(7)), 100)).toBe(3 + 100 + 9);
    expect(longestNames(named('b'.repeat(98), 'c'.repeat(7)), 1)).toBe(100);
    expect(longestNames(named(), 100)).toBe(0);
  });

  it('count what JSON writes longer', () => {
    expect(longestNames(named('"\n'), 1)).toBe(6);
  });
});
