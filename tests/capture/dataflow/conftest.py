"""A server of real IPython shells for the histories."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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

    def _ask(self, history, places):
        target = history.cells[-1].source
        names = {*history.wanted, *_words(target)}
        job = {
            "cells": [history.cells[place].source for place in places],
            "names": sorted(names),
            "inline": history.is_inline,
        }
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "broken" not in answer, answer["broken"]
        return answer

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def _words(text):
    import re

    return re.findall(r"[^\W\d]\w*", text)


@pytest.fixture(scope="session")
def shells(tmp_path_factory):
    server = ShellServer(tmp_path_factory.mktemp("shells"))
    yield server
    server.close()
