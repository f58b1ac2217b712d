"""Running cells by the worker, and what came of it."""

from __future__ import annotations

import os

import pytest

from jupyter_mlops.pipeline.worker.executor import WorkerExecutor
from tests.pipeline.conftest import notebook_of

from .comparison import IDLE_SECONDS, Witness


class Outcome:
    """What came of a notebook."""

    def __init__(self, notebook, witness):
        self.cells = notebook.cells
        self.outcomes = witness.outcomes
        self.metadata = notebook.metadata

    def text(self, index):
        return "".join(o.text for o in self.cells[index].outputs if "text" in o)

    def error(self, index=-1):
        return self.outcomes[index][2]


@pytest.fixture
def run(tmp_path):
    """Run cells by the worker; return what came of it."""

    def run(*cells, environ=None, cwd=None, **options):
        notebook, witness = notebook_of(*cells), Witness()
        WorkerExecutor(
            cwd=cwd or tmp_path,
            environ={**os.environ, **(environ or {})},
            options={"startup_timeout": 60, "timeout": 60, **options},
            idle_seconds=IDLE_SECONDS,
        ).execute(notebook, witness)
        return Outcome(notebook, witness)

    return run
