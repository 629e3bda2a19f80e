/** A model's package: one folder, whole by itself, that gives the lists which were evaluated. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/protocol/user-error.ts';
import { readNpy } from '../../../src/pipeline/data/npy.ts';
import { modelKinds } from '../../../src/pipeline/kinds/registry.ts';
import { buildQueries, queryItems, targetOf } from '../../../src/pipeline/metrics/queries.ts';
import { openModel, readParity, requireParity } from '../../../src/pipeline/model/open-model.ts';
import { openVectors } from '../../../src/pipeline/model/open-vectors.ts';
import { differingLists, parityOf } from '../../../src/pipeline/model/parity.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { StepHarness } from '../support/step-harness.ts';

const ITEMS = 60;
/** The last item has neither rows nor a group. */
const groups = [...Array.from({ length: ITEMS }, (_, item) => Math.floor(item / 10)), -1];
const lists = Array.from({ length: 180 }, (_, s) =>
  Array.from({ length: 6 }, (__, k) => 10 * (s % 6) + ((s * 3 + k * (s % 2 === 0 ? 1 : 3)) % 10)),
);
const data = preparedFrom(lists, { train: 120, validation: 30, groups, itemCount: ITEMS + 1 });
const PARAMETERS: Readonly<Record<string, Record<string, number | boolean | string>>> = {
  prod2vec: { vectorSize: 8, epochs: 3, minCount: 1 },
  'recency-encoder': { vectorSize: 8, heads: 1, epochs: 3, tuneMinutes: 0 },
  blend: { members: 'recency-encoder,session-knn,group-affinity', weights: '1,1,1' },
};
/** What those are made of that are made of others. */
const MEMBERS = ['recency-encoder', 'session-knn', 'group-affinity'];
const KINDS = modelKinds.map(({ name }) => name);

let away: string;
let harness: StepHarness;
/** Ranks of the test queries, as the evaluation kept them, by model. */
const ranks = new Map<string, Int32Array>();
const copyOf = (name: string): string => path.join(away, name);

beforeAll(async () => {
  away = fs.mkdtempSync(path.join(os.tmpdir(), 'recsys-package-'));
  harness = await StepHarness.create({
    data,
    models: modelKinds.map(({ name, composite }) => ({
      name,
      parameters: PARAMETERS[name] ?? {},
      ...(composite === true ? { members: MEMBERS } : {}),
    })),
    parameters: { positions: 'every:1' },
  });
  const report = await harness.run();
  expect(report.failedBranches).toEqual([]);
  for (const name of KINDS) {
    fs.cpSync(harness.stepFolder(`train/${name}`), copyOf(name), { recursive: true });
    ranks.set(name, (await readNpy(harness.file(`evaluate/${name}`, 'ranksTest'), Int32Array)).array);
  }
  // From here on there is no run and no prepared data.
  await harness.remove();
}, 240_000);
afterAll(() => fs.rmSync(away, { recursive: true, force: true }));

describe.each(KINDS)('a package of %s, copied alone to an empty folder', (name) => {
  test('gives the lists of its fixture to the bit', async () => {
    const model = await openModel(copyOf(name));
    const parity = await readParity(model);
    expect(parity.lists.length).toBeGreaterThan(20);
    const queries = parity.lists.map(({ query }) => Int32Array.from(query));
    expect(parityOf(model.recommender, queries, parity.seen)).toEqual(parity);
    expect(differingLists(model.recommender, parity, 0)).toBe(0);
  });

  test('gives the lists that were evaluated', async () => {
    const { recommender } = await openModel(copyOf(name));
    const queries = buildQueries(data, 'test', 'every:1');
    let found = 0;
    queries.targets.forEach((_, q) => {
      const list = recommender.recommend(queryItems(queries, q), { k: ITEMS, seen: 'kept' });
      const place = list.items.indexOf(targetOf(queries, q));
      const score = list.scores[place];
      // The rank is the last place of the target's equals.
      const last = place < 0 ? -1 : list.scores.findLastIndex((other) => Object.is(other, score));
      const rank = ranks.get(name)?.[q] ?? NaN;
      if (rank === 0) return;
      found++;
      expect([place >= 0, last + 1]).toEqual([true, rank]);
    });
    expect(found).toBeGreaterThan(50);
  });

  test('has the vectors of its scorer, opened without it', async () => {
    const { scorer } = await openModel(copyOf(name));
    if (scorer.vectors === undefined) {
      await expect(openVectors(copyOf(name))).rejects.toThrow(`'${name}' has no vectors`);
      return;
    }
    const { items, values, dimension, similarity } = scorer.vectors;
    const { vectors } = await openVectors(copyOf(name));
    expect(vectors.items).toEqual(items);
    expect(vectors.values).toEqual(values);
    expect([vectors.dimension, vectors.similarity]).toEqual([dimension, similarity]);
  });

  test('says what it is', async () => {
    const { file } = await openModel(copyOf(name));
    const kind = modelKinds.find((known) => known.name === name);
    expect(file).toMatchObject({
      kind: name,
      kindVersion: kind?.version,
      signature: { query: { stated: kind?.queryStated }, unknownQuery: 'popularity' },
      catalogue: { items: ITEMS + 1, known: ITEMS, groups: 6 },
    });
    expect(file.members.map((member) => member.name)).toEqual(kind?.composite === true ? MEMBERS : []);
  });

  test('refuses each of its files when it is gone or changed', async () => {
    const whole = copyOf(name);
    const files = fs
      .readdirSync(whole, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(npy|json|parquet)$/.test(file) && !file.endsWith('model.json'));
    for (const file of files) {
      for (const damage of [(at: string) => fs.rmSync(at), changeLastByte]) {
        const broken = fs.mkdtempSync(path.join(away, 'broken-'));
        fs.cpSync(whole, broken, { recursive: true });
        damage(path.join(broken, file));
        await expect(openModel(broken), file).rejects.toThrow(UserError);
      }
    }
    expect(files.length).toBeGreaterThan(1);
  });
});

function changeLastByte(file: string): void {
  const bytes = fs.readFileSync(file);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  fs.writeFileSync(file, bytes);
}

function changedModelFile(name: string, change: (model: Record<string, unknown>) => void): string {
  const folder = fs.mkdtempSync(path.join(away, 'changed-'));
  fs.cpSync(copyOf(name), folder, { recursive: true });
  const file = path.join(folder, 'model.json');
  const model = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
  change(model);
  fs.writeFileSync(file, JSON.stringify(model));
  return folder;
}

describe('what is no package', () => {
  test.each([
    ['of a newer format', (model: Record<string, unknown>) => (model['format'] = 3), /newer version/],
    ['without a kind', (model: Record<string, unknown>) => delete model['kind'], /'kind' is missing/],
    ['of an unknown kind', (model: Record<string, unknown>) => (model['kind'] = 'lstm'), /lstm/],
    ['of an earlier format', earlier, /earlier version/],
    [
      'whose file leads elsewhere',
      (model: Record<string, unknown>) => (model['parity'] = { file: '../x', bytes: 1, sha256: '' }),
      /parity/,
    ],
  ])('%s is refused in words', async (_, change, message) => {
    const folder = changedModelFile('markov', change);
    await expect(openModel(folder)).rejects.toThrow(message);
    await expect(openModel(folder)).rejects.toThrow(UserError);
  });

  test('an empty folder and none are refused in words', async () => {
    const empty = fs.mkdtempSync(path.join(away, 'empty-'));
    for (const folder of [empty, path.join(away, 'nowhere')])
      await expect(openModel(folder)).rejects.toThrow(/holds no model/);
  });

  test('a model that gives other lists is not evaluated', async () => {
    const model = await openModel(copyOf('popularity'));
    const other = await openModel(copyOf('markov'));
    await requireParity(model);
    await expect(requireParity({ ...model, recommender: other.recommender })).rejects.toThrow(
      /does not give the lists it gave/,
    );
  });
});

describe('a package of another version of its kind', () => {
  const ofVersion0 = (model: Record<string, unknown>): unknown => (model['kindVersion'] = '0');

  test('is opened where it gives the same lists', async () => {
    await openModel(changedModelFile('session-knn', ofVersion0));
  });

  test('is refused where it gives others', async () => {
    const folder = changedModelFile('popularity', (model) => {
      ofVersion0(model);
      model['seed'] = 7;
    });
    const file = path.join(folder, 'train-counts.npy');
    const bytes = fs.readFileSync(file);
    // The last count of the table, little-endian: its item becomes the most popular.
    bytes.writeUInt32LE(1_000_000, bytes.length - 4);
    fs.writeFileSync(file, bytes);
    await expect(openModel(folder, { verified: true })).rejects.toThrow(/does not give the lists it gave/);
  });
});

describe('the comparison with the fixture', () => {
  test('looks at what popularity fills in, and bears what rounding does to scores near zero', async () => {
    const model = await openModel(copyOf('markov'));
    const parity = await readParity(model);
    const filled = parity.lists.findIndex(
      ({ scores }) => scores.filter((score) => score === null).length > 1,
    );
    expect(filled).toBeGreaterThanOrEqual(0);
    const swapped = structuredClone(parity);
    swapped.lists[filled]?.items.reverse();
    const onlyFilled = structuredClone(parity);
    const list = onlyFilled.lists[filled];
    if (list !== undefined)
      list.items = [
        ...list.items.slice(0, list.popularFrom),
        ...list.items.slice(list.popularFrom).reverse(),
      ];
    for (const other of [swapped, onlyFilled]) expect(differingLists(model.recommender, other, 1e-5)).toBe(1);
    const rounded = structuredClone(parity);
    for (const { scores } of rounded.lists)
      scores.forEach((score, place) => (scores[place] = score === null ? null : score + 1e-12));
    expect(differingLists(model.recommender, rounded, 1e-5)).toBe(0);
  });
});

function earlier(model: Record<string, unknown>): void {
  for (const key of Object.keys(model)) {
    if (!['name', 'kind', 'parameters', 'given'].includes(key)) Reflect.deleteProperty(model, key);
  }
  model['format'] = 1;
}
