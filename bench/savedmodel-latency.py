"""Prints how long one query takes an exported model in TensorFlow: bench/savedmodel-latency.py <folder> [queries]"""

import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf  # noqa: E402

folder = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 300
start = time.perf_counter()
loaded = tf.saved_model.load(folder)
recommend = loaded.signatures["recommend"]
default = loaded.signatures["serving_default"]
seconds = time.perf_counter() - start


def ask(items):
    return recommend(
        items=tf.constant([items], tf.string),
        k=tf.constant([20], tf.int32),
        exclude_query=tf.constant([True]),
    )["items"].numpy()[0]


# Queries are what the model itself recommends, walked along, so that all are distinct and known.
seed = [item.decode() for item in ask([""])][:10]
pool, asked = list(seed), 0
while len(pool) < count + 5 and asked < len(pool):
    answer = [item.decode() for item in default(input_1=tf.constant([pool[asked]]))["output_2"].numpy()[0]]
    pool += [item for item in answer if item and item not in pool]
    asked += 1


def measured(run):
    times = []
    for at in range(len(pool) - 5):
        begun = time.perf_counter()
        run(at)
        times.append(1000 * (time.perf_counter() - begun))
    times = sorted(times[10:])
    return {"p50_ms": times[len(times) // 2], "p95_ms": times[int(0.95 * len(times))], "queries": len(times)}


print(
    json.dumps(
        {
            "load_seconds": seconds,
            "one_item": measured(lambda at: default(input_1=tf.constant([pool[at]]))["output_2"].numpy()),
            "five_items": measured(lambda at: ask(pool[at : at + 5])),
        },
        indent=2,
    )
)
