/** Training sequences as kinds that count in them keep them: two `.npy` files. */
import { readNpy, writeNpy } from '../../data/npy.ts';
import type { Sequences } from '../../data/prepared-data.ts';
import type { WriteArtifact } from './fit-context.ts';

/** Writes the artifacts `sequenceItems` and `sequenceOffsets`, the latter counted from the first item. */
export async function writeSequences(write: WriteArtifact, { items, offsets }: Sequences): Promise<void> {
  const base = offsets[0] ?? 0;
  const kept = items.subarray(base, offsets.at(-1) ?? base);
  const bounds = offsets.map((offset) => offset - base);
  await write('sequenceItems', 'sequence-items.npy', (file) => writeNpy(file, kept));
  await write('sequenceOffsets', 'sequence-offsets.npy', (file) => writeNpy(file, bounds));
}

/** Reads what `writeSequences` wrote. */
export async function readSequences(locate: (artifact: string) => string): Promise<Sequences> {
  const [items, offsets] = await Promise.all([
    readNpy(locate('sequenceItems'), Int32Array),
    readNpy(locate('sequenceOffsets'), Uint32Array),
  ]);
  return { items: items.array, offsets: offsets.array };
}
