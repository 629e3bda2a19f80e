/**
 * The protocol-buffer messages that a SavedModel is made of: names, numbers and types of the fields that are written, taken
 * from TensorFlow's definitions (tensorflow/core/framework/{types,tensor,tensor_shape,attr_value,node_def,graph,versions}.proto
 * and tensorflow/core/protobuf/{meta_graph,saved_model}.proto) by way of api.proto in the package @tensorflow/tfjs-node 4.22.
 * Copyright The TensorFlow Authors, licensed under the Apache License, Version 2.0: licenses/tensorflow-api-proto.txt.
 */
import protobuf, { type INamespace, type Type } from 'protobufjs/light.js';

const repeated = (type: string, id: number): { rule: string; type: string; id: number } => ({
  rule: 'repeated',
  type,
  id,
});
const one = (type: string, id: number): { type: string; id: number } => ({ type, id });
const map = (type: string, id: number): { keyType: string; type: string; id: number } => ({
  keyType: 'string',
  type,
  id,
});

/** Numbers of `DataType`. */
export const DATA_TYPES = {
  float: 1,
  double: 2,
  int32: 3,
  string: 7,
  int64: 9,
  bool: 10,
  resource: 20,
} as const;
export type DataType = keyof typeof DATA_TYPES;

const MESSAGES: INamespace = {
  nested: {
    TensorShape: {
      fields: { dim: repeated('Dim', 2), unknownRank: one('bool', 3) },
      nested: { Dim: { fields: { size: one('int64', 1), name: one('string', 2) } } },
    },
    Tensor: {
      fields: {
        dtype: one('int32', 1),
        tensorShape: one('TensorShape', 2),
        tensorContent: one('bytes', 4),
        stringVal: repeated('bytes', 8),
      },
    },
    ListValue: { fields: { type: repeated('int32', 6) } },
    AttrValue: {
      oneofs: { value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor'] } },
      fields: {
        list: one('ListValue', 1),
        s: one('bytes', 2),
        i: one('int64', 3),
        f: one('float', 4),
        b: one('bool', 5),
        type: one('int32', 6),
        shape: one('TensorShape', 7),
        tensor: one('Tensor', 8),
      },
    },
    NodeDef: {
      fields: {
        name: one('string', 1),
        op: one('string', 2),
        input: repeated('string', 3),
        device: one('string', 4),
        attr: map('AttrValue', 5),
      },
    },
    VersionDef: { fields: { producer: one('int32', 1), minConsumer: one('int32', 2) } },
    GraphDef: { fields: { node: repeated('NodeDef', 1), versions: one('VersionDef', 4) } },
    NodeList: { fields: { value: repeated('string', 1) } },
    CollectionDef: {
      oneofs: { kind: { oneof: ['nodeList'] } },
      fields: { nodeList: one('NodeList', 1) },
    },
    TensorInfo: {
      oneofs: { encoding: { oneof: ['name'] } },
      fields: { name: one('string', 1), dtype: one('int32', 2), tensorShape: one('TensorShape', 3) },
    },
    SignatureDef: {
      fields: {
        inputs: map('TensorInfo', 1),
        outputs: map('TensorInfo', 2),
        methodName: one('string', 3),
      },
    },
    MetaInfoDef: {
      fields: {
        metaGraphVersion: one('string', 1),
        tags: repeated('string', 4),
        tensorflowVersion: one('string', 5),
      },
    },
    MetaGraphDef: {
      fields: {
        metaInfoDef: one('MetaInfoDef', 1),
        graphDef: one('GraphDef', 2),
        collectionDef: map('CollectionDef', 4),
        signatureDef: map('SignatureDef', 5),
      },
    },
    SavedModel: {
      fields: { savedModelSchemaVersion: one('int64', 1), metaGraphs: repeated('MetaGraphDef', 2) },
    },
  },
};

const root = protobuf.Root.fromJSON(MESSAGES);

export type MessageName =
  | 'AttrValue'
  | 'CollectionDef'
  | 'GraphDef'
  | 'MetaGraphDef'
  | 'MetaInfoDef'
  | 'NodeDef'
  | 'SavedModel'
  | 'SignatureDef'
  | 'TensorShape'
  | 'VersionDef';

/** A message by its name, as protobufjs reads and writes it. */
export function messageType(name: MessageName): Type {
  return root.lookupType(name);
}

/** The bytes of a message. */
export function encode(name: MessageName, message: Readonly<Record<string, unknown>>): Uint8Array {
  return messageType(name).encode(message).finish();
}
