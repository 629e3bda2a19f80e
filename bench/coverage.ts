/** How often intervals hold the truth, and tests of equal models say that they differ. */
import { estimateOf } from '../src/pipeline/metrics/estimate.ts';
import { pairedTests } from '../src/pipeline/metrics/paired-test.ts';
import {
  meanGain,
  Random,
  simulateEqualPair,
  simulateModel,
  type Design,
  type SimulatedMetric,
} from './simulated-queries.ts';

/** Share of simulated evaluations whose 95 % interval holds the true figure. */
export function coverage(design: Design, metric: SimulatedMetric, rounds: number, seed: number): number {
  const random = new Random(seed);
  let held = 0;
  for (let round = 0; round < rounds; round++) {
    const { ranks, rate } = simulateModel(design, random);
    const { low, high } = estimateOf(ranks, metric);
    const truth = rate * meanGain(metric);
    if (low <= truth && truth <= high) held++;
  }
  return held / rounds;
}

/** Share of tests of two equal models with a p below .05. */
export function falseAlarms(design: Design, metric: SimulatedMetric, rounds: number, seed: number): number {
  const random = new Random(seed);
  let alarms = 0;
  for (let round = 0; round < rounds; round++) {
    const { first, second } = simulateEqualPair(design, random);
    const [test] = pairedTests(
      [
        { name: 'a', ranks: first },
        { name: 'b', ranks: second },
      ],
      metric,
    );
    if (test !== undefined && test.p < 0.05) alarms++;
  }
  return alarms / rounds;
}
