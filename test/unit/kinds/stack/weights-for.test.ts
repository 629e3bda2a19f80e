import { expect, it } from 'vitest';
import { weightsFor } from '../../../../src/pipeline/kinds/stack/weights-for.ts';

const kept = {
  features: [
    { name: 'b', spread: 2, weights: [5, 50] },
    { name: 'a', spread: 3, weights: [7, 70] },
  ],
  gates: [{ name: 'old', mean: 0.5, spread: 4 }],
};

it('puts kept weights in the order of what is computed', () => {
  const found = weightsFor('stack.json', { names: ['a', 'b'], gateNames: ['old'] }, kept);
  expect(found.features).toEqual([
    { name: 'a', spread: 3, weights: [7, 70] },
    { name: 'b', spread: 2, weights: [5, 50] },
  ]);
  expect(found.gates).toEqual(kept.gates);
});

it('gives what an earlier version did not compute no weight', () => {
  const names = { names: ['a', 'new', 'b'], gateNames: ['newer', 'old'] };
  const found = weightsFor('stack.json', names, kept);
  expect(found.features).toEqual([
    { name: 'a', spread: 3, weights: [7, 0, 70] },
    { name: 'new', spread: 1, weights: [0, 0, 0] },
    { name: 'b', spread: 2, weights: [5, 0, 50] },
  ]);
  expect(found.gates).toEqual([
    { name: 'newer', mean: 0, spread: 1 },
    { name: 'old', mean: 0.5, spread: 4 },
  ]);
});

it.each([
  ['a feature', { names: ['a'], gateNames: ['old'] }],
  ['a gate', { names: ['a', 'b'], gateNames: [] }],
])('refuses weights of %s that is not computed', (_, names) => {
  expect(() => weightsFor('stack.json', names, kept)).toThrow(/other features than its members have/);
});
