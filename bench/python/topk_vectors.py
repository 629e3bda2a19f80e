"""Train CBOW vectors for the top-k benchmark with gensim.

The sample has too few tracks for a catalogue of 100 k, so the playlists are copied under new track
names. A track of a copy is now and then replaced by the same track of another copy, so that the copies
share one space and are not islands.

usage: topk_vectors.py <playlists.parquet> <out.npy> <items>
"""

import sys

import gensim
import numpy as np
import pyarrow.parquet as pq

COPIES = 6
STRAY = 0.15  # share of a copy's tracks taken from another copy
MIN_COUNT = 3
EPOCHS = 30
DIMENSIONS = 48


def playlists_of(path):
    """Track codes of each playlist, in playlist order."""
    table = pq.read_table(path).to_pandas().sort_values("row_id", kind="stable")
    table = table.dropna(subset=["artist", "track", "playlist"])
    codes = table.groupby(["artist", "track"], sort=True).ngroup().to_numpy()
    keys = table.groupby(["user_id", "playlist"], sort=True).ngroup().to_numpy()
    order = np.argsort(keys, kind="stable")
    cuts = np.flatnonzero(np.diff(keys[order])) + 1
    return np.split(codes[order], cuts)


def renamed_copies(playlists, rng):
    """COPIES times the playlists; token `c:t` is track t under the name it has in copy c."""
    sentences = []
    for copy in range(COPIES):
        for tracks in playlists:
            stray = rng.random(len(tracks)) < STRAY
            copies = np.where(stray, rng.integers(0, COPIES, len(tracks)), copy)
            sentences.append([f"{c}:{t}" for c, t in zip(copies, tracks)])
    rng.shuffle(sentences)
    return sentences


def main():
    source, out, items = sys.argv[1], sys.argv[2], int(sys.argv[3])
    rng = np.random.default_rng(7)
    sentences = renamed_copies(playlists_of(source), rng)
    model = gensim.models.Word2Vec(
        sentences, vector_size=DIMENSIONS, window=10, min_count=MIN_COUNT, epochs=EPOCHS, workers=2, seed=1
    )
    vectors = model.wv.get_normed_vectors().astype(np.float32)
    if len(vectors) < items:
        sys.exit(f"only {len(vectors)} items after min_count {MIN_COUNT}")
    np.save(out, np.ascontiguousarray(vectors[:items]))


main()
