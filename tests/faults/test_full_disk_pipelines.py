"""A disk that fills up while a step runs: what is said, kept, and done afterwards."""

from __future__ import annotations

import os

import pytest

from jupyter_mlops.errors import StoreWriteError
from tests.pipeline.conftest import write_notebook

PIPELINE = """\
name: demo
steps:
  a:
    notebook: a.ipynb
    outputs: {made: out/made.txt}
  b:
    notebook: b.ipynb
    after: a
"""
FILL = """
from pathlib import Path
Path(made).write_text("half")
if fill:
    try:
        with open("filler", "wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
    except OSError:
        pass
"""
WRITE = "Path(made).write_text('whole' * 2_000)"


@pytest.fixture
def full(small):
    """Run a pipeline whose first step fills the disk, or not."""
    folder = small.layout.project
    (folder / "pipeline.yaml").write_text(PIPELINE)
    declared = "made = ''\nfill = False"
    write_notebook(folder / "a.ipynb", FILL, WRITE, parameters=declared)
    write_notebook(folder / "b.ipynb", "1")

    def run(engine, *, fill):
        given = {"a.fill": fill}
        outcome = small.pipelines.run(folder, given, engine=engine)
        return {name: str(item.state) for name, item in outcome.steps.items()}

    return run


@pytest.mark.parametrize("engine", ["worker", "nbclient"])
def test_step_that_fills_the_disk(small, full, engine):
    folder = small.layout.project
    assert full(engine, fill=False) == {"a": "finished", "b": "finished"}
    try:
        states = full(engine, fill=True)
    except StoreWriteError:
        # Not even that it failed could be recorded.
        states = {}
    assert states in ({}, {"a": "failed", "b": "not run"})
    # As before: whole, and nothing beside it.
    assert (folder / "out/made.txt").read_text() == "whole" * 2_000
    assert os.listdir(folder / "out") == ["made.txt"]
    os.unlink(folder / "filler")
    assert full(engine, fill=False) == {"a": "cached", "b": "cached"}
