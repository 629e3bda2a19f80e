import { describe, expect, it } from 'vitest';
import { rankedAmong } from '../../../src/protocol/ranked-among.ts';
import type { EvaluationReport } from '../../../src/protocol/report.ts';

const earlier: EvaluationReport['protocol'] = {
  ...{ positions: 'every:5', seen: 'removed', bootstrapSamples: 100, seed: 1 },
  queries: { validation: 20, test: 10 },
  sequences: { validation: 4, test: 2 },
};

describe('what a part is ranked among', () => {
  it('is all items in reports of earlier versions', () => {
    expect(rankedAmong(earlier, 'test')).toEqual(['Ranked among all items.']);
  });

  it('says what no model can hit and what was not asked, where there is some', () => {
    const none = { unknownTargets: 0, repeatedTargets: 0 };
    const protocol: EvaluationReport['protocol'] = {
      ...earlier,
      catalogue: { items: 43_449, added: 12, unknown: 3 },
      unreachable: { validation: none, test: { unknownTargets: 1200, repeatedTargets: 34 } },
      queriesPerSequence: { most: 100, cut: { validation: 0, test: 1 } },
    };
    const known =
      'Ranked among the 43,449 items known at training time, 12 of them by the catalogue file alone.';
    expect(rankedAmong(protocol, 'validation')).toEqual([known]);
    expect(rankedAmong(protocol, 'test')).toEqual([
      known,
      '1,200 of the targets are not among them: misses for every model.',
      '34 of the targets stand in their query, whose items are removed: misses for every model.',
      'Of 1 sequence with more than 100 positions, the last and a seeded sample of the others are asked.',
    ]);
  });
});
