"""Limits of real notebooks: threads of libraries, and memory."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from jupyter_mlops.pipeline.executors import executor_for
from jupyter_mlops.pipeline.limits.budget import Limits
from jupyter_mlops.pipeline.limits.threads import thread_variables
from jupyter_mlops.records import Status
from tests.pipeline.conftest import notebook_of

COUNT = """
import json, os, numpy, threadpoolctl
pools = threadpoolctl.threadpool_info()
print(json.dumps([[item["num_threads"] for item in pools], os.environ["OMP_NUM_THREADS"]]))
"""
GROW = "held = []\nwhile True:\n    held.append(bytearray(20_000_000))"


class Ends(list):
    """Keeps how cells ended."""

    def cell_began(self, index):
        pass

    def cell_ended(self, outcome):
        self.append(outcome)

    def beat(self):
        pass


def run(engine, folder, *cells, **options):
    ends = Ends()
    notebook = notebook_of(*cells)
    executor_for(engine, notebook, cwd=folder, **options).execute(notebook, ends)
    return ends


def test_user_variables_win():
    assert thread_variables(0, {}) == {}
    found = thread_variables(2, {"POLARS_MAX_THREADS": "7"})
    assert found["OMP_NUM_THREADS"] == found["MKL_NUM_THREADS"] == "2"
    assert "POLARS_MAX_THREADS" not in found
    # What follows OMP_NUM_THREADS follows the user's.
    assert "OPENBLAS_NUM_THREADS" not in thread_variables(2, {"OMP_NUM_THREADS": "7"})


@pytest.mark.parametrize("engine", ["worker", "nbclient"])
def test_threads_of_loaded_libraries(engine, tmp_path):
    # In the worker numpy is loaded before the notebook's process is made.
    (end,) = run(engine, tmp_path, COUNT, limits=Limits(cpus=1))
    pools, variable = json.loads(end.outputs[0]["text"])
    assert set(pools) == {1}
    assert variable == "1"


@pytest.mark.parametrize("engine", ["worker", "nbclient"])
def test_too_much_memory_ends_the_cell(engine, tmp_path):
    limits = Limits(memory=400_000_000)
    first, second = run(engine, tmp_path, "print('fine')", GROW, "3", limits=limits)
    assert first.status is Status.FINISHED
    assert second.status is Status.FAILED
    assert second.error.name == "MemoryLimitError"
    assert "used more than memory: 400 MB" in second.error.value


def test_memory_of_children_counts(tmp_path):
    child = "import os, signal\nif not os.fork():\n" + "".join(
        f"    {line}\n" for line in GROW.splitlines()
    )
    limits = Limits(memory=400_000_000)
    (end,) = run("worker", tmp_path, f"{child}signal.pause()", limits=limits)
    assert end.error.name == "MemoryLimitError"


@pytest.fixture
def on_disk():
    """A folder on a disk: in a file system in memory a mapped file is memory."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        yield Path(folder)


def test_mapped_files_do_not_count(on_disk):
    code = "import numpy\nmade = numpy.memmap('big', 'u1', 'w+', shape=500_000_000)\n"
    code += "made[::4096] = 1\nfound = numpy.memmap('big', 'u1', 'r')\nprint(int(found.sum()))"
    code += "\nimport threading\nthreading.Event().wait(0.5)"
    limits = Limits(memory=400_000_000)
    (end,) = run("worker", on_disk, code, limits=limits)
    assert end.status is Status.FINISHED
