import * as fs from 'node:fs/promises';
import type { GraphFigures } from '../../../protocol/graph-figures.ts';
import { writeBytes } from '../../data/npy.ts';
import type { Bytes } from './wire.ts';

export interface WriteJob {
  readonly signal?: AbortSignal | undefined;
  /** Hears of what will be written, before anything is. */
  readonly onGraph?: ((figures: GraphFigures) => void) | undefined;
  /** Hears of bytes. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** Writes a new file piece by piece. */
export async function writeBytesTo(
  file: string,
  bytes: Bytes,
  { signal, onProgress }: WriteJob = {},
): Promise<void> {
  const handle = await fs.open(file, 'wx');
  try {
    let done = 0;
    for (const chunk of bytes.chunks()) {
      signal?.throwIfAborted();
      await writeBytes(handle, chunk);
      done += chunk.length;
      onProgress?.(done, bytes.length);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}
