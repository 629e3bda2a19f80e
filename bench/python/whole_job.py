"""The tutorial's job in Python: DuckDB, pandas, gensim for three hyper-parameter sets in parallel, most_similar evaluation.

usage: whole_job.py <parquet> <positions: last | every:N> <workers>
Prints one JSON line with seconds by stage and the hit rates.
"""

import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import duckdb
from gensim.models import Word2Vec

SETS = [
    {"min_count": c, "epochs": 30, "vector_size": 48, "window": 10, "ns_exponent": 0.75}
    for c in (3, 5, 10)
]
QUERY = """
SELECT * FROM (
  SELECT playlist_id, LIST(track_id ORDER BY row_id ASC) AS track_sequence
  FROM (SELECT row_id, CONCAT(user_id, '-', playlist) AS playlist_id, CONCAT(artist, '|||', track) AS track_id FROM '{}')
  GROUP BY playlist_id HAVING len(track_sequence) > 2)
"""


def prepare(path):
    frame = duckdb.sql(QUERY.format(path)).df().sample(frac=1, random_state=42)
    n = len(frame)
    a, b = int(0.7 * n), int(0.9 * n)
    lists = [[list(s) for s in part.track_sequence] for part in (frame[:a], frame[a:b], frame[b:])]
    return lists


def queries(sequences, positions):
    every = None if positions == "last" else int(positions.split(":")[1])
    for s in sequences:
        last = len(s) - 1
        places = {last} | (set(range(every, last, every)) if every else set())
        for place in sorted(places):
            yield s[place - 1], s[place]


def hit_rate(vectors, sequences, positions, k=100):
    hits = total = 0
    for query, target in queries(sequences, positions):
        total += 1
        if query in vectors.key_to_index:
            hits += any(name == target for name, _ in vectors.most_similar(query, topn=k))
    return hits / total


def branch(job):
    train, validation, hypers, workers, positions = job
    t0 = time.perf_counter()
    vectors = Word2Vec(train, workers=workers, **hypers).wv
    t1 = time.perf_counter()
    metric = hit_rate(vectors, validation, positions)
    return vectors, metric, t1 - t0, time.perf_counter() - t1


def main():
    path, positions, workers = sys.argv[1], sys.argv[2], int(sys.argv[3])
    t0 = time.perf_counter()
    train, validation, test = prepare(path)
    t1 = time.perf_counter()
    jobs = [(train, validation, hypers, 1, positions) for hypers in SETS]
    with ProcessPoolExecutor(workers) as pool:
        results = list(pool.map(branch, jobs))
    t2 = time.perf_counter()
    best = max(results, key=lambda result: result[1])
    test_metric = hit_rate(best[0], test, positions)
    t3 = time.perf_counter()
    print(json.dumps({
        "prepare": t1 - t0, "branches": t2 - t1, "test": t3 - t2, "inside": t3 - t0,
        "validation": [r[1] for r in results], "testHitRate": test_metric,
        "training": [r[2] for r in results], "evaluation": [r[3] for r in results],
    }))


if __name__ == "__main__":
    main()
