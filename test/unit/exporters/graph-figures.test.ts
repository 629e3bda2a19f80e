/** What is told of a graph before it is written: its bytes, and the work of a query. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphFigures } from '../../../src/protocol/graph-figures.ts';
import { graphText, graphWarnings } from '../../../src/protocol/text/graph-words.ts';
import { exportOnnx } from '../../../src/pipeline/exporters/onnx/onnx-model.ts';
import { prepareArchive } from '../../../src/pipeline/exporters/savedmodel/archive.ts';
import { exportModel } from '../../../src/pipeline/exporters/savedmodel/export-model.ts';
import { productsWork, usually } from '../../../src/pipeline/exporters/savedmodel/query-work.ts';
import { servingModel } from '../../../src/pipeline/exporters/savedmodel/model-graph.ts';
import { servingWork } from '../../../src/pipeline/exporters/savedmodel/serving-graph.ts';
import { modelKinds } from '../../../src/pipeline/kinds/registry.ts';
import { readPackage } from '../../../src/pipeline/model/open-model.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import { trainedPackages, type TrainedPackages } from '../support/trained-packages.ts';

const folder = temporaryFolder();
const KINDS = modelKinds.map(({ name }) => name);
let packages: TrainedPackages;

beforeAll(async () => {
  packages = await trainedPackages();
});
afterAll(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  await packages.remove();
});

const workOf = async (kind: string, items: number): Promise<number> => {
  const package_ = packages.folderOf(kind);
  return servingWork((await servingModel(package_, await readPackage(package_))).model, items);
};

describe('before anything is written', () => {
  it.each(KINDS)('the bytes of %s are told, to the byte', async (kind) => {
    const package_ = packages.folderOf(kind);
    for (const [write, name, file] of [
      [exportModel, kind, path.join(kind, 'saved_model.pb')],
      [exportOnnx, `${kind}.onnx`, `${kind}.onnx`],
    ] as const) {
      const told: GraphFigures[] = [];
      const written = path.join(folder, file);
      const onGraph = (figures: GraphFigures): void => {
        expect(fs.existsSync(written)).toBe(false);
        told.push(figures);
      };
      await write(package_, { output: path.join(folder, name), force: false }, { onGraph });
      expect(told.map(({ bytes }) => bytes)).toEqual([fs.statSync(written).size]);
    }
    const archive = await prepareArchive(package_);
    expect(archive.graph.bytes).toBe(fs.statSync(path.join(folder, kind, 'saved_model.pb')).size);
  });
});

describe('the work of a query', () => {
  it.each(KINDS)('of %s is some, and more items are not less', async (kind) => {
    const [one, ten] = [await workOf(kind, 1), await workOf(kind, 10)];
    expect(one).toBeGreaterThan(packages.itemCount / 2);
    expect(ten).toBeGreaterThanOrEqual(one);
  });

  it('is that of its members and more where a model is made of others', async () => {
    const members = ['recency-encoder', 'session-knn', 'group-affinity'];
    const sum = (await Promise.all(members.map((kind) => workOf(kind, 10)))).reduce((a, b) => a + b);
    for (const kind of ['blend', 'stack']) expect(await workOf(kind, 10)).toBeGreaterThan(sum);
  });

  it('grows with vectors, and with what is most often asked', () => {
    expect(productsWork(1000, 128)).toBeGreaterThan(1.8 * productsWork(1000, 64));
    expect(usually(Uint32Array.of(0, 1, 3), (code) => 100 * code)).toBe(175);
    expect(usually(Uint32Array.of(0), () => 1)).toBe(0);
  });
});

describe('words', () => {
  it('name both figures, and warn from where a graph is large or slow', () => {
    const small = { bytes: 51e6, numbers: 6.2e6 };
    expect(graphText(small)).toBe('51.0 MB; a query of 10 items goes through about 6.2 M numbers');
    expect(graphWarnings(small)).toEqual([]);
    expect(graphWarnings({ bytes: 1e9, numbers: 1 })).toEqual([
      expect.stringMatching(/^The graph is large: .*three times its 1\.0 GB.*three minutes/),
    ]);
    expect(graphWarnings({ bytes: 1, numbers: 2e9 })).toEqual([
      expect.stringMatching(/^The graph is slow: .*2\.0 G numbers/),
    ]);
  });
});
