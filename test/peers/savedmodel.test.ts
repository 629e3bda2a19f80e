/**
 * What `recsys export --format savedmodel` writes, loaded by TensorFlow: every kind that can be exported gives the lists that
 * its recommender gives.
 */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { exportedKinds } from '../../src/pipeline/exporters/savedmodel/kinds/registry.ts';
import { onnxModel } from '../../src/pipeline/exporters/onnx/onnx-model.ts';
import { modelGraph, servingModel } from '../../src/pipeline/exporters/savedmodel/model-graph.ts';
import { writeBytesTo } from '../../src/pipeline/exporters/savedmodel/write-bytes.ts';
import { StackFile } from '../../src/pipeline/kinds/stack/stack-file.ts';
import { openModel, type OpenPackage } from '../../src/pipeline/model/open-model.ts';
import { temporaryFolder } from '../unit/support/toy-store.ts';
import { trainedPackages, type TrainedPackages } from '../unit/support/trained-packages.ts';

const python = process.env['RECSYS_PYTHON'] ?? 'python3';
const folder = temporaryFolder();
/** Queries asked together. */
const BATCH = 16;
/** Largest difference of scores, times the largest of the list where that is above 1. */
const TOLERANCE = 1e-5;
const MAX_K = 150;
/** Trained models, and stacks in which every feature and gate weighs something: fitted ones leave most at 0. */
const SUBJECTS = [...exportedKinds, 'stack of all features', 'stack without seen items'] as const;

const Answer = z.object({
  scores: z.array(z.number()),
  items: z.array(z.string()),
  answeredBy: z.string(),
  known: z.optional(z.int()),
});
type Answer = z.infer<typeof Answer>;
const Answers = z.object({
  recommend: z.array(Answer),
  default: z._default(z.array(Answer), []),
  shown: z._default(z.string(), ''),
});
const Told = z.array(z.union([Answers, z.object({ failure: z.string() })]));

interface Case {
  readonly items: readonly string[];
  readonly k: number;
  readonly exclude: boolean;
}

let packages: TrainedPackages;
let packagesWithoutSeen: TrainedPackages;
let told: z.infer<typeof Told>;
let toldByOnnx: z.infer<typeof Told>;
const models = new Map<string, OpenPackage>();
let names: Awaited<ReturnType<OpenPackage['names']>>;
let cases: Case[];
let singles: string[];

/** All test queries by turns, and the queries that are no ordinary ones. */
function allCases(queries: readonly Int32Array[], nameOf: (code: number) => string): Case[] {
  const asked = queries.map((query, q) => ({
    items: Array.from(query, nameOf),
    k: [10, 1, 25, 3][q % 4] ?? 10,
    exclude: q % 3 !== 0,
  }));
  const [first = [], second = []] = asked.map(({ items }) => items);
  const every = Array.from({ length: packages.itemCount }, (_, code) => nameOf(code));
  const odd = [
    [],
    ['nobody'],
    ['', 'nobody', ''],
    [...first, ...first, ...first],
    ['nobody', ...second, 'no one'],
  ];
  const more = [
    ...odd,
    [...second, 'nobody'],
    every,
    every.slice(0, 30),
    every.slice(-2),
    every.slice(-8),
    every.slice(-1),
  ];
  const ks = [0, -5, 1, 10, MAX_K, MAX_K + 100];
  return [
    ...asked,
    ...more.flatMap((items) => ks.flatMap((k) => [true, false].map((exclude) => ({ items, k, exclude })))),
  ];
}

function batches(all: readonly Case[]): Case[][] {
  const count = Math.ceil(all.length / BATCH);
  return Array.from({ length: count }, (_, at) => all.slice(at * BATCH, (at + 1) * BATCH));
}

/** A copy of a stack with weights of all features and gates. */
function weighingAll(from: string, name: string): string {
  const copy = path.join(folder, 'packages', name);
  fs.cpSync(from, copy, { recursive: true });
  const file = path.join(copy, 'stack.json');
  const kept = StackFile.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  kept.weights.features.forEach((feature, f) => {
    feature.weights = feature.weights.map((weight, g) => weight + Math.sin(3 * f + 7 * g + 1) / (1 + g));
  });
  fs.rmSync(file);
  fs.writeFileSync(file, JSON.stringify(kept));
  return copy;
}

/** What a script says of the tasks. */
async function asked(script: string): Promise<unknown> {
  const tasks = path.join(folder, 'tasks.json');
  const { stdout } = await promisify(execFile)(python, [path.resolve('test/peers', script), tasks], {
    maxBuffer: 1 << 28,
  });
  return JSON.parse(stdout);
}

beforeAll(async () => {
  packages = await trainedPackages(exportedKinds);
  packagesWithoutSeen = await trainedPackages(['stack'], { seen: 'removed' });
  const folderOf = (subject: string): string => {
    if (subject === 'stack of all features') return weighingAll(packages.folderOf('stack'), 'kept');
    if (subject === 'stack without seen items')
      return weighingAll(packagesWithoutSeen.folderOf('stack'), 'removed');
    return packages.folderOf(subject);
  };
  for (const subject of SUBJECTS) {
    const model = await openModel(folderOf(subject), { verified: true });
    models.set(subject, model);
    names = await model.names();
    const target = path.join(folder, subject);
    fs.mkdirSync(target);
    const { file } = await modelGraph(model.folder, model.file, { maxK: MAX_K, verified: true });
    await writeBytesTo(path.join(target, 'saved_model.pb'), file);
    const onnx = onnxModel(await servingModel(model.folder, model.file, { maxK: MAX_K, verified: true }), {});
    await writeBytesTo(path.join(target, 'model.onnx'), onnx);
  }
  cases = allCases(packages.queries, (code) => names.name(code));
  singles = [...Array.from({ length: packages.itemCount }, (_, code) => names.name(code)), 'nobody', ''];
  const tasks = SUBJECTS.map((subject) => ({
    folder: path.join(folder, subject),
    batches: batches(cases),
    single: singles,
  }));
  fs.writeFileSync(path.join(folder, 'tasks.json'), JSON.stringify(tasks));
  told = Told.parse(await asked('savedmodel.py'));
  toldByOnnx = Told.parse(await asked('onnx_models.py'));
});
afterAll(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  await packages.remove();
  await packagesWithoutSeen.remove();
});

/** What the model itself answers. */
function expected(subject: string, { items, k, exclude }: Case): Answer {
  const model = models.get(subject);
  if (model === undefined) throw new Error(`no model of ${subject}`);
  const query = Int32Array.from(items.flatMap((name) => (name === '' ? [] : (names.code(name) ?? []))));
  const { recommender } = model;
  const list = recommender.recommend(query, {
    k: Math.max(0, Math.min(k, MAX_K)),
    seen: exclude ? 'removed' : 'kept',
  });
  return {
    items: Array.from(list.items, (item) => names.name(item)),
    scores: Array.from(list.scores, (score) => (Number.isNaN(score) ? 0 : score)),
    answeredBy: list.answeredBy,
    known: query.filter((item) => recommender.scorer.knows(item)).length,
  };
}

/** Says how two lists differ; items of scores that are almost equal may change places. */
function difference(own: Answer, theirs: Answer): string | undefined {
  if (own.answeredBy !== theirs.answeredBy) return `answered by ${theirs.answeredBy}`;
  if (theirs.known !== undefined && own.known !== theirs.known) return `${theirs.known} known`;
  const length = own.items.length;
  if (theirs.items.slice(length).some((item) => item !== '')) return 'a longer list';
  if (theirs.scores.slice(length).some((score) => score !== 0)) return 'scores after the end';
  const largest = own.scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  const isClose = (a = NaN, b = NaN): boolean => Math.abs(a - b) <= TOLERANCE * Math.max(1, largest);
  for (const [place, item] of own.items.entries()) {
    if (!isClose(own.scores[place], theirs.scores[place])) return `place ${place}: ${theirs.scores[place]}`;
    if (theirs.items[place] === item) continue;
    const found = theirs.items.indexOf(item);
    if (!isClose(own.scores[place], found < 0 ? own.scores.at(-1) : theirs.scores[found]))
      return `place ${place}: ${theirs.items[place]}`;
  }
  return undefined;
}

/** Queries whose lists are not those of the recommender. */
function wrongLists(subject: string, recommend: readonly Answer[]): unknown[] {
  return cases.flatMap((one, c) => {
    const own = expected(subject, one);
    const theirs = recommend[c];
    const said = theirs === undefined ? 'nothing' : difference(own, theirs);
    return said === undefined ? [] : [{ said, asked: one, own, theirs }];
  });
}

function answersOf(all: z.infer<typeof Told>, at: number): z.infer<typeof Answers> {
  const answered = all[at];
  if (answered === undefined || 'failure' in answered) throw new Error(answered?.failure ?? 'no answer');
  return answered;
}

describe.each(SUBJECTS.map((subject, at) => [subject, at] as const))('%s', (subject, at) => {
  const answers = (): z.infer<typeof Answers> => answersOf(told, at);

  it('gives the lists of the recommender in TensorFlow', () => {
    expect(wrongLists(subject, answers().recommend).slice(0, 2)).toEqual([]);
    expect(cases.length).toBeGreaterThan(300);
  });

  it('gives the lists of the recommender in ONNX Runtime', () => {
    expect(wrongLists(subject, answersOf(toldByOnnx, at).recommend).slice(0, 2)).toEqual([]);
  });

  it('answers one item as the tutorial does', () => {
    const exclude = models.get(subject)?.file.signature.neverReturned.includes('query-items') === true;
    const wrong = answers().default.flatMap((theirs, c) => {
      const { known: _, ...own } = expected(subject, { items: [singles[c] ?? ''], k: 10, exclude });
      const said = theirs.items.length === 10 ? difference({ ...own }, theirs) : 'not ten';
      return said === undefined ? [] : [{ said, item: singles[c], own, theirs }];
    });
    expect(wrong.slice(0, 2)).toEqual([]);
  });
});

it('prod2vec is what saved_model_cli shows', async () => {
  const { shown } = answersOf(told, SUBJECTS.indexOf('prod2vec'));
  await expect(shown).toMatchFileSnapshot('../fixtures/savedmodel-prod2vec.txt');
});
