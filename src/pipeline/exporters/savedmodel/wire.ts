/**
 * Protocol buffers that are too large to be held: bytes whose number is known before they are made, so that a message can
 * tell the length of what follows.
 */
import protobuf from 'protobufjs/light.js';

export interface Bytes {
  readonly length: number;
  /** Makes them anew each time, piece by piece. */
  chunks(): Iterable<Uint8Array>;
}

export function heldBytes(bytes: Uint8Array): Bytes {
  return { length: bytes.length, chunks: () => [bytes] };
}

export function joined(parts: readonly Bytes[]): Bytes {
  return {
    length: parts.reduce((sum, part) => sum + part.length, 0),
    *chunks() {
      for (const part of parts) yield* part.chunks();
    },
  };
}

/** Number of the wire type of what has a length. */
const LENGTH_DELIMITED = 2;

/** The head of a field that is followed by so many bytes. */
export function fieldHead(field: number, length: number): Uint8Array {
  return protobuf.Writer.create()
    .uint32((field << 3) | LENGTH_DELIMITED)
    .uint32(length)
    .finish();
}

/** A field of a message: bytes, a string or another message. */
export function field(number: number, content: Bytes): Bytes {
  return joined([heldBytes(fieldHead(number, content.length)), content]);
}
