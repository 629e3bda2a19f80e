/** What paired tests say, for any two models and either way round. */
import { aheadIn, cannotTell, type PairedTest } from '../../../src/protocol/report.ts';

/** The tests of a against b, whichever way round they were made: the difference is always a − b. */
export function testsBetween(tests: readonly PairedTest[], a: string, b: string): PairedTest[] {
  return tests.flatMap((test) => {
    if (test.a === a && test.b === b) return [test];
    if (test.a === b && test.b === a)
      return [{ ...test, a, b, difference: -test.difference, low: -test.high, high: -test.low }];
    return [];
  });
}

/** What a test says, in words. @param tests all that it stands among */
export function verdict(test: PairedTest, tests: readonly PairedTest[]): string {
  const ahead = aheadIn(test);
  if (ahead !== undefined) return `${ahead} is ahead`;
  const together = tests.filter(({ metric }) => metric === test.metric).length;
  return cannotTell(test, together) ? 'too few to tell' : 'no difference shown';
}
