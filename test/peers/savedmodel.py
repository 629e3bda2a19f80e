"""Loads SavedModels in TensorFlow and asks them: test/peers/savedmodel.test.ts compares the answers."""

import contextlib
import io
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf  # noqa: E402
from absl import flags  # noqa: E402
from tensorflow.python.tools import saved_model_cli  # noqa: E402

saved_model_cli.create_parser()


def recommend(signature, batch):
    width = max(len(case["items"]) for case in batch)
    rows = [case["items"] + [""] * (width - len(case["items"])) for case in batch]
    answer = signature(
        items=tf.reshape(tf.constant([item for row in rows for item in row], tf.string), [len(batch), width]),
        k=tf.constant([case["k"] for case in batch], tf.int32),
        exclude_query=tf.constant([case["exclude"] for case in batch], tf.bool),
    )
    return [
        {
            "scores": [float(score) for score in answer["scores"].numpy()[row]],
            "items": [item.decode() for item in answer["items"].numpy()[row]],
            "answeredBy": answer["answered_by"].numpy()[row].decode(),
            "known": int(answer["known_items"].numpy()[row]),
        }
        for row in range(len(batch))
    ]


def default(signature, items):
    answer = signature(input_1=tf.constant(items, tf.string))
    return [
        {
            "scores": [float(score) for score in answer["output_1"].numpy()[row]],
            "items": [item.decode() for item in answer["output_2"].numpy()[row]],
            "answeredBy": answer["answered_by"].numpy()[row].decode(),
        }
        for row in range(len(items))
    ]


def shown(folder):
    """What saved_model_cli show --all says, without its last line: a set of operations in no order."""
    flags.FLAGS(["saved_model_cli", "--all", "--dir", folder])
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        saved_model_cli.show()
    return said.getvalue().split("The MetaGraph with tag set")[0].strip() + "\n"


def ask(task):
    try:
        # Loading a whole model again would share nothing with the others but the process.
        loaded = tf.saved_model.load(task["folder"])
        signatures = loaded.signatures
        return {
            "recommend": [a for batch in task["batches"] for a in recommend(signatures["recommend"], batch)],
            "shown": shown(task["folder"]),
            "default": default(signatures["serving_default"], task["single"]),
        }
    except Exception as error:  # noqa: BLE001
        return {"failure": str(error)[:2000]}


with open(sys.argv[1]) as file:
    tasks = json.load(file)
json.dump([ask(task) for task in tasks], sys.stdout)
