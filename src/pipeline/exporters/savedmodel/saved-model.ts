/** `saved_model.pb`: a graph with its signatures, as TensorFlow and TensorFlow Serving load it. */
import { UserError } from '../../../protocol/user-error.ts';
import { formatBytes } from '../../../protocol/text/format.ts';
import { shapeOf } from './tensorflow-graph.ts';
import type { Port, ServingGraph, SignatureOf } from './serving-graph.ts';
import { DATA_TYPES, encode } from './tensorflow-messages.ts';
import { field, heldBytes, joined, type Bytes } from './wire.ts';

/** Largest message that protocol buffers can read. */
export const LARGEST_MESSAGE = 2 ** 31 - 1;

/** Numbers of fields of messages that hold the graph. */
const FIELD = { schemaVersion: 1, metaGraphs: 2, graphDef: 2 };
const SCHEMA_VERSION = 1;
const META_INFO = { metaGraphVersion: 'recsys', tags: ['serve'], tensorflowVersion: '2.8.0' };
const PREDICT = 'tensorflow/serving/predict';

function infoOf({ tensor, shape }: Port): Record<string, unknown> {
  const name = tensor.input.includes(':') ? tensor.input : `${tensor.input}:0`;
  return { name, dtype: DATA_TYPES[tensor.type], tensorShape: shapeOf(shape) };
}

function infosOf(ports: SignatureOf['inputs']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, infoOf(port)]));
}

function signatureOf({ inputs, outputs }: SignatureOf): Record<string, unknown> {
  return { inputs: infosOf(inputs), outputs: infosOf(outputs), methodName: PREDICT };
}

/**
 * The bytes of the file, made as they are read.
 * @param what the model, in words
 * @param limit largest file
 * @throws UserError where the file would be larger than TensorFlow can load
 */
export function savedModel(
  { graph, signatures, initializer }: ServingGraph,
  what: string,
  limit = LARGEST_MESSAGE,
): Bytes {
  const signatureDef = Object.fromEntries(
    Object.entries(signatures).map(([name, signature]) => [name, signatureOf(signature)]),
  );
  const rest = encode('MetaGraphDef', {
    metaInfoDef: META_INFO,
    collectionDef: { saved_model_main_op: { nodeList: { value: [initializer] } } },
    signatureDef,
  });
  const metaGraph = joined([heldBytes(rest), field(FIELD.graphDef, graph)]);
  const file = joined([
    heldBytes(Uint8Array.of(FIELD.schemaVersion << 3, SCHEMA_VERSION)),
    field(FIELD.metaGraphs, metaGraph),
  ]);
  if (file.length > limit) throw tooLarge(what, file.length, limit);
  return file;
}

function tooLarge(what: string, bytes: number, limit: number): UserError {
  return new UserError(
    `${what} would be a SavedModel of ${formatBytes(bytes)}, and TensorFlow loads at most ${formatBytes(limit)} in one file (the end of protocol buffers). Nothing was written.`,
    'Train it with fewer dimensions (--vector-size), fewer ensemble members or fewer items (--min-count), or serve the package itself: recsys serve.',
  );
}
