import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FinishedBranch, StepContext } from '../../../../src/pipeline/flow/step-context.ts';
import { planTuneRun } from '../../../../src/pipeline/flows/tune/tune-plan.ts';
import { chooseWinner } from '../../../../src/pipeline/flows/tune/winner.ts';
import { temporaryFolder, toyManifest } from '../../support/toy-store.ts';

const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

type Measured = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A tuning of nine trials of 30 epochs, of which these were measured: by rung and trial the figure. */
function tuning(measured: Measured): Pick<StepContext, 'manifest' | 'branches'> {
  const { parameters, models } = planTuneRun(
    { model: 'prod2vec', trials: 9, epochs: 30 },
    { hasGroups: false },
  );
  const branch = (step: string, trial: string, value: number): FinishedBranch => {
    const file = path.join(folder, `${step}-${trial}.json`);
    const estimate = { value, low: value, high: value, n: 10 };
    const result = { format: 1, trial, parameters: {}, metric: 'ndcg@10', estimate, metrics: {}, seconds: 1 };
    fs.writeFileSync(file, JSON.stringify(result));
    const located = { locate: () => file, locateFolder: () => folder };
    return { name: trial, metrics: {}, warnings: [], seconds: 1, ...located };
  };
  return {
    manifest: toyManifest({ flow: 'tune', parameters, models: [...models] }),
    branches: (step) => ({
      finished: Object.entries(measured[step] ?? {}).map(([trial, value]) => branch(step, trial, value)),
      failed: [],
    }),
  };
}

const winnerOf = async (measured: Measured): Promise<[string, string, unknown]> => {
  const { best, rung, spec } = await chooseWinner(tuning(measured) as StepContext);
  return [best.result.trial, rung.step, spec.parameters['epochs']];
};

describe('the winner of a tuning', () => {
  it('is the best of all that was measured, with the epochs it was measured after', async () => {
    const measured = {
      explore: { 'trial-001': 0.5433, 'trial-002': 0.5 },
      refine: { 'trial-001': 0.5497, 'trial-002': 0.51 },
      settle: { 'trial-001': 0.296 },
    };
    expect(await winnerOf(measured)).toEqual(['trial-001', 'refine', 10]);
  });

  it('is of equals the one that was trained longest', async () => {
    const measured = {
      explore: { 'trial-002': 0.5 },
      refine: { 'trial-003': 0.5 },
      settle: { 'trial-001': 0.5 },
    };
    expect(await winnerOf(measured)).toEqual(['trial-001', 'settle', 30]);
  });

  it('is there as soon as one trial is measured', async () => {
    expect(await winnerOf({ explore: { 'trial-004': 0.1 } })).toEqual(['trial-004', 'explore', 3]);
    await expect(winnerOf({})).rejects.toThrow('No trial could be fitted');
  });
});
