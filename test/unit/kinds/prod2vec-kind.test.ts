import { describe, expect, test } from 'vitest';
import type { Reporter } from '../../../src/pipeline/reporter.ts';
import { prod2vec } from '../../../src/pipeline/kinds/prod2vec/kind.ts';
import { fitted, silentReporter } from '../support/fitted.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { randomSequences } from '../support/random-sequences.ts';

const data = preparedFrom(randomSequences(300, 80, 6, 20), { train: 220, validation: 60 });
const parameters = { vectorSize: 12, minCount: 3, alpha: 0.05 };

describe('prod2vec as a kind', () => {
  test('reports a loss for every epoch, and progress to the end', async () => {
    const losses: Parameters<Reporter['loss']>[0][] = [];
    const progress: number[] = [];
    const reporter: Reporter = {
      ...silentReporter,
      loss: (point) => losses.push(point),
      progress: (_, done, total) => progress.push(done / total),
    };
    const { scorer, result, remove } = await fitted(prod2vec, data, {
      parameters: { ...parameters, epochs: 8 },
      reporter,
    });
    expect(losses.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(losses.at(-1)?.loss).toBeLessThan(losses[0]?.loss ?? 0);
    expect(progress.at(-1)).toBe(1);
    expect(result.metrics['vocabulary']).toBe(scorer.vocabulary);
    expect(scorer.vectors?.values.length).toBe(scorer.vocabulary * 12);
    await remove();
  });

  test('with patience it stops when validation gets no better, and keeps the best weights', async () => {
    const validation = new Map<number, number>();
    const messages: string[] = [];
    const reporter: Reporter = {
      ...silentReporter,
      loss: (point) => validation.set(point.epoch, point.validation ?? NaN),
      info: (message) => messages.push(message),
    };
    const given = { ...parameters, epochs: 400, patience: 3 };
    const { remove } = await fitted(prod2vec, data, { parameters: given, reporter });
    const curve = [...validation].sort(([a], [b]) => a - b).map(([, value]) => value);
    const best = curve.indexOf(Math.max(...curve)) + 1;
    expect(curve.length).toBeLessThan(400);
    expect(curve.length - best).toBe(3);
    expect(messages.join()).toContain(`Stopped after epoch ${curve.length}`);
    expect(messages.join()).toContain(`best after epoch ${best}`);
    await remove();
  });

  test('a catalogue that no item of which is frequent enough is refused, in words', async () => {
    await expect(fitted(prod2vec, data, { parameters: { minCount: 100_000 } })).rejects.toThrow(
      /fewer than 100000 training rows/,
    );
  });
});
