"""The tutorial's preparation in Python: its DuckDB query into a pandas data frame, shuffled and cut in three.

usage: prepare.py <parquet file or glob> <threads> <work: step | query | needed>

`step`: the tutorial's whole step as it stands: a table of all rows, five distinct counts, the query.
`query`: its query alone with the best settings found: over the file itself, file order not kept.
`needed`: as `query`, only with the one column that training and evaluation need.
Prints one JSON line.
"""

import json
import sys
import time

import duckdb

NAMED = """SELECT *, CONCAT(user_id, '-', playlist) AS playlist_id, CONCAT(artist, '|||', track) AS track_id FROM '{}'"""
TUTORIAL = """
    LIST(artist ORDER BY row_id ASC) AS artist_sequence,
    LIST(track_id ORDER BY row_id ASC) AS track_sequence,
    array_pop_back(LIST(track_id ORDER BY row_id ASC)) AS track_test_x,
    LIST(track_id ORDER BY row_id ASC)[-1] AS track_test_y"""
NEEDED = "LIST(track_id ORDER BY row_id ASC) AS track_sequence"


def sequences(connection, source, columns):
    return connection.execute(
        f"""
        SELECT * FROM (
          SELECT playlist_id, {columns} FROM {source} GROUP BY playlist_id
          HAVING len(track_sequence) > 2)
        """
    ).df()


def prepare(path, threads, work):
    if work == "step":
        connection = duckdb.connect(config={"threads": threads})
        connection.execute(f"CREATE TABLE playlists AS {NAMED.format(path)}")
        for column in ("row_id", "user_id", "track_id", "playlist_id", "artist"):
            connection.execute(f"SELECT COUNT(DISTINCT({column})) FROM playlists").fetchone()
        frame = sequences(connection, "playlists", TUTORIAL)
    else:
        connection = duckdb.connect(
            config={"threads": threads, "preserve_insertion_order": False}
        )
        columns = TUTORIAL if work == "query" else NEEDED
        frame = sequences(connection, f"({NAMED.format(path)})", columns)
    shuffled = frame.sample(frac=1, random_state=42)
    first, second = int(0.7 * len(shuffled)), int(0.9 * len(shuffled))
    return shuffled[:first], shuffled[first:second], shuffled[second:]


if __name__ == "__main__":
    started = time.perf_counter()
    parts = prepare(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - started,
                "sequences": [len(part) for part in parts],
            }
        )
    )
