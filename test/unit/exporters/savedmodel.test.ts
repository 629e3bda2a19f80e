/** SavedModels without TensorFlow: their bytes read again by protobufjs, archives, and what is refused. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar/fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { EXIT } from '../../../src/protocol/user-error.ts';
import { prepareArchive, type WrittenArchive } from '../../../src/pipeline/exporters/savedmodel/archive.ts';
import { exportModel } from '../../../src/pipeline/exporters/savedmodel/export-model.ts';
import { TensorFlowGraph } from '../../../src/pipeline/exporters/savedmodel/tensorflow-graph.ts';
import { exportedKinds, kindExporter } from '../../../src/pipeline/exporters/savedmodel/kinds/registry.ts';
import { ArchiveManifest } from '../../../src/pipeline/exporters/savedmodel/manifest.ts';
import { modelGraph } from '../../../src/pipeline/exporters/savedmodel/model-graph.ts';
import { int, scalar } from '../../../src/pipeline/exporters/savedmodel/operations.ts';
import { arrayData, rowsData, stringsData } from '../../../src/pipeline/exporters/savedmodel/tensor-data.ts';
import { messageType } from '../../../src/pipeline/exporters/savedmodel/tensorflow-messages.ts';
import type { Bytes } from '../../../src/pipeline/exporters/savedmodel/wire.ts';
import { modelKinds } from '../../../src/pipeline/kinds/registry.ts';
import { readPackage } from '../../../src/pipeline/model/open-model.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import { trainedPackages, type TrainedPackages } from '../support/trained-packages.ts';

const folder = temporaryFolder();
let packages: TrainedPackages;
const at = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  packages = await trainedPackages(['prod2vec', 'popularity']);
});
afterAll(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  await packages.remove();
});

const held = (bytes: Bytes): Buffer => Buffer.concat([...bytes.chunks()]);

const Tensor = z.object({
  dtype: z.number(),
  tensorContent: z.optional(z.string()),
  stringVal: z.optional(z.array(z.string())),
});
const Node = z.object({
  name: z.string(),
  op: z.string(),
  input: z.optional(z.array(z.string())),
  attr: z._default(z.record(z.string(), z.looseObject({ tensor: z.optional(Tensor) })), {}),
});
const Decoded = z.object({
  metaGraphs: z.array(
    z.object({
      metaInfoDef: z.object({ tags: z.array(z.string()) }),
      graphDef: z.object({ node: z.array(Node) }),
      collectionDef: z.record(z.string(), z.unknown()),
      signatureDef: z.record(
        z.string(),
        z.object({
          inputs: z.record(z.string(), z.unknown()),
          outputs: z.record(z.string(), z.unknown()),
          methodName: z.string(),
        }),
      ),
    }),
  ),
});

function decoded(bytes: Buffer): z.infer<typeof Decoded> {
  const type = messageType('SavedModel');
  return Decoded.parse(type.toObject(type.decode(bytes), { bytes: String, longs: Number }));
}

describe('a graph', () => {
  it('holds what was put into it', () => {
    const graph = new TensorFlowGraph();
    const big = Array.from({ length: 3000 }, (_, row) => row);
    graph.constant(
      rowsData({ rows: big.length, dimension: 100, fill: (row, out) => void out.fill(row) }),
      'rows',
    );
    graph.constant(
      stringsData(3, (item) => ['a', '', 'ü'][item] ?? ''),
      'names',
    );
    graph.constant(arrayData('int32', Int32Array.of(1, -1)), 'names');
    expect(int(graph, 4)).toEqual(int(graph, 4));
    expect(scalar(graph, 'double', 4).input).not.toBe(int(graph, 4).input);
    const bytes = graph.finish();
    expect(held(bytes)).toHaveLength(bytes.length);
    const type = messageType('GraphDef');
    const { node } = z
      .object({ node: z.array(Node) })
      .parse(type.toObject(type.decode(held(bytes)), { bytes: String, longs: Number }));
    expect(node.map(({ name }) => name)).toEqual(['rows', 'names', 'names_1', 'scalar', 'scalar_1']);
    const content = Buffer.from(node[0]?.attr['value']?.tensor?.tensorContent ?? '', 'base64');
    const values = new Float32Array(
      content.buffer.slice(content.byteOffset, content.byteOffset + content.length),
    );
    expect([values.length, values[0], values.at(-1)]).toEqual([300_000, 0, 2999]);
    const names = node[1]?.attr['value']?.tensor?.stringVal?.map((text) =>
      Buffer.from(text, 'base64').toString(),
    );
    expect(names).toEqual(['a', '', 'ü']);
  });
});

describe('a model', () => {
  it('has two signatures, a table that is filled when it is loaded, and each node once', async () => {
    const package_ = packages.folderOf('prod2vec');
    const { file } = await modelGraph(package_, await readPackage(package_));
    const { metaGraphs } = decoded(held(file));
    const [{ metaInfoDef, graphDef, collectionDef, signatureDef } = {}] = metaGraphs;
    expect(metaInfoDef?.tags).toEqual(['serve']);
    expect(Object.keys(signatureDef ?? {}).sort()).toEqual(['recommend', 'serving_default']);
    expect(signatureDef?.['serving_default']?.methodName).toBe('tensorflow/serving/predict');
    expect(Object.keys(signatureDef?.['recommend']?.inputs ?? {}).sort()).toEqual([
      'exclude_query',
      'items',
      'k',
    ]);
    expect(collectionDef).toEqual({ saved_model_main_op: { nodeList: { value: ['fill_item_table'] } } });
    const names = graphDef?.node.map(({ name }) => name) ?? [];
    expect(new Set(names).size).toBe(names.length);
    const known = new Set(names);
    const inputs = graphDef?.node.flatMap(({ input = [] }) => input.map((one) => one.split(':')[0] ?? ''));
    expect(inputs?.filter((one) => !known.has(one))).toEqual([]);
  });

  it('of any kind has a graph; one of a kind that has none is refused, and the kinds are named', () => {
    expect([...exportedKinds].sort()).toEqual(modelKinds.map(({ name }) => name).sort());
    expect(() => kindExporter('of-tomorrow', "Model 'm'")).toThrow(
      expect.objectContaining({
        message: expect.stringContaining("Model 'm' cannot be written") as unknown,
        hint: expect.stringContaining(exportedKinds.join(', ')) as unknown,
        exitCode: EXIT.usage,
      }) as Error,
    );
  });

  it('that is too large is refused with its size before anything is written', async () => {
    const request = { output: at('large'), force: false, limit: 10_000 };
    const refused = exportModel(packages.folderOf('prod2vec'), request, {});
    await expect(refused).rejects.toThrow(
      /would be a SavedModel of .+, and TensorFlow loads at most 10\.0 kB/,
    );
    expect(fs.existsSync(at('large'))).toBe(false);
  });

  it('is not written over what is there, nor half when given up', async () => {
    const popularity = packages.folderOf('popularity');
    const { files } = await exportModel(popularity, { output: at('whole'), force: false }, {});
    expect(files.map((file) => path.relative(folder, file).split(path.sep).join('/'))).toEqual([
      'whole/saved_model.pb',
      'whole/assets.extra/recsys.json',
    ]);
    await expect(exportModel(popularity, { output: at('whole'), force: false }, {})).rejects.toThrow(
      'is there already',
    );
    await exportModel(popularity, { output: at('whole'), force: true }, {});
    const stop = new AbortController();
    const given = { signal: stop.signal, onProgress: () => stop.abort() };
    for (const output of [at('given-up'), at('given-up.tar.gz')])
      await expect(exportModel(popularity, { output, force: false }, given)).rejects.toThrow();
    expect(fs.readdirSync(folder).filter((name) => name.includes('given-up'))).toEqual([]);
  });
});

describe('an archive', () => {
  it('has the same bytes each time, and the layout that servers take', async () => {
    const written = async (output: string): Promise<WrittenArchive> => {
      const archive = await prepareArchive(packages.folderOf('prod2vec'), { maxK: 20, run: 'run-1' });
      return archive.write(at(output), { name: 'songs', version: '3' });
    };
    const first = await written('one.tar.gz');
    const second = await written('two.tar.gz');
    expect(second.sha256).toBe(first.sha256);
    const bytes = fs.readFileSync(first.file);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(first.sha256);
    expect([bytes.length, ...bytes.subarray(4, 8), bytes[9]]).toEqual([first.bytes, 0, 0, 0, 0, 255]);
    await pipeline(Readable.from([bytes]), createGunzip(), unpackTar(at('unpacked')));
    const model = fs.readFileSync(at('unpacked/songs/3/saved_model.pb'));
    const told: unknown = JSON.parse(
      fs.readFileSync(at('unpacked/songs/3/assets.extra/recsys.json'), 'utf8'),
    );
    expect(ArchiveManifest.parse(told)).toEqual(first.manifest);
    expect(first.manifest).toMatchObject({ model: 'prod2vec', run: 'run-1', maxK: 20, everything: false });
    expect(createHash('sha256').update(model).digest('hex')).toBe(first.manifest.savedModelSha256);
  });

  it.each([
    [{ name: '../up', version: '1' }, 'cannot be the name'],
    [{ name: 'songs', version: 'v1' }, 'cannot be the version'],
  ])('refuses %o', async (options, said) => {
    const archive = await prepareArchive(packages.folderOf('prod2vec'));
    await expect(archive.write(at('no.tar.gz'), options)).rejects.toThrow(said);
  });
});
