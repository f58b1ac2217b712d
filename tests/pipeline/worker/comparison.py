"""Running a notebook by both executors, and their outputs made comparable.

What is normalised, since nbclient does not give it twice alike: memory addresses, process
ids, times, ids of widgets and of temporary places, how deep a recursion goes, and the places where streams are cut:
between two other outputs the text of each stream is put together.
"""

from __future__ import annotations

import copy
import os
import re

import nbformat

from jupyter_mlops.pipeline.nbclient_executor import NbclientExecutor
from jupyter_mlops.pipeline.worker.executor import WorkerExecutor
from tests.pipeline.conftest import code, notebook_of

IDLE_SECONDS = 60.0
_ROUGH = [
    (r"0x[0-9a-f]{6,}|\bat [0-9a-f]{12}\b", "0x…"),
    (r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", "<id>"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}\b", "<id>"),
    (r"ipykernel_\d+", "ipykernel_<pid>"),
    (r"/tmp/[\w/.-]*ipykernel", "<tmp>/ipykernel"),
    (r"\b\d+(\.\d+)? ?(ns|µs|μs|us|ms|s|sec|seconds?)\b", "<time>"),
    (r"CPU times: .*", "CPU times: …"),
    (r"\(\d+ times\)", "(<number> times)"),
    (r"Thread-\d+|PID \d+|pid[= ]\d+", "<number>"),
]


class Witness:
    """A watcher that remembers how the cells ended."""

    def __init__(self):
        self.outcomes = []

    def cell_began(self, index):
        pass

    def cell_ended(self, outcome):
        error = outcome.error and (outcome.error.name, rough(outcome.error.value))
        self.outcomes.append((outcome.index, str(outcome.status), error, outcome.stops))

    def beat(self):
        pass


def rough(value):
    """Take out of a value what differs from run to run."""
    if isinstance(value, str):
        for pattern, instead in _ROUGH:
            value = re.sub(pattern, instead, value)
        return value
    if isinstance(value, dict):
        return {rough(key): rough(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return without_repeats([rough(item) for item in value])
    return value


def without_repeats(items):
    """Count frames of a recursion once: how deep it goes hangs on where it begins."""
    frames = [item for item in items if isinstance(item, str) and "Cell" in item]
    if len(frames) < 4:
        return items
    return [item for i, item in enumerate(items) if item not in items[:i]]


def merged(outputs):
    """Put the text of each stream together between other outputs; stdout first."""
    done, texts = [], {}
    for output in [*outputs, None]:
        if output is not None and output["output_type"] == "stream":
            texts[output["name"]] = texts.get(output["name"], "") + output["text"]
            continue
        for name in sorted(texts, reverse=True):
            done.append({"output_type": "stream", "name": name, "text": texts[name]})
        texts = {}
        if output is not None:
            done.append(output)
    return done


def result_of(notebook, witness):
    cells = [
        {
            "count": cell.execution_count,
            "outputs": rough(merged(copy.deepcopy(cell.outputs))),
            "times": sorted(cell.metadata.get("execution", {})),
        }
        for cell in notebook.cells
    ]
    widgets = notebook.metadata.get("widgets", {})
    states = [
        rough(state) for kind in widgets.values() for state in kind["state"].values()
    ]
    return {
        "cells": cells,
        "outcomes": witness.outcomes,
        "language": notebook.metadata.language_info,
        "widgets": sorted(states, key=repr),
    }


def make(cells):
    return notebook_of(
        *(
            code(cell[0], *cell[1:]) if isinstance(cell, tuple) else cell
            for cell in cells
        )
    )


def run_by(which, cells, folder, **options):
    """Run a notebook by `nbclient` or by `worker`; return what came of it."""
    folder.mkdir(parents=True)
    notebook, witness = make(cells), Witness()
    environ = {**os.environ, "MLOPS_MARK": "marked", "TZ": "UTC"}
    # With this, ipykernel does not take what C code and children print.
    environ.pop("PYTEST_CURRENT_TEST", None)
    if which == "nbclient":
        executor = NbclientExecutor(
            kernel_name="python3",
            cwd=folder,
            environ=environ,
            options={"timeout": 60, "startup_timeout": 60, **options},
        )
    else:
        executor = WorkerExecutor(
            cwd=folder,
            environ=environ,
            idle_seconds=IDLE_SECONDS,
            options={"timeout": 60, "startup_timeout": 60, **options},
        )
    executor.execute(notebook, witness)
    nbformat.validate(notebook)
    result = result_of(notebook, witness)
    result["files"] = {
        path.name: path.read_text(errors="replace")
        for path in sorted(folder.iterdir())
        if path.is_file()
    }
    return result
