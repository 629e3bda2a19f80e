"""The Python side of word2vec-equality.test.ts.

prepare PARQUET DIR            split and integer-code the playlists
gensim DIR ARCH EPOCHS SEEDS   train gensim with 2 workers, one file of vectors a seed
compare DIR ARCH ALGORITHM SEEDS   hit rates and neighbours of ours against gensim's, as JSON
"""

import hashlib
import json
import sys
import time
from itertools import combinations, product
from pathlib import Path

import numpy as np

VECTOR_SIZE, WINDOW, MIN_COUNT = 48, 10, 3
RESAMPLES = 2000


def prepare(parquet, folder):
    import pyarrow.parquet

    frame = pyarrow.parquet.read_table(parquet).to_pandas().sort_values("row_id")
    playlist = frame.user_id.fillna("") + "-" + frame.playlist.fillna("")
    frame["code"] = (frame.artist.fillna("") + "|||" + frame.track.fillna("")).factorize()[0]
    sequences = [(key, group.to_numpy(np.int32)) for key, group in frame.code.groupby(playlist) if len(group) > 2]
    sequences.sort(key=lambda pair: hashlib.sha256(("equality " + pair[0]).encode()).digest())
    for name, part in (("train", sequences[: int(0.7 * len(sequences))]), ("test", sequences[int(0.9 * len(sequences)) :])):
        np.cumsum([0] + [len(items) for _, items in part]).astype(np.uint32).tofile(folder / f"{name}.offsets")
        np.concatenate([items for _, items in part]).tofile(folder / f"{name}.items")
    print(json.dumps({"itemCount": int(frame.code.max()) + 1}))


def read_sequences(folder, name):
    offsets = np.fromfile(folder / f"{name}.offsets", np.uint32).astype(np.int64)
    items = np.fromfile(folder / f"{name}.items", np.int32)
    return [items[a:b] for a, b in zip(offsets[:-1], offsets[1:])]


def train_gensim(folder, architecture, epochs, seeds):
    from gensim.models import Word2Vec

    sentences = [[str(item) for item in sequence] for sequence in read_sequences(folder, "train")]
    words = sum(map(len, sentences)) * epochs
    rates = []
    for seed in seeds:
        model = Word2Vec(
            min_count=MIN_COUNT, vector_size=VECTOR_SIZE, window=WINDOW, ns_exponent=0.75,
            sg=int(architecture == "skip-gram"), workers=2, seed=seed, epochs=epochs,
        )  # fmt: skip
        model.build_vocab(sentences)
        start = time.perf_counter()
        model.train(sentences, total_examples=model.corpus_count, epochs=epochs)
        rates.append(words / (time.perf_counter() - start))
        np.array(model.wv.index_to_key, dtype=np.int32).tofile(folder / f"peer-{architecture}-{seed}.items")
        model.wv.vectors.astype(np.float32).tofile(folder / f"peer-{architecture}-{seed}.vectors")
    print(json.dumps({"wordsPerSecond": rates}))


class Model:
    def __init__(self, folder, name):
        self.items = np.fromfile(folder / f"{name}.items", np.int32)
        vectors = np.fromfile(folder / f"{name}.vectors", np.float32).reshape(len(self.items), -1)
        self.unit = vectors / np.maximum(1e-12, np.linalg.norm(vectors, axis=1, keepdims=True))
        self.row = np.full(int(self.items.max()) + 1, -1)
        self.row[self.items] = np.arange(len(self.items))

    def rows(self, items):
        items = np.asarray(items)
        known = (items >= 0) & (items < len(self.row))
        return np.where(known, self.row[np.where(known, items, 0)], -1)

    def scores(self, rows):
        """Cosine of some rows with all, themselves excluded, a block at a time."""
        for block in np.array_split(rows, max(1, len(rows) // 1000)):
            scores = self.unit[block] @ self.unit.T
            scores[np.arange(len(block)), block] = -2
            yield scores

    def hits(self, queries, targets, k=100):
        """1 where the target is among the k nearest of the query; what is out of vocabulary is a miss."""
        query, target = self.rows(queries), self.rows(targets)
        usable = np.flatnonzero((query >= 0) & (target >= 0) & (query != target))
        ranks, done = [], 0
        for scores in self.scores(query[usable]):
            of_target = scores[np.arange(len(scores)), target[usable[done : done + len(scores)]]]
            ranks.append((scores >= of_target[:, None]).sum(axis=1))
            done += len(scores)
        hits = np.zeros(len(queries))
        hits[usable] = np.concatenate(ranks) <= k
        return hits

    def nearest(self, items, k=10):
        return np.concatenate([
            self.items[np.argpartition(-scores, k, axis=1)[:, :k]] for scores in self.scores(self.rows(items))
        ])  # fmt: skip


def queries_of(folder, known):
    """Every fifth position and the last of each test playlist; the query is the last item before that has a vector."""
    sequences, queries, targets = [], [], []
    for index, items in enumerate(read_sequences(folder, "test")):
        for position in sorted({*range(4, len(items), 5), len(items) - 1}):
            before = [item for item in items[:position] if item in known]
            sequences.append(index)
            queries.append(before[-1] if before else -1)
            targets.append(items[position])
    return np.array(sequences), np.array(queries), np.array(targets)


def overlap(a, b):
    """The share of the items of each row of `a` that the same row of `b` has; no row has one twice."""
    return float((a[:, :, None] == b[:, None, :]).sum() / a.size)


def relative_difference(ours, theirs, sequences):
    """(ours - theirs) / theirs of the mean hits, with the 95 % interval of a bootstrap over playlists."""
    count = sequences.max() + 1
    sum_ours, sum_theirs = (np.bincount(sequences, hits, count) for hits in (ours, theirs))
    drawn = np.random.default_rng(1).integers(0, count, (RESAMPLES, count))
    ratios = sum_ours[drawn].sum(axis=1) / sum_theirs[drawn].sum(axis=1) - 1
    low, high = np.percentile(ratios, [2.5, 97.5])
    return {"value": sum_ours.sum() / sum_theirs.sum() - 1, "low": float(low), "high": float(high)}


def compare(folder, architecture, algorithm, seeds):
    gensim = [Model(folder, f"peer-{architecture}-{seed}") for seed in seeds]
    ours = [Model(folder, f"{algorithm}-{architecture}-{seed}") for seed in seeds]
    assert all(set(model.items) == set(gensim[0].items) for model in gensim + ours), "vocabularies differ"
    sequences, queries, targets = queries_of(folder, set(gensim[0].items.tolist()))
    hits_ours, hits_gensim = ([model.hits(queries, targets) for model in models] for models in (ours, gensim))
    asked = np.unique(queries[queries >= 0])
    near_ours, near_gensim = ([model.nearest(asked) for model in models] for models in (ours, gensim))
    print(json.dumps({
        "queries": len(queries),
        "items": len(asked),
        "hitRate": [float(hits.mean()) for hits in hits_ours],
        "hitRateGensim": [float(hits.mean()) for hits in hits_gensim],
        "difference": relative_difference(np.mean(hits_ours, axis=0), np.mean(hits_gensim, axis=0), sequences),
        "overlap": float(np.mean([overlap(a, b) for a, b in product(near_ours, near_gensim)])),
        "overlapGensim": float(np.mean([overlap(a, b) for a, b in combinations(near_gensim, 2)])),
    }))  # fmt: skip


def main():
    command, *rest = sys.argv[1:]
    if command == "prepare":
        prepare(rest[0], Path(rest[1]))
    elif command == "gensim":
        train_gensim(Path(rest[0]), rest[1], int(rest[2]), [int(seed) for seed in rest[3].split(",")])
    else:
        compare(Path(rest[0]), rest[1], rest[2], [int(seed) for seed in rest[3].split(",")])


main()
