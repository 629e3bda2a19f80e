"""The tutorial's preparation in Python: its DuckDB query into a pandas data frame, shuffled and cut in three.

usage: prepare.py <parquet file or glob> <threads> <columns: tutorial | needed>

`tutorial`: all four columns of the tutorial's query. `needed`: only the sequences that training and evaluation need.
The best settings found: both threads, the query over the file instead of a copy of it in a table, file order not kept.
Prints one JSON line.
"""

import json
import sys
import time

import duckdb

TRACK = "CONCAT(artist, '|||', track)"
COLUMNS = {
    "tutorial": """
        LIST(artist ORDER BY row_id ASC) AS artist_sequence,
        LIST(track_id ORDER BY row_id ASC) AS track_sequence,
        array_pop_back(LIST(track_id ORDER BY row_id ASC)) AS track_test_x,
        LIST(track_id ORDER BY row_id ASC)[-1] AS track_test_y""",
    "needed": "LIST(track_id ORDER BY row_id ASC) AS track_sequence",
}


def prepare(path, threads, columns):
    connection = duckdb.connect(
        config={"threads": threads, "preserve_insertion_order": False}
    )
    frame = connection.execute(
        f"""
        SELECT * FROM (
          SELECT playlist_id, {COLUMNS[columns]}
          FROM (SELECT row_id, artist, CONCAT(user_id, '-', playlist) AS playlist_id, {TRACK} AS track_id FROM '{path}')
          GROUP BY playlist_id
          HAVING len(track_sequence) > 2)
        """
    ).df()
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
