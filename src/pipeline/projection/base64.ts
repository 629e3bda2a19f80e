/** The bytes of an array as text, for what can carry nothing else: JSON-RPC, and pages that are one file. */
export function base64(array: Uint8Array | Int32Array | Uint32Array | Float32Array): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');
}
