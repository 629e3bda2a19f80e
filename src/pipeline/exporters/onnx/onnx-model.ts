/** `model.onnx`: the signature `recommend` of a model as a graph that ONNX runtimes load. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { UserError } from '../../../protocol/user-error.ts';
import { formatBytes } from '../../../protocol/text/format.ts';
import { readPackage } from '../../model/open-model.ts';
import { writeAtomically } from '../../store/atomic-file.ts';
import { isFolder } from '../output-files.ts';
import { cannotWrite, requireElsewhere, requireFree } from '../output-checks.ts';
import type { ModelExport, ModelExportRequest } from '../savedmodel/export-model.ts';
import { manifestOf } from '../savedmodel/manifest.ts';
import { figuresOf, servingModel, type ReadModel } from '../savedmodel/model-graph.ts';
import { LARGEST_MESSAGE } from '../savedmodel/saved-model.ts';
import { signaturesIn, type SignatureOf } from '../savedmodel/serving-graph.ts';
import { field, heldBytes, joined, type Bytes } from '../savedmodel/wire.ts';
import { writeBytesTo, type WriteJob } from '../savedmodel/write-bytes.ts';
import { OnnxGraph } from './onnx-graph.ts';
import type { OnnxInput } from './onnx-nodes.ts';
import { encode, typeNumber } from './onnx-messages.ts';

/** What ONNX Runtime 1.18 and later ones load. */
const VERSIONS = { ir: 10, opset: 20, ml: 4 };
const GRAPH_FIELD = 7;
/** The model in a folder. */
const IN_FOLDER = 'model.onnx';

/** @throws UserError where the file would be larger than a message can be, or an operation has no form in ONNX */
export function onnxModel(
  { model, what }: Pick<ReadModel, 'model' | 'what'>,
  told: Readonly<Record<string, string>>,
  limit = LARGEST_MESSAGE,
): Bytes {
  const graph = new OnnxGraph();
  const { items, ...others } = signaturesIn(graph, model).recommend().outputs;
  // Inputs and outputs have their names from one space.
  const outputs = { ...(items === undefined ? {} : { recommended: items }), ...others };
  for (const [name, { tensor }] of Object.entries(outputs)) graph.rename(tensor.input, name);
  const tail = encode('GraphTail', {
    name: 'recommend',
    input: graph.inputs.map(inputInfo),
    output: outputInfos(outputs),
  });
  const head = encode('Model', {
    irVersion: VERSIONS.ir,
    producerName: 'recsys',
    opsetImport: [
      { domain: '', version: VERSIONS.opset },
      { domain: 'ai.onnx.ml', version: VERSIONS.ml },
    ],
    metadataProps: Object.entries(told).map(([key, value]) => ({ key, value })),
  });
  const file = joined([heldBytes(head), field(GRAPH_FIELD, joined([graph.finish(), heldBytes(tail)]))]);
  if (file.length <= limit) return file;
  throw new UserError(
    `${what} would be an ONNX model of ${formatBytes(file.length)}, and a protocol buffer holds at most ${formatBytes(limit)}. Nothing was written.`,
    'Train it with fewer dimensions (--vector-size) or fewer items (--min-count), or serve the package itself: recsys serve.',
  );
}

/** Writes a package as an ONNX model, whole or not at all. @throws UserError where it may not or cannot be written */
export async function exportOnnx(
  folder: string,
  request: ModelExportRequest,
  job: WriteJob,
): Promise<ModelExport> {
  const place = (await isFolder(request.output))
    ? path.resolve(request.output, IN_FOLDER)
    : path.resolve(request.output);
  const package_ = await readPackage(folder);
  requireElsewhere({ folder, name: package_.name }, [place]);
  if (!request.force) await requireFree([place]);
  try {
    const read = await servingModel(folder, package_, request);
    const { maxK, trainCounts } = read.model;
    const of = { items: trainCounts.length, maxK, packageHash: read.packageHash };
    const { savedModelSha256: _, ...manifest } = manifestOf(package_, { ...of, savedModelHash: '' }, request);
    const file = onnxModel(read, { recsys: JSON.stringify(manifest) }, request.limit);
    job.onGraph?.(figuresOf(read.model, file));
    const hash = createHash('sha256');
    for (const chunk of file.chunks()) {
      job.signal?.throwIfAborted();
      hash.update(chunk);
      await setImmediate();
    }
    await fs.mkdir(path.dirname(place), { recursive: true });
    await writeAtomically(place, async (target) => {
      await writeBytesTo(target, file, job);
      if (!request.force) await requireFree([place]);
    });
    return { files: [place], bytes: file.length, manifest, sha256: hash.digest('hex') };
  } catch (error) {
    job.signal?.throwIfAborted();
    throw cannotWrite(place, error);
  }
}

function inputInfo({ name, type, rank }: OnnxInput): Record<string, unknown> {
  const dims = ['batch', 'length'].slice(0, rank);
  return valueInfo(name, typeNumber(type), dims);
}

function outputInfos(outputs: SignatureOf['outputs']): Record<string, unknown>[] {
  return Object.entries(outputs).map(([name, { tensor, shape }]) =>
    valueInfo(name, typeNumber(tensor.type), ['batch', 'width'].slice(0, shape.length)),
  );
}

function valueInfo(name: string, elemType: number, dims: readonly string[]): Record<string, unknown> {
  return { name, type: { tensorType: { elemType, shape: { dim: dims.map((dimParam) => ({ dimParam })) } } } };
}
