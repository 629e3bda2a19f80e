"""Reads what `recsys export` wrote into DIR and prints names and numbers by tool, as JSON.

exports.py DIR
"""

import json
import re
import sys
from pathlib import Path
from urllib.parse import unquote

import duckdb
import numpy as np
import pyarrow.parquet
from gensim.models import KeyedVectors


def unescape(line):
    return line.encode("latin-1", "backslashreplace").decode("unicode_escape")


def by_gensim(file, binary):
    vectors = KeyedVectors.load_word2vec_format(file, binary=binary)
    return [unquote(word) for word in vectors.index_to_key], vectors.vectors


def by_numpy(folder):
    names = (folder / "names.txt").read_text("utf8").splitlines()
    return [unescape(name) for name in names], np.load(folder / "vectors.npy")


# What String.prototype.trim takes away.
JS_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
JS_TRIM = re.compile(f"^[{JS_SPACE}]+|[{JS_SPACE}]+$")


def projector_lines(file):
    """The projector splits at line feeds, trims each line, and skips what is empty then."""
    lines = (JS_TRIM.sub("", line) for line in file.read_bytes().decode("utf8").split("\n"))
    return [line.split("\t") for line in lines if line]


def by_projector(folder):
    columns, *rows = projector_lines(folder / "metadata.tsv")
    assert len(columns) > 1 and columns[0] == "name"
    assert all(len(row) == len(columns) for row in rows)
    names = [row[0] if row[0] == "\\e" else unescape(row[0]) for row in rows]
    numbers = [[float(cell) for cell in row] for row in projector_lines(folder / "vectors.tsv")]
    return names, np.array(numbers, np.float32)


def by_pyarrow(file):
    table = pyarrow.parquet.read_table(file)
    return table["name"].to_pylist(), table["recsys_vector"].to_pylist()


def by_duckdb(file):
    rows = duckdb.sql(f"SELECT name, recsys_vector FROM '{file}'").fetchall()
    return [row[0] for row in rows], [row[1] for row in rows]


def main(folder):
    read = {
        "gensim text": by_gensim(folder / "vectors.txt", False),
        "gensim binary": by_gensim(folder / "vectors.bin", True),
        "numpy": by_numpy(folder),
        "pyarrow": by_pyarrow(folder / "vectors.parquet"),
        "duckdb": by_duckdb(folder / "vectors.parquet"),
        "projector": by_projector(folder),
    }
    told = {
        tool: {"names": names, "values": np.asarray(values, np.float32).astype(float).tolist()}
        for tool, (names, values) in read.items()
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
