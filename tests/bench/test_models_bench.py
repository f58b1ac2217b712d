"""Keeping, registering and loading models, beside their library's own writing."""

import json
import os
import statistics
import subprocess
import sys
import time
from functools import partial

import numpy as np
import pytest

import jupyter_mlops as mlops

pytestmark = pytest.mark.bench

ROUNDS = 7

LOAD = """
import hashlib, json, sys, time
import sklearn.ensemble, sklearn.pipeline, sklearn.preprocessing, skops.io
import jupyter_mlops as mlops
import jupyter_mlops.registry.flavors, jupyter_mlops.registry.loaded
import jupyter_mlops.registry.signatures, jupyter_mlops.workspace
from jupyter_mlops.registry.flavors.sklearn_types import ALLOWED
from pathlib import Path

def bare(path):
    hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return skops.io.load(path, trusted=sorted(ALLOWED))

call = {"ours": mlops.load_model, "bare": bare}[sys.argv[1]]
wall, cpu = time.perf_counter(), time.process_time()
call(sys.argv[2])
print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu]))
"""

LARGE = """
import hashlib, json, os, shutil, time
from pathlib import Path
import torch
from safetensors.torch import save_file
import jupyter_mlops as mlops

model = torch.nn.Sequential(*[torch.nn.Linear(4096, 4096) for _ in range(15)])
with mlops.start_run("warm"):
    mlops.log_model("warm", torch.nn.Linear(2, 2))
mlops.register_model("last", "warm")
save_file(model.state_dict(), "bare.safetensors")

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if "VmHWM" in line) / 1024

def timed(call):
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu

def bare():
    with open("bare.safetensors", "rb") as file:
        hashlib.file_digest(file, "sha256")
    shutil.copyfile("bare.safetensors", "copy.safetensors")
    os.unlink("copy.safetensors")

def push():
    with torch.no_grad():
        model[0].weight[0, 0] += 1
    with mlops.start_run("large"):
        mlops.log_model("model", model)
    mlops.register_model("last", "large")

found = {"bare": [], "push": [], "size": os.stat("bare.safetensors").st_size}
before = peak()
for _ in range(3):
    found["bare"].append(timed(bare))
    found["push"].append(timed(push))
print(json.dumps(found | {"more": peak() - before}))
"""


def timed(call):
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu


def median(pairs):
    return tuple(statistics.median(part) for part in zip(*pairs, strict=True))


@pytest.fixture(scope="module")
def forest():
    """Make pipelines of 5 MB, each another one."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(0)
    rows = rng.normal(size=(4000, 20))
    target = (rows[:, 0] + rows[:, 1] + rng.normal(size=4000) > 0).astype(int)

    def forest(seed):
        model = RandomForestClassifier(45, random_state=seed)
        return make_pipeline(StandardScaler(), model).fit(rows, target), rows

    return forest


def test_pushing_a_pipeline_of_5_mb(workspace, forest, tmp_path, said):
    import pandas as pd
    from skops import io

    models = [forest(seed) for seed in range(ROUNDS + 1)]
    names = [f"column{place}" for place in range(20)]
    frames = [pd.DataFrame(rows, columns=names) for _, rows in models]

    def push(place):
        model = models[place][0]
        with mlops.start_run("forest"):
            mlops.log_model("model", model, example=frames[place])
        mlops.register_model("last", "forest")

    bare, ours = [], []
    for place in range(ROUNDS + 1):
        dump = partial(io.dump, models[place][0], tmp_path / "bare.skops")
        bare.append(timed(dump))
        ours.append(timed(partial(push, place)))
    size = (tmp_path / "bare.skops").stat().st_size
    # The first of each imports what the others find there.
    bare, ours = median(bare[1:]), median(ours[1:])
    more = [(a - b) * 1e3 for a, b in zip(ours, bare, strict=True)]
    said(
        f"push of {size / 1e6:.1f} MB with signature, example and environment: "
        f"{more[0]:.0f} ms beyond the bare dump of {bare[0] * 1e3:.0f} ms "
        f"(processor: {more[1]:.0f} beyond {bare[1] * 1e3:.0f})"
    )
    assert more[1] <= 150


@pytest.mark.slow
def test_loading_a_pipeline_of_5_mb(workspace, forest, tmp_path, said):
    from skops import io

    model, rows = forest(0)
    with mlops.start_run("forest"):
        mlops.log_model("model", model, example=rows)
    mlops.register_model("last", "forest")
    path = tmp_path / "bare.skops"
    io.dump(model, path)

    # Compiled once, as an installed package is.
    kept = {"PYTHONPYCACHEPREFIX": str(tmp_path / "compiled")}
    environment = {**os.environ, **kept, "PYTHONDONTWRITEBYTECODE": ""}

    def load(which, what):
        done = subprocess.run(
            [sys.executable, "-c", LOAD, which, what],
            cwd=workspace.layout.project,
            env=environment,
            capture_output=True,
            check=True,
        )
        return json.loads(done.stdout)

    load("ours", "models:/forest/1")
    bare = median([load("bare", str(path)) for _ in range(ROUNDS)])
    ours = median([load("ours", "models:/forest/1") for _ in range(ROUNDS)])
    said(
        f"load_model of {path.stat().st_size / 1e6:.1f} MB in a new process: "
        f"{ours[0] / bare[0]:.2f} x bare skops + sha256 ({bare[0] * 1e3:.0f} ms; "
        f"processor: {ours[1] / bare[1]:.2f} x {bare[1] * 1e3:.0f} ms)"
    )
    assert ours[1] <= 1.3 * bare[1]


@pytest.mark.slow
def test_pushing_1_gb_of_safetensors(workspace, said):
    pytest.importorskip("torch", reason="comes with the extra 'deep'")
    done = subprocess.run(
        [sys.executable, "-c", LARGE],
        cwd=workspace.layout.project,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    bare, ours = median(found["bare"]), median(found["push"])
    said(
        f"push of {found['size'] / 1e9:.2f} GB of safetensors: "
        f"{bare[0] / ours[0]:.0%} of sha256 + copy (processor: "
        f"{bare[1] / ours[1]:.0%}), {found['more']:.0f} MB of memory more"
    )
    assert bare[1] / ours[1] >= 0.7
    assert found["more"] < 200
