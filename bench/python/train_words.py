"""gensim's side of train.bench.ts: reads commands from standard input, one JSON line each, and answers in kind.

usage: train_words.py <playlists.parquet> <folder>
First writes the playlists (3 tracks and more) as `offsets` (uint32) and `items` (int32) into the folder.
Command: {"architecture": "cbow" | "skip-gram", "workers": n, "epochs": n}; answer: {"wordsPerSecond": x}
"""

import json
import sys
import time
from pathlib import Path

import gensim
import numpy as np
import pyarrow.parquet as pq


def playlists_of(path):
    frame = pq.read_table(path).to_pandas().sort_values("row_id")
    frame["code"] = (frame.artist.fillna("") + "|||" + frame.track.fillna("")).factorize()[0]
    groups = frame.code.groupby(frame.user_id.fillna("") + "-" + frame.playlist.fillna(""))
    return [codes.to_numpy(np.int32) for _, codes in groups if len(codes) > 2]


def train(sentences, words, architecture, workers, epochs):
    model = gensim.models.Word2Vec(
        min_count=3, vector_size=48, window=10, sg=int(architecture == "skip-gram"), workers=workers, epochs=epochs, seed=1
    )
    model.build_vocab(sentences)
    start = time.perf_counter()
    model.train(sentences, total_examples=model.corpus_count, epochs=epochs)
    return words * epochs / (time.perf_counter() - start)


def main():
    source, folder = sys.argv[1], Path(sys.argv[2])
    playlists = playlists_of(source)
    np.cumsum([0, *map(len, playlists)]).astype(np.uint32).tofile(folder / "offsets")
    np.concatenate(playlists).tofile(folder / "items")
    sentences = [[str(code) for code in codes] for codes in playlists]
    words = sum(map(len, playlists))
    items = int(max(codes.max() for codes in playlists)) + 1
    print(json.dumps({"version": gensim.__version__, "fast": gensim.models.word2vec.FAST_VERSION, "words": words, "itemCount": items}), flush=True)
    for line in sys.stdin:
        print(json.dumps({"wordsPerSecond": train(sentences, words, **json.loads(line))}), flush=True)


main()
