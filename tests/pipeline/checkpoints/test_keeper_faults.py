"""Keeper, runner, copies and those who look after them killed: nothing is left."""

from __future__ import annotations

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_mlops.pipeline.checkpoints.keeping import held_copies
from tests.pipeline.conftest import ROOT, write_notebook
from tests.pipeline.worker.processes import parents_in
from tests.pipeline.worker.test_faults import all_gone, has_gone

pytestmark = pytest.mark.slow

SLOW = "import time; time.sleep(0.2); x = 5"
PATIENT = "import time; time.sleep(2.4); x = 5"
RUNNER = """
from jupyter_mlops.pipeline import executors
executors.IDLE_SECONDS = 1.0
from jupyter_mlops.pipeline.checkpoints import keeping
keeping._IDLE_SECONDS = 0.5
from jupyter_mlops.errors import MlopsError
from jupyter_mlops.workspace import Workspace
workspace = Workspace(".")
for word in ("run", "resume"):
    try:
        getattr(workspace.notebooks, word)({"run": "nb.ipynb", "resume": "last"}[word])
    except MlopsError as error:
        print(type(error).__name__)
"""


def keepers_in(place):
    return [
        process
        for process in parents_in(place)
        if b"keeper" in Path(f"/proc/{process}/cmdline").read_bytes()
    ]


def copies_in(place):
    found = []
    for process in parents_in(place):
        with contextlib.suppress(OSError):
            name = Path(f"/proc/{process}/comm").read_text().strip()
            if name == "mlops-sleeper":
                found.append(process)
    return found


def test_killed_keeper_ends_all_copies(batch, place):
    failed = batch.run(SLOW, "1 / 0")
    copies = [item.process for item in held_copies(failed.id)]
    assert len(copies) == 2
    for keeper in keepers_in(place):
        os.kill(keeper, signal.SIGKILL)
    assert has_gone(*copies)
    assert not copies_in(place)


def test_killed_keeper_is_replaced(batch, place):
    batch.run(SLOW, "1 / 0")
    for keeper in keepers_in(place):
        os.kill(keeper, signal.SIGKILL)
        assert has_gone(keeper)
    failed = batch.run(SLOW, "1 / 0")
    assert batch.resume(failed, SLOW, "1").restored == 1


def test_parents_killed_copies_stay(batch, place):
    failed = batch.run(SLOW, "1 / 0")
    kept = set(keepers_in(place)) | set(copies_in(place))
    for process in set(parents_in(place)) - kept:
        name = Path(f"/proc/{process}/comm").read_text().strip()
        if name != "mlops-guardian":
            os.kill(process, signal.SIGKILL)
    assert batch.resume(failed, SLOW, "print(x)").restored == 1


def test_copies_are_held_for_their_time(batch, place, monkeypatch):
    from jupyter_mlops.workspace import Workspace

    monkeypatch.setenv("JUPYTER_MLOPS_CHECKPOINT_MINUTES", "0.02")
    batch.workspace = Workspace(batch.workspace.layout.project)
    failed = batch.run(SLOW, "1 / 0")
    copies = [item.process for item in held_copies(failed.id)] or copies_in(place)
    assert has_gone(*copies)
    assert held_copies(failed.id) == []
    batch.workspace.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_killed_at_any_moment(tmp_path, monkeypatch, seed):
    dice = random.Random(seed)
    place = tmp_path / "r"
    place.mkdir(mode=0o700)
    (tmp_path / "temporary").mkdir()
    monkeypatch.chdir(tmp_path)
    write_notebook(tmp_path / "nb.ipynb", PATIENT, "y = list(range(10**6))", "1 / 0")
    runner = subprocess.Popen(
        [sys.executable, "-c", RUNNER],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "XDG_RUNTIME_DIR": str(place),
            "TMPDIR": str(tmp_path / "temporary"),
            "JUPYTER_MLOPS_CHECKPOINT_MINUTES": "0.01",
        },
    )
    select.select([], [], [], dice.uniform(0.5, 9))
    victim = dice.choice([runner.pid, *parents_in(place)])
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    runner.wait(timeout=90)
    assert all_gone(place)
    assert not list((tmp_path / "temporary").iterdir())
