"""Peers of the top-k benchmark: faiss-cpu's flat index, and a loop over gensim's most_similar.

usage: topk_peers.py faiss <vectors.npy> <queries.npy> <k> <threads> <out prefix>
       topk_peers.py gensim <vectors.npy> <queries.npy> <k> <number of queries>

Queries are row numbers. Prints one line of JSON; faiss also writes <out prefix>rows.npy and <out prefix>scores.npy.
"""

import json
import sys
import time

import numpy as np


def run_faiss(vectors, queries, k, threads, prefix):
    import faiss

    faiss.omp_set_num_threads(threads)
    index = faiss.IndexFlatIP(vectors.shape[1])
    start = time.perf_counter()
    index.add(vectors)
    build = time.perf_counter() - start
    asked = np.ascontiguousarray(vectors[queries])
    index.search(asked[:500], k)
    start = time.perf_counter()
    scores, rows = index.search(asked, k)
    batch = time.perf_counter() - start
    singles = []
    for i in range(300):
        start = time.perf_counter()
        index.search(asked[i : i + 1], k)
        singles.append(time.perf_counter() - start)
    np.save(prefix + "rows.npy", rows.astype(np.int32))
    np.save(prefix + "scores.npy", scores)
    return {
        "seconds": batch,
        "build": build,
        "p50": float(np.percentile(singles, 50)) * 1000,
        "p95": float(np.percentile(singles, 95)) * 1000,
        "version": f"faiss-cpu {faiss.__version__} ({faiss.get_compile_options().strip()})",
    }


def run_gensim(vectors, queries, k, count):
    import gensim

    keyed = gensim.models.KeyedVectors(vectors.shape[1])
    keyed.add_vectors([str(i) for i in range(len(vectors))], vectors)
    keyed.fill_norms()
    keys = [str(i) for i in queries[:count]]
    for key in keys[:20]:
        keyed.most_similar(key, topn=k)
    start = time.perf_counter()
    for key in keys:
        keyed.most_similar(key, topn=k)
    return {"seconds": time.perf_counter() - start, "version": f"gensim {gensim.__version__}"}


def main():
    peer, vectors_file, queries_file = sys.argv[1:4]
    vectors, queries = np.load(vectors_file), np.load(queries_file)
    rest = sys.argv[4:]
    if peer == "faiss":
        result = run_faiss(vectors, queries, int(rest[0]), int(rest[1]), rest[2])
    else:
        result = run_gensim(vectors, queries, int(rest[0]), int(rest[1]))
    print(json.dumps(result))


main()
