"""A registered model to take elsewhere, and the software that it is loaded with."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from time import monotonic

import numpy as np
import pandas as pd
import pytest

from jupyter_mlops.workspace import Workspace

FRAME = pd.DataFrame(
    np.random.default_rng(0).normal(size=(60, 3)), columns=["age", "income", "seen"]
)
LABELS = (FRAME.age + FRAME.income > 0).astype(int)


@pytest.fixture
def frame():
    return FRAME


@pytest.fixture
def churn(workspace):
    """A version of a scikit-learn pipeline, from a run with a curve."""
    linear = pytest.importorskip("sklearn.linear_model")
    pipeline = pytest.importorskip("sklearn.pipeline")
    scale = pytest.importorskip("sklearn.preprocessing").StandardScaler()
    model = pipeline.make_pipeline(scale, linear.LogisticRegression())
    return push(workspace, model.fit(FRAME, LABELS), example=FRAME)


def push(workspace, model, name="churn", **options):
    """Register a fitted model as a run of its own would."""
    with workspace.start_run("fit", params={"C": 1.0}) as run:
        run.log_model("model", model)
        for auc in (0.5, 0.75, 0.875):
            run.log_metric("auc", auc)
    return workspace.models.push(f"runs:/{run.id}/model", name, **options)


@pytest.fixture
def other(tmp_path):
    """A workspace of somebody else."""
    opened = Workspace(tmp_path / "other")
    yield opened
    opened.close()


@pytest.fixture
def python():
    """Find the Python of an environment that `environments.sh` has built."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    default = Path(cache) / "jupyter_mlops" / "interop"
    folder = Path(os.environ.get("INTEROP_ENVIRONMENTS") or default)

    def python(name):
        found = folder / name / "bin" / "python"
        if not found.exists():
            pytest.skip(
                f"{found} is not there: tests/interop/environments.sh builds it"
            )
        return found

    return python


@pytest.fixture
def answer():
    """Run a script with a Python of its own; return the JSON on its last line."""

    def answer(python, script, *words, cwd=None):
        done = subprocess.run(
            [python, "-c", script, *map(str, words)],
            capture_output=True,
            text=True,
            timeout=300,
            cwd=cwd,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.strip().splitlines()[-1])

    return answer


@pytest.fixture
def started(tmp_path):
    """Start a server; wait until it answers at `url`; end it with the test."""
    running = []

    def started(words, url, *, env=None, cwd=None, seconds=240):
        log = (tmp_path / f"server-{len(running)}.log").open("w+")
        process = subprocess.Popen(
            [str(word) for word in words],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=cwd or tmp_path,
            env={**os.environ, **(env or {})},
            start_new_session=True,
        )
        running.append((process, log))
        deadline = monotonic() + seconds
        while monotonic() < deadline and process.poll() is None:
            try:
                urllib.request.urlopen(url, timeout=5).close()
            except (urllib.error.URLError, OSError):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.5)
                continue
            return process
        log.seek(0)
        pytest.fail(f"no answer from {url}: {log.read()[-3000:]}")

    yield started
    for process, log in running:
        end_group(process)
        log.close()


def end_group(process):
    """End a server that this test started, with its own children."""
    try:
        os.killpg(process.pid, 15)
        process.wait(30)
    except (ProcessLookupError, subprocess.TimeoutExpired):
        process.kill()
        process.wait()


@pytest.fixture
def ports():
    """Find ports that nobody uses."""

    def ports(count):
        sockets = [socket.socket() for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        found = [one.getsockname()[1] for one in sockets]
        for one in sockets:
            one.close()
        return found

    return ports


def asked(url, document=None):
    """Ask a server with JSON; return what it answers."""
    data = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(url, data=data)
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as found:
        return json.loads(found.read())
