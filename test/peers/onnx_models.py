"""Loads ONNX models in ONNX Runtime and asks them: test/peers/savedmodel.test.ts compares the answers."""

import json
import os
import sys

import numpy as np
import onnxruntime


def recommend(session, batch):
    width = max(len(case["items"]) for case in batch)
    rows = [case["items"] + [""] * (width - len(case["items"])) for case in batch]
    scores, items, answered_by, known = session.run(
        ["scores", "recommended", "answered_by", "known_items"],
        {
            "items": np.array(rows, dtype=object).reshape(len(batch), width),
            "k": np.array([case["k"] for case in batch], np.int32),
            "exclude_query": np.array([case["exclude"] for case in batch], bool),
        },
    )
    return [
        {
            "scores": [float(score) for score in scores[row]],
            "items": list(items[row]),
            "answeredBy": answered_by[row],
            "known": int(known[row]),
        }
        for row in range(len(batch))
    ]


def ask(task):
    try:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        file = os.path.join(task["folder"], "model.onnx")
        session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        return {"recommend": [a for batch in task["batches"] for a in recommend(session, batch)]}
    except Exception as error:  # noqa: BLE001
        return {"failure": str(error)[:2000]}


with open(sys.argv[1]) as file:
    tasks = json.load(file)
json.dump([ask(task) for task in tasks], sys.stdout)
