import * as fs from 'node:fs/promises';
import { writeBytes } from '../data/npy.ts';
import type { ExportJob } from './exporter.ts';

/** Bytes that are written at a time, at least. */
const BLOCK_BYTES = 1 << 20;

export type Piece = string | Uint8Array;

export interface Rows {
  /** What stands before all rows. */
  readonly head?: Piece;
  readonly count: number;
  /** Gives a row piece by piece; bytes are read before the next block begins. */
  readonly row: (row: number, put: (piece: Piece) => void) => void;
}

/** Writes a new file row by row, and holds no more of it than a block. */
export async function writeRows(
  file: string,
  { head, count, row }: Rows,
  { signal, onRows }: ExportJob,
): Promise<void> {
  const handle = await fs.open(file, 'wx');
  try {
    let pieces: Uint8Array[] = [];
    let bytes = 0;
    const put = (piece: Piece): void => {
      const taken = typeof piece === 'string' ? Buffer.from(piece) : piece;
      pieces.push(taken);
      bytes += taken.length;
    };
    if (head !== undefined) put(head);
    for (let at = 0; at < count; at++) {
      row(at, put);
      if (bytes < BLOCK_BYTES) continue;
      signal?.throwIfAborted();
      await writeBytes(handle, Buffer.concat(pieces, bytes));
      [pieces, bytes] = [[], 0];
      onRows?.(at + 1);
    }
    signal?.throwIfAborted();
    await writeBytes(handle, Buffer.concat(pieces, bytes));
    onRows?.(count);
  } finally {
    await handle.close();
  }
}
