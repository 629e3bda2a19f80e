"""gensim's side of encoder.bench.ts: reads commands from standard input, one JSON line each, and answers in kind.

usage: train_cbow.py <playlists.parquet> <folder>
First writes the playlists (3 tracks and more) as `offsets` (uint32) and `items` (int32) into the folder.
Command: {"folder": where offsets and items lie, ...arguments of Word2Vec}; answer: {"seconds": x}
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


def train(folder, **arguments):
    offsets = np.fromfile(Path(folder) / "offsets", np.uint32)
    items = np.fromfile(Path(folder) / "items", np.int32).astype(str).tolist()
    sentences = [items[a:b] for a, b in zip(offsets[:-1], offsets[1:])]
    model = gensim.models.Word2Vec(sg=0, seed=1, **arguments)
    model.build_vocab(sentences)
    start = time.perf_counter()
    model.train(sentences, total_examples=model.corpus_count, epochs=model.epochs)
    return time.perf_counter() - start


def main():
    source, folder = sys.argv[1], Path(sys.argv[2])
    playlists = playlists_of(source)
    np.cumsum([0, *map(len, playlists)]).astype(np.uint32).tofile(folder / "offsets")
    np.concatenate(playlists).tofile(folder / "items")
    print(json.dumps({"version": gensim.__version__, "fast": gensim.models.word2vec.FAST_VERSION}), flush=True)
    for line in sys.stdin:
        print(json.dumps({"seconds": train(**json.loads(line))}), flush=True)


main()
