/**
 * The protocol-buffer messages that an ONNX model is made of: names, numbers and types of the fields that are written, as in
 * onnx/onnx.proto of ONNX (IR version 10). Copyright The ONNX Project Contributors, licensed under the Apache License,
 * Version 2.0.
 */
import protobuf, { type INamespace } from 'protobufjs/light.js';
import type { DataType } from '../savedmodel/tensorflow-messages.ts';

/** Numbers of `TensorProto.DataType`. */
export const ONNX_TYPES: Readonly<Partial<Record<DataType, number>>> = {
  float: 1,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  double: 11,
};

const one = (type: string, id: number): { type: string; id: number } => ({ type, id });
const repeated = (type: string, id: number): { rule: string; type: string; id: number } => ({
  rule: 'repeated',
  ...one(type, id),
});

const MESSAGES: INamespace = {
  nested: {
    Attribute: {
      fields: {
        name: one('string', 1),
        f: one('float', 2),
        i: one('int64', 3),
        s: one('bytes', 4),
        floats: repeated('float', 7),
        ints: repeated('int64', 8),
        strings: repeated('bytes', 9),
        type: one('int32', 20),
      },
    },
    Node: {
      fields: {
        input: repeated('string', 1),
        output: repeated('string', 2),
        name: one('string', 3),
        opType: one('string', 4),
        attribute: repeated('Attribute', 5),
        domain: one('string', 7),
      },
    },
    TensorHead: {
      fields: { dims: repeated('int64', 1), dataType: one('int32', 2), name: one('string', 8) },
    },
    Dimension: { fields: { dimValue: one('int64', 1), dimParam: one('string', 2) } },
    Shape: { fields: { dim: repeated('Dimension', 1) } },
    TensorType: { fields: { elemType: one('int32', 1), shape: one('Shape', 2) } },
    Type: { fields: { tensorType: one('TensorType', 1) } },
    ValueInfo: { fields: { name: one('string', 1), type: one('Type', 2) } },
    GraphTail: {
      fields: { name: one('string', 2), input: repeated('ValueInfo', 11), output: repeated('ValueInfo', 12) },
    },
    OperatorSet: { fields: { domain: one('string', 1), version: one('int64', 2) } },
    Entry: { fields: { key: one('string', 1), value: one('string', 2) } },
    Model: {
      fields: {
        irVersion: one('int64', 1),
        producerName: one('string', 2),
        opsetImport: repeated('OperatorSet', 8),
        metadataProps: repeated('Entry', 14),
      },
    },
  },
};

const root = protobuf.Root.fromJSON(MESSAGES);

export type MessageName = 'Node' | 'TensorHead' | 'GraphTail' | 'Model';

/** The bytes of a message. */
export function encode(name: MessageName, message: Readonly<Record<string, unknown>>): Uint8Array {
  return root.lookupType(name).encode(message).finish();
}

/** Number of a type of tensors. */
export function typeNumber(type: DataType): number {
  const number = ONNX_TYPES[type];
  if (number === undefined) throw new Error(`ONNX has no tensors of type ${type}`);
  return number;
}
