/** Models that are trained again on the validation part too, before they see the test part. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rankedAmong } from '../../../src/protocol/ranked-among.ts';
import { EvaluationReport } from '../../../src/protocol/report.ts';
import { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { planRun } from '../../../src/pipeline/flow/plan.ts';
import { flowOf } from '../../../src/pipeline/flows/registry.ts';
import { openModel, type OpenPackage } from '../../../src/pipeline/model/open-model.ts';
import { openRunModel } from '../../../src/pipeline/query/run-model.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const KINDS =
  'recency-encoder,prod2vec,sequential-item-knn,session-knn,n-gram,group-affinity,stack,blend,popularity,markov';
const GIVEN = {
  ...{ models: KINDS, sets: '[{"min_count":1}]', vectorSize: 8, epochs: 3, patience: 1, seed: 5 },
  ...{ deterministic: true, encoderVectorSize: 16, encoderEpochs: 3, encoderTuneMinutes: 0 },
};
const MODELS = KINDS.replace('prod2vec', 'prod2vec-min-count-1').split(',');
const [TRAIN, VALIDATION, TEST] = [140, 40, 40];
const flow = flowOf('next-item');
const folder = temporaryFolder();
const data = path.join(folder, 'sessions.csv');
let store: RunStore;
let again: RunFolder;
let never: RunFolder;

/** Chains of items, those of the validation and test parts among items that training hardly knows. */
function writeSessions(): void {
  const draw = randomStream(11);
  const lines = ['session,item,artist,part,time'];
  for (let s = 0; s < TRAIN + VALIDATION + TEST; s++) {
    const part = s < TRAIN ? 'train' : s < TRAIN + VALIDATION ? 'validation' : 'test';
    const [from, items] = part === 'train' ? [0, 30] : [20, 20];
    const start = below(items, draw());
    for (let at = 0; at < 5; at++) {
      const item = from + ((start + 2 * at + below(2, draw())) % items);
      lines.push(`s${s},i${item},a${item % 7},${part},${s}`);
    }
  }
  fs.writeFileSync(data, `${lines.join('\n')}\n`);
}

const SPEC = DatasetSpec.parse({
  ...{ format: 'csv', sequence: ['session'], item: ['item'], order: [], time: 'time', group: 'artist' },
  ...{ minimumLength: 2, split: { by: 'column', column: 'part' } },
});

const packageAt = (run: RunFolder, step: string, model: string): Promise<OpenPackage> =>
  openModel(run.stepFolder(`${step}/${model}`));

function reportOf(run: RunFolder): EvaluationReport {
  const file = path.join(run.stepFolder('report'), 'report.json');
  return EvaluationReport.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
}

const ranks = (run: RunFolder, model: string, part: string): Buffer =>
  fs.readFileSync(path.join(run.stepFolder(`evaluate/${model}`), `ranks-${part}.npy`));

beforeAll(async () => {
  writeSessions();
  store = RunStore.open(path.join(folder, '.recsys'));
  ({ run: again } = await runInProcess(store, { flow, data, spec: SPEC, given: GIVEN }));
  ({ run: never } = await runInProcess(store, {
    flow,
    data,
    spec: SPEC,
    given: { ...GIVEN, refit: 'never' },
  }));
}, 240_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('a run whose validation part is newer', () => {
  it('trains every model twice, and evaluates it after both', () => {
    const paths = planRun(flow, again.manifest(), 'report').map((task) => task.path);
    for (const model of MODELS) {
      expect(paths).toContain(`refit/${model}`);
      expect(paths.indexOf(`evaluate/${model}`)).toBeGreaterThan(paths.indexOf(`refit/${model}`));
    }
    expect(planRun(flow, never.manifest(), 'report').some(({ step }) => step.name === 'refit')).toBe(false);
  });

  it('counts the validation rows in every package that was trained again, and in no other', async () => {
    for (const model of MODELS) {
      const first = await packageAt(again, 'train', model);
      const last = await packageAt(again, 'refit', model);
      expect(first.file.catalogue.trainRows, model).toBe(5 * TRAIN);
      expect(last.file.catalogue.trainRows, model).toBe(5 * (TRAIN + VALIDATION));
      expect(last.catalogue.trainCounts.reduce((sum, count) => sum + count, 0)).toBe(
        5 * (TRAIN + VALIDATION),
      );
    }
  });

  it('recommends items that only the validation part made known', async () => {
    const first = await packageAt(again, 'train', 'markov');
    const last = await packageAt(again, 'refit', 'markov');
    const added = [...last.catalogue.trainCounts.keys()].filter(
      (item) => first.catalogue.trainCounts[item] === 0 && (last.catalogue.trainCounts[item] ?? 0) > 0,
    );
    expect(added.length).toBeGreaterThan(3);
    for (const item of added) {
      expect(first.scorer.recommends(item)).toBe(false);
      expect(last.scorer.recommends(item)).toBe(true);
    }
  });

  it('keeps what was chosen: parameters, members and weights', async () => {
    for (const model of MODELS) {
      const first = await packageAt(again, 'train', model);
      const last = await packageAt(again, 'refit', model);
      expect(last.file.parameters, model).toEqual({ ...first.file.parameters, ...first.file.refit });
      expect(last.file.given).toEqual(first.file.given);
      expect(last.file.members.map(({ name }) => name)).toEqual(first.file.members.map(({ name }) => name));
    }
    const stackOf = (step: string): unknown =>
      (
        JSON.parse(fs.readFileSync(path.join(again.stepFolder(`${step}/stack`), 'stack.json'), 'utf8')) as {
          weights: unknown;
        }
      ).weights;
    expect(stackOf('refit')).toEqual(stackOf('train'));
  });

  it('searches nothing the second time', () => {
    for (const model of MODELS) {
      const events = fs.readFileSync(path.join(again.stepFolder(`refit/${model}`), 'events.ndjson'), 'utf8');
      expect(events, model).not.toMatch(/tuning on validation|choosing weights|Tuned on|validation queries/);
    }
  });

  it('measures validation by the first training, and test by the second', () => {
    for (const model of MODELS)
      expect(ranks(again, model, 'validation').equals(ranks(never, model, 'validation')), model).toBe(true);
    const changed = MODELS.filter(
      (model) => !ranks(again, model, 'test').equals(ranks(never, model, 'test')),
    );
    expect(changed).toContain('markov');
    const figure = (run: RunFolder): number =>
      reportOf(run).metrics.test['markov']?.metrics['hitRate@10']?.value ?? 0;
    expect(figure(again)).toBeGreaterThan(figure(never));
  });

  it('says so in the report, with the items that could be recommended', () => {
    const { protocol } = reportOf(again);
    expect(protocol.refit?.catalogue.items).toBeGreaterThan(protocol.catalogue?.items ?? Infinity);
    expect(protocol.unreachable?.test.unknownTargets).toBeLessThan(
      reportOf(never).protocol.unreachable?.test.unknownTargets ?? 0,
    );
    expect(rankedAmong(protocol, 'test').join(' ')).toContain(
      'trained again on the training and validation parts',
    );
    expect(rankedAmong(protocol, 'validation').join(' ')).not.toContain('trained again');
    expect(rankedAmong(reportOf(never).protocol, 'test').join(' ')).not.toContain('trained again');
  });

  it('answers with what was trained last', async () => {
    const { catalogue } = await openRunModel(again, 'stack');
    expect(catalogue.trainCounts.reduce((sum, count) => sum + count, 0)).toBe(5 * (TRAIN + VALIDATION));
    const earlier = await openRunModel(never, 'stack');
    expect(earlier.catalogue.trainCounts.reduce((sum, count) => sum + count, 0)).toBe(5 * TRAIN);
  });
});

describe('a run whose validation part is not newer', () => {
  it.each(['sequence', 'user', 'leave-one-out'] as const)('by %s trains once', (by) => {
    const manifest = again.manifest();
    const spec = { ...manifest.spec, split: { ...manifest.spec.split, by } };
    const tasks = planRun(flow, { ...manifest, spec }, 'report');
    expect(tasks.some(({ step }) => step.name === 'refit')).toBe(false);
  });

  it('of an earlier version trains once', () => {
    const manifest = again.manifest();
    const { refit: _, ...parameters } = manifest.parameters;
    const tasks = planRun(flow, { ...manifest, parameters }, 'report');
    expect(tasks.some(({ step }) => step.name === 'refit')).toBe(false);
  });
});
