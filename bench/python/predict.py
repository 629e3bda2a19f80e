"""What one would write in Python for a whole file: DuckDB reads, NumPy ranks, pyarrow writes.
predict.py <queries.parquet> <vectors.npy> <output.parquet>"""

import sys

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

# Queries scored together: their scores are of as many rows as there are vectors.
BATCH = 256
K = 10

queries, vectors_file, output = sys.argv[1:]
vectors = np.ascontiguousarray(np.load(vectors_file))
with open(vectors_file.replace(".npy", ".names.txt"), encoding="utf-8") as file:
    names = np.array(file.read().rstrip("\n").split("\n"), dtype=object)
place = {name: at for at, name in enumerate(names)}

rows = duckdb.sql(
    f"SELECT query, list(item ORDER BY position) AS items FROM '{queries}' GROUP BY query ORDER BY query"
)
schema = pa.schema([("query", pa.int64()), ("items", pa.list_(pa.string())), ("scores", pa.list_(pa.float32()))])
with pq.ParquetWriter(output, schema, compression="zstd", compression_level=1) as writer:
    while batch := rows.fetchmany(BATCH):
        known = [[place[item] for item in items if item in place] for _, items in batch]
        asked = np.zeros((len(batch), vectors.shape[1]), dtype=np.float32)
        for at, items in enumerate(known):
            if items:
                asked[at] = (1 / np.arange(1, len(items) + 1, dtype=np.float32)) @ vectors[items[::-1]]
        scores = asked @ vectors.T
        for at, items in enumerate(known):
            scores[at, items] = -np.inf
        best = np.argpartition(-scores, K, axis=1)[:, :K]
        found = np.take_along_axis(scores, best, axis=1)
        order = np.argsort(-found, axis=1)
        best, found = np.take_along_axis(best, order, axis=1), np.take_along_axis(found, order, axis=1)
        table = {
            "query": [query for query, _ in batch],
            "items": [list(names[row]) for row in best],
            "scores": list(found),
        }
        writer.write_table(pa.table(table, schema=schema))
