declare module 'lz4js' {
  /** Unpacks LZ4 frames. */
  export function decompress(source: Uint8Array, maximumSize?: number): Uint8Array;
}
