/** What paired tests say, for any two models and either way round. */
import type { PairedTest } from '../../src/protocol/report.ts';

/** The tests of a against b, whichever way round they were made: the difference is always a − b. */
export function testsBetween(tests: readonly PairedTest[], a: string, b: string): PairedTest[] {
  return tests.flatMap((test) => {
    if (test.a === a && test.b === b) return [test];
    if (test.a === b && test.b === a)
      return [{ ...test, a, b, difference: -test.difference, low: -test.high, high: -test.low }];
    return [];
  });
}

/** What a test says, in words: an interval that holds zero is no difference. */
export function verdict({ a, b, low, high }: PairedTest): string {
  if (low > 0) return `${a} is ahead`;
  return high < 0 ? `${b} is ahead` : 'within noise';
}
