"""What one would write in Python: FastAPI on uvicorn, vectors in NumPy. serve.py <vectors.npy>"""

import socket
import sys

import numpy as np
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

vectors = np.ascontiguousarray(np.load(sys.argv[1]))
with open(sys.argv[1].replace(".npy", ".names.txt"), encoding="utf-8") as file:
    names = file.read().rstrip("\n").split("\n")
place = {name: at for at, name in enumerate(names)}
app = FastAPI()


class Instance(BaseModel):
    items: list[str]
    k: int = 10
    exclude_query: bool = True


class Body(BaseModel):
    signature_name: str = "recommend"
    instances: list[Instance]


def answer(instance):
    known = [place[item] for item in instance.items if item in place]
    if not known:
        return {"scores": [], "items": []}
    weights = 1 / np.arange(1, len(known) + 1, dtype=np.float32)
    scores = vectors @ (weights @ vectors[known[::-1]])
    if instance.exclude_query:
        scores[known] = -np.inf
    best = np.argpartition(-scores, instance.k)[: instance.k]
    best = best[np.argsort(-scores[best])]
    return {"scores": scores[best].tolist(), "items": [names[at] for at in best]}


@app.post("/v1/models/model:predict")
async def predict(body: Body):
    return {"predictions": [answer(instance) for instance in body.instances]}


if __name__ == "__main__":
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    server.run(sockets=[listening])
