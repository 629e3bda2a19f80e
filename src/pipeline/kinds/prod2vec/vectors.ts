import { readNpy } from '../../data/npy.ts';
import type { VectorReader } from '../model-kind.ts';

/** The vectors that training left. */
export const prod2vecVectors: VectorReader = {
  stated:
    'Input vectors of word2vec, as trained, not scaled to length 1. Compare them by cosine, which is also how the model scores after a list: by its last item alone.',
  async read({ locate }) {
    const [vectors, items] = await Promise.all([
      readNpy(locate('vectors'), Float32Array),
      readNpy(locate('vectorItems'), Int32Array),
    ]);
    return { dimension: vectors.shape[1] ?? 0, items: items.array, values: vectors.array };
  },
};
