declare module 'lz4js' {
  /** Unpacks LZ4 frames. */
  export function decompress(source: Uint8Array, maximumSize?: number): Uint8Array;
  /** Packs into an LZ4 frame. */
  export function compress(source: Uint8Array): Uint8Array;
}
