"""A server of real IPython shells for the histories."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_mlops.capture.dataflow.cells import Evidence

_SERVER = Path(__file__).with_name("shellserver.py")


class ShellServer:
    """Hands histories to shells in processes of their own."""

    def __init__(self, folder):
        environment = dict(
            os.environ,
            IPYTHONDIR=str(folder / "ipython"),
            MPLCONFIGDIR=str(folder / "matplotlib"),
            OMP_NUM_THREADS="1",
            OPENBLAS_NUM_THREADS="1",
            PYTHONHASHSEED="0",
        )
        self._process = subprocess.Popen(
            [sys.executable, str(_SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )
        self._known = {}

    def run(self, history, places):
        """Run the cells of a history at `places`, counted from 0."""
        key = (history.name, tuple(places))
        if key not in self._known:
            self._known[key] = self._ask(history, places)
        return self._known[key]

    def run_cells(self, cells, names, seconds):
        """Run cells; None when they take longer than `seconds`, or need too much."""
        job = {"cells": cells, "names": names, "inline": True, "seconds": seconds}
        answer = self._answer(job)
        return None if "broken" in answer else answer

    def _ask(self, history, places):
        target = history.cells[-1].source
        names = {*history.wanted, *_words(target)}
        job = {
            "cells": [history.cells[place].source for place in places],
            "names": sorted(names),
            "inline": history.is_inline,
        }
        answer = self._answer(job)
        assert "broken" not in answer, answer["broken"]
        return answer

    def _answer(self, job):
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def read_evidence(facts):
    """Read the evidence that the server sends for a cell."""
    told = facts["evidence"]
    return Evidence(
        **{
            key: frozenset(value) if isinstance(value, list) else value
            for key, value in told.items()
        }
    )


def _words(text):
    import re

    return re.findall(r"[^\W\d]\w*", text)


@pytest.fixture(scope="session")
def shells(tmp_path_factory):
    server = ShellServer(tmp_path_factory.mktemp("shells"))
    yield server
    server.close()
