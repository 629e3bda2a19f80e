/** Models that are trained on all rows of a finished run, the test part included, when that is asked for. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import type { DataProfile } from '../../../src/protocol/profile.ts';
import { EvaluationReport } from '../../../src/protocol/report.ts';
import { isOnDemand, planAsked, planRun, type Task } from '../../../src/pipeline/flow/plan.ts';
import { flowOf } from '../../../src/pipeline/flows/registry.ts';
import { testIsNewer } from '../../../src/pipeline/flows/next-item/everything/test-newer.ts';
import { askFor, everythingTask } from '../../../src/pipeline/launch/ask-for.ts';
import { openModel, requireParity } from '../../../src/pipeline/model/open-model.ts';
import { neighboursOf } from '../../../src/pipeline/query/neighbours.ts';
import { openRunModel } from '../../../src/pipeline/query/run-model.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import { outcomeOf } from '../../../src/pipeline/views/run-outcome.ts';
import { showRun } from '../../../src/pipeline/views/show-json.ts';
import { viewRun } from '../../../src/pipeline/views/view-run.ts';
import { askInProcess } from '../support/ask-in-process.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const KINDS =
  'recency-encoder,prod2vec,sequential-item-knn,session-knn,n-gram,group-affinity,stack,blend,popularity,markov';
const MODELS = KINDS.replace('prod2vec', 'prod2vec-min-count-1')
  .replace('sequential-item-knn', 'sequential-item-knn,sequential-item-knn-near,sequential-item-knn-wide')
  .replace('session-knn', 'session-knn,session-knn-newest')
  .split(',');
const GIVEN = {
  ...{ models: KINDS, sets: '[{"min_count":1}]', vectorSize: 8, epochs: 3, patience: 1, seed: 5 },
  ...{ deterministic: true, encoderVectorSize: 16, encoderEpochs: 3, encoderTuneMinutes: 0 },
};
const FEW = { models: 'sequential-item-knn,n-gram,markov,stack', seed: 5, deterministic: true };
const [TRAIN, VALIDATION, TEST] = [140, 40, 40];
const ALL = TRAIN + VALIDATION + TEST;
const LENGTH = 5;
const flow = flowOf('next-item');
const folder = temporaryFolder();
const data = path.join(folder, 'sessions.csv');
const countsByHand = new Map<string, number>();
let store: RunStore;
let run: RunFolder;

/** Chains of items; those of the test part are hardly known before. */
function writeSessions(): void {
  const draw = randomStream(11);
  const lines = ['session,user,item,artist,part,time'];
  for (let s = 0; s < ALL; s++) {
    const part = s < TRAIN ? 'train' : s < TRAIN + VALIDATION ? 'validation' : 'test';
    const [from, items] = part === 'train' ? [0, 30] : [20, 20];
    const start = below(items, draw());
    for (let at = 0; at < LENGTH; at++) {
      const item = from + ((start + 2 * at + below(2, draw())) % items);
      countsByHand.set(`i${item}`, (countsByHand.get(`i${item}`) ?? 0) + 1);
      lines.push(`s${s},u${s % 50},i${item},a${item % 7},${part},${s}`);
    }
  }
  fs.writeFileSync(data, `${lines.join('\n')}\n`);
}

const spec = (split: object, more: object = { time: 'time' }): DatasetSpec =>
  DatasetSpec.parse({
    ...{ format: 'csv', sequence: ['session'], item: ['item'], order: [], group: 'artist', user: 'user' },
    ...{ minimumLength: 2, split, ...more },
  });

const madeOf = (split: object, given: object, more?: object): Promise<{ run: RunFolder }> =>
  runInProcess(store, { flow, data, spec: spec(split, more), given: { ...given } });

/** Every file of a run outside a step, with its bytes. */
function filesBut(of: RunFolder, step: string): Map<string, string> {
  const names = fs.readdirSync(of.folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => fs.statSync(path.join(of.folder, name)).isFile());
  return new Map(
    files.flatMap((name) =>
      name.startsWith(`${step}${path.sep}`)
        ? []
        : [[name, fs.readFileSync(path.join(of.folder, name)).toString('base64')] as const],
    ),
  );
}

function reportOf(of: RunFolder): EvaluationReport {
  const file = path.join(of.stepFolder('report'), 'report.json');
  return EvaluationReport.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
}

const everything = (model: string): string => run.stepFolder(`everything/${model}`);

async function countsOf(place: string): Promise<Map<string, number>> {
  const model = await openModel(place);
  const names = await model.names();
  return new Map([...model.catalogue.trainCounts].map((count, item) => [names.name(item), count]));
}

beforeAll(async () => {
  writeSessions();
  store = RunStore.open(path.join(folder, '.recsys'));
  ({ run } = await madeOf({ by: 'column', column: 'part' }, GIVEN));
}, 240_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('a run that was not asked', () => {
  it('is whole without it, and says nothing of it', () => {
    const view = viewRun(run);
    expect(view.steps.some(({ step }) => step === 'everything')).toBe(false);
    expect(view.everything).toBeUndefined();
    expect(outcomeOf(view).everything).toBeUndefined();
    expect(showRun(store, run).everything).toEqual([]);
    expect(planRun(flow, run.manifest(), 'report').some((task) => isOnDemand(flow, task))).toBe(false);
  });

  it('has no such model to ask, and says how to get one', async () => {
    await expect(openRunModel(run, 'stack', 'everything')).rejects.toMatchObject({
      message: expect.stringContaining('was not trained on everything') as string,
      hint: expect.stringContaining('recsys refit') as string,
    });
  });

  it('plans the best model with those it is made of, and what they need that is there', () => {
    const paths = planAsked(flow, run.manifest(), ['everything/stack']).map((task) => task.path);
    const { members = [] } = run.manifest().models.find(({ name }) => name === 'stack') ?? {};
    expect(members.length).toBeGreaterThan(3);
    expect(paths.filter((name) => name.startsWith('everything/'))).toEqual(
      [...MODELS.filter((name) => members.includes(name)), 'stack'].map((name) => `everything/${name}`),
    );
    expect(paths).not.toContain('everything/blend');
    expect(paths.some((name) => name.startsWith('evaluate/'))).toBe(false);
    expect(askFor(run, flow, ['everything/stack']).unfinished).toBe(members.length + 1);
  });
});

describe('a run that was asked', () => {
  let before: Map<string, string>;
  let done: readonly Task[];
  beforeAll(async () => {
    before = filesBut(run, 'everything');
    done = await askInProcess(
      flow,
      run,
      MODELS.map((name) => `everything/${name}`),
    );
  }, 240_000);

  it('trains every model once, and changes nothing else of the run', () => {
    expect(done).toHaveLength(MODELS.length);
    expect(filesBut(run, 'everything')).toEqual(before);
    expect(askFor(run, flow, ['everything/stack']).unfinished).toBe(0);
  });

  it('counts in every package the rows that the file has of each item', async () => {
    for (const model of MODELS) {
      const counts = await countsOf(everything(model));
      expect(counts.size).toBe(countsByHand.size);
      for (const [item, rows] of countsByHand) expect(counts.get(item), `${model} ${item}`).toBe(rows);
    }
  });

  it('says so in the package, with what the run measured as what to expect', async () => {
    const report = reportOf(run);
    for (const model of MODELS) {
      const { file } = await openModel(everything(model));
      expect(file.everything).toMatchObject({
        ...{ parts: ['train', 'validation', 'test'], sequences: ALL, rows: ALL * LENGTH, measured: false },
        leftOut: [],
      });
      expect(file.everything?.expected).toMatchObject({ trainedOn: ['train', 'validation'] });
      expect(file.everything?.expected?.test).toEqual(report.metrics.test[model]?.metrics);
      expect(file.everything?.expected?.protocol.join(' ')).toContain('before the model saw it');
      expect((await openModel(run.stepFolder(`refit/${model}`))).file.everything).toBeUndefined();
    }
  });

  it('keeps what was chosen: parameters, members and weights', async () => {
    for (const model of MODELS) {
      const first = (await openModel(run.stepFolder(`train/${model}`))).file;
      const { file } = await openModel(everything(model));
      expect(file.parameters, model).toEqual({ ...first.parameters, ...first.refit });
      expect(file.signature).toEqual(first.signature);
      expect(file.members.map(({ name }) => name)).toEqual(first.members.map(({ name }) => name));
    }
    const weightsOf = (place: string): unknown =>
      (JSON.parse(fs.readFileSync(path.join(place, 'stack.json'), 'utf8')) as { weights: unknown }).weights;
    expect(weightsOf(everything('stack'))).toEqual(weightsOf(run.stepFolder('train/stack')));
  });

  it('searches nothing', () => {
    for (const model of MODELS) {
      const events = fs.readFileSync(path.join(everything(model), 'events.ndjson'), 'utf8');
      expect(events, model).not.toMatch(/tuning on validation|choosing weights|Tuned on|validation queries/);
    }
  });

  it('answers from a copy of its package as the run does, neighbours and lists alike', async () => {
    for (const name of ['stack', 'prod2vec-min-count-1', 'blend']) {
      const copy = path.join(folder, `copy-${name}`);
      fs.cpSync(everything(name), copy, { recursive: true });
      const [ofRun, ofCopy] = [await openRunModel(run, name, 'everything'), await openModel(copy)];
      await requireParity(ofCopy);
      expect(ofRun.source).toEqual({ run: run.id, everything: true });
      const names = await ofCopy.names();
      const { neighbours } = neighboursOf(ofCopy, names, 'i35', 10);
      expect(neighbours.length).toBeGreaterThan(3);
      expect(neighboursOf(ofRun, await ofRun.names(), 'i35', 10).neighbours).toEqual(neighbours);
    }
  });

  it('leaves the models that were measured as the ones that answer', async () => {
    const { catalogue } = await openRunModel(run, 'stack');
    expect(catalogue.trainCounts.reduce((sum, count) => sum + count, 0)).toBe(LENGTH * (TRAIN + VALIDATION));
  });

  it('is told in lists: the models themselves, not those they are made of', () => {
    const view = viewRun(run);
    expect(view.everything).toContain('stack');
    expect(view.everything).not.toContain('n-gram');
    expect(outcomeOf(view).everything).toEqual(view.everything);
    expect(view.steps.filter(({ step }) => step === 'everything')).toHaveLength(MODELS.length);
  });
});

describe('whatever was split', () => {
  it.each<[string, object, object]>([
    ['sequence', { by: 'sequence', ratios: [0.7, 0.2, 0.1] }, {}],
    ['user', { by: 'user', ratios: [0.7, 0.2, 0.1] }, {}],
    ['leave-one-out', { by: 'leave-one-out' }, {}],
    ['time', { by: 'time', ratios: [0.7, 0.2, 0.1] }, { time: 'time' }],
  ])('by %s all rows are trained on', async (by, split, more) => {
    const { run: other } = await madeOf(split, FEW, more);
    await askInProcess(flow, other, ['everything/stack']);
    const place = other.stepFolder('everything/stack');
    const { file } = await openModel(place);
    expect(file.everything).toMatchObject({ sequences: ALL, rows: ALL * LENGTH, leftOut: [] });
    expect(file.everything?.expected?.trainedOn).toEqual(by === 'time' ? ['train', 'validation'] : ['train']);
    expect(await countsOf(place)).toEqual(countsByHand);
    const first = (await openModel(other.stepFolder('train/stack'))).file;
    expect(file.signature).toEqual(first.signature);
    await requireParity(await openModel(place));
  });

  it('says what rows the run never had', async () => {
    const { run: sampled } = await runInProcess(store, {
      ...{ flow, data, given: FEW },
      spec: { ...spec({ by: 'sequence', ratios: [0.7, 0.2, 0.1] }, {}), sample: 0.8 },
    });
    await askInProcess(flow, sampled, ['everything/markov']);
    const { file } = await openModel(sampled.stepFolder('everything/markov'));
    expect(file.everything?.leftOut).toEqual([expect.stringContaining('a sample, 80 % of the sequences')]);
    expect(sampled.stepState('everything/markov')?.warnings).toEqual(file.everything?.leftOut);
  });
});

describe('a test part that was given', () => {
  const profileWith = (rows: number): DataProfile => ({
    ...(JSON.parse(
      fs.readFileSync(path.join(run.stepFolder('prepare'), 'profile.json'), 'utf8'),
    ) as DataProfile),
    heldOut: { laterRows: { than: 'first-test-row', rows, of: 100 } },
  });

  it('is newer than training unless most training rows are as late as it', () => {
    const given = { spec: spec({ by: 'column', column: 'part' }) };
    expect(testIsNewer(given, profileWith(0))).toBe(true);
    expect(testIsNewer(given, profileWith(8))).toBe(true);
    expect(testIsNewer(given, profileWith(97))).toBe(false);
    expect(testIsNewer({ spec: spec({ by: 'leave-one-out' }) }, profileWith(97))).toBe(true);
  });
});

describe('what cannot be asked', () => {
  it('is a model that the run has not', () => {
    expect(() => everythingTask(run, flow, 'none')).toThrow(`Run ${run.id} has no model 'none'.`);
  });

  it('is a model of a run that was made by another version', () => {
    const other = { ...run.manifest(), parameters: { ...run.manifest().parameters, seed: 6 } };
    const changed = Object.create(run, { manifest: { value: () => other } }) as RunFolder;
    expect(() => askFor(changed, flow, ['everything/markov'])).toThrow('another version of RecSys');
  });

  it('is one of a tuning', () => {
    expect(() => everythingTask(run, flowOf('tune'), undefined)).toThrow('cannot be trained on everything');
  });
});
