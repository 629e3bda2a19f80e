import { expect, it } from 'vitest';
import { endWords, statusWords } from '../../../src/pipeline/cli/output/endpoint-words.ts';

const expires = '2026-12-01T00:00:00.000Z';
const at = Date.parse(expires);

it.each([
  [{ status: 'gone', expires, clock: true }, at, 'gone: its time was over, taken away by the clock at AWS'],
  [{ status: 'gone', expires, clock: false }, at, 'gone: its time was over'],
  // Someone else took it away.
  [{ status: 'gone', expires, clock: true }, at - 1, 'gone'],
  [{ status: 'gone', expires: undefined, clock: false }, at, 'gone'],
  [{ status: 'InService', expires, clock: true }, at, 'InService'],
] as const)('%o', (endpoint, now, words) => {
  expect(statusWords(endpoint, now)).toBe(words);
});

it('an end says who brings it about', () => {
  expect(endWords({ expires, clock: true })).toBe(`${expires}, by a clock at AWS`);
  expect(endWords({ expires, clock: false })).toBe(`${expires}, by the next sweep`);
  expect(endWords({ expires: undefined, clock: false })).toBe('never');
});
