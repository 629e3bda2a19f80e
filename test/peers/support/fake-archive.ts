/** An archive writer that stands for the exporter: equal packages give equal bytes. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { PrepareArchive } from '../../../src/pipeline/deploy/archive-writer.ts';

/** @param bytes of each archive */
export function fakeArchive(bytes: number): PrepareArchive {
  return (packageFolder) => {
    const seed = createHash('sha256')
      .update(fs.readFileSync(path.join(packageFolder, 'model.json')))
      .digest();
    const content = Buffer.alloc(bytes, seed);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return Promise.resolve({
      graph: { bytes, numbers: bytes },
      write: (output, { signal, onProgress }) => {
        signal?.throwIfAborted();
        fs.writeFileSync(output, content);
        onProgress?.(bytes, bytes);
        return Promise.resolve({ file: output, bytes, sha256 });
      },
    });
  };
}
