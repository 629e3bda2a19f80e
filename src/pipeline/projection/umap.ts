/**
 * UMAP (McInnes, Healy and Melville 2018), by the WebAssembly build of embedding-atlas: seeded, one thread, epoch by epoch.
 */
// The package gives out its viewer alone; the file of UMAP by itself is a sixth of it, and needs none of its peers.
import { createUMAP } from '../../../node_modules/embedding-atlas/dist/umap.js';
import type { Projector, ProjectorInput } from './projector.ts';

const NEIGHBOURS = 15;

/** As the method's own implementation has it: fewer for many items, which come to rest sooner. */
export function umapEpochs(rows: number): number {
  if (rows <= 10_000) return 500;
  return rows <= 50_000 ? 300 : 200;
}

export async function umap({ values, dimension, seed }: ProjectorInput): Promise<Projector> {
  const rows = values.length / dimension;
  const epochs = umapEpochs(rows);
  const made = await createUMAP(rows, dimension, 2, values, {
    metric: 'cosine',
    nNeighbors: Math.min(NEIGHBOURS, rows - 1),
    nEpochs: epochs,
    seed,
  });
  return {
    epochs,
    get epoch() {
      return made.epoch;
    },
    run: (until) => made.run(until),
    positions: () => made.embedding.slice(),
  };
}
