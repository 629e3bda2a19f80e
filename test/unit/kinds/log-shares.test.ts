import { expect, test } from 'vitest';
import { log } from '../../../src/pipeline/deterministic-math.ts';
import { LogShares } from '../../../src/pipeline/kinds/ranking/log-shares.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';

const next = randomStream(4);
const random = (): number => (below(2_000_001, next()) - 1_000_000) / 30_011;

test.each([0, 1, 2, 777, 20_001])('logarithms of %i shares have the bits of `log`', (count) => {
  const logShares = new LogShares();
  const values = Float64Array.from({ length: count }, (_, i) => (i % 9 === 0 ? -i : Math.abs(random()) ** 3));
  const sum = values.reduce((total, value) => total + Math.max(0, value), 1e-3);
  for (const scale of [1000, 3, 1e12]) {
    const expected = values.map((value) => log(1 + scale * (Math.max(0, value) / sum)));
    const shares = values.slice();
    logShares.take(shares, scale, sum);
    expect([...shares]).toEqual([...expected]);
  }
});
