"""Runs histories of cells in real IPython shells, one forked process for each.

Started as a program: it imports the heavy libraries once, then reads a job a line from
its input and answers a line.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import traceback
import types
from pathlib import Path

from jupyter_mlops.capture.dataflow.watch import CellWatch

_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")
_NUMBER = re.compile(r"^Out\[\d+\]: ?", re.MULTILINE)


def serve():
    import matplotlib.pyplot  # noqa: F401
    import numpy  # noqa: F401
    import pandas  # noqa: F401
    import sklearn.ensemble
    import sklearn.pipeline  # noqa: F401
    from IPython.core.interactiveshell import InteractiveShell  # noqa: F401

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read_end)
            job = json.loads(line)
            signal.alarm(job.get("seconds", 0))
            with os.fdopen(write_end, "w") as pipe:
                pipe.write(json.dumps(_answer(job)))
            os._exit(0)
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            answer = pipe.read()
        os.waitpid(child, 0)
        answers.write((answer or json.dumps({"broken": "it was killed"})) + "\n")
        answers.flush()


def _answer(job):
    try:
        # Of the same name each time, so that texts with it compare.
        folder = Path(tempfile.gettempdir()) / f"shell-{os.getppid()}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            os.chdir(folder)
            return run_history(job)
        finally:
            os.chdir("/")
            shutil.rmtree(folder)
    except BaseException:
        return {"broken": traceback.format_exc()}


def run_history(job):
    """Run the cells of a job that are to be run; say what each did."""
    shell = _new_shell(job["inline"])
    shown = []
    shell.display_pub.publish = lambda data, *_, **__: shown.append(_digest(data))
    seen = []
    watch = CellWatch(shell.user_ns)
    for source in job["cells"]:
        shown.clear()
        watch.begin()
        result, text = _run_cell(shell, source)
        seen.append(
            {
                "python": shell.transform_cell(source),
                "count": shell.execution_count - 1,
                "failed": not result.success,
                "output": text,
                "shown": list(shown),
                "evidence": _told(watch.end()),
            }
        )
    names = [name for name in job["names"] if name in shell.user_ns]
    values = {name: picture(shell.user_ns[name]) for name in sorted(names)}
    return {"cells": seen, "values": values}


def _new_shell(is_inline):
    import matplotlib
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.autoindent = False

    class Shell(InteractiveShell):
        def enable_gui(self, gui=None):
            """No windows here."""

    shell = Shell.instance(config=config)
    if is_inline:
        shell.run_line_magic("matplotlib", "inline")
    else:
        matplotlib.use("agg")
    return shell


def _run_cell(shell, source):
    """Run one cell; the shell's own display hook stays, so that ``_`` is kept."""
    import io

    out, err = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = io.StringIO()
    try:
        result = shell.run_cell(source, store_history=True)
        text = sys.stdout.getvalue()
    finally:
        sys.stdout, sys.stderr = out, err
    if not result.success:
        text = type(result.error_in_exec or result.error_before_exec).__name__
    return result, _NUMBER.sub("", _ADDRESS.sub("0x", text))


def _digest(data):
    import hashlib

    return {
        kind: hashlib.sha256(str(value).encode()).hexdigest()
        if kind.startswith("image")
        else _ADDRESS.sub("0x", str(value))
        for kind, value in data.items()
    }


# --- evidence -------------------------------------------------------------------------


def _told(seen):
    """Give evidence as lists, to be sent."""
    fields = {}
    for field in dataclasses.fields(seen):
        value = getattr(seen, field.name)
        fields[field.name] = sorted(value) if isinstance(value, frozenset) else value
    return fields


# --- pictures of values ------------------------------------------------------------------


def picture(value, depth=0):
    """Draw a value as text, without addresses."""
    import matplotlib.figure
    import numpy
    import pandas
    from sklearn.base import BaseEstimator

    if depth > 6:
        return "…"
    if isinstance(value, pandas.DataFrame | pandas.Series | pandas.Index):
        return (
            f"{type(value).__name__}\n{value.to_string()}"
            if hasattr(value, "to_string")
            else repr(value)
        )
    if isinstance(value, numpy.ndarray):
        return f"array {value.tolist()}"
    if isinstance(value, BaseEstimator):
        fields = {k: v for k, v in vars(value).items() if not k.startswith("_")}
        return type(value).__name__ + picture(fields, depth + 1)
    if isinstance(value, matplotlib.figure.Figure):
        return f"figure {_figure_digest(value)}"
    if isinstance(value, dict):
        items = {str(k): picture(v, depth + 1) for k, v in value.items()}
        return str(dict(sorted(items.items())))
    if isinstance(value, list | tuple):
        return str([picture(one, depth + 1) for one in value])
    if isinstance(value, set | frozenset):
        return str(sorted(picture(one, depth + 1) for one in value))
    if isinstance(value, types.ModuleType | types.FunctionType | type):
        return f"{type(value).__name__} {value.__name__}"
    if type(value).__module__ == "__main__":
        return type(value).__name__ + picture(vars(value), depth + 1)
    return _ADDRESS.sub("0x", repr(value))


def _figure_digest(figure):
    import hashlib
    import io

    target = io.BytesIO()
    figure.savefig(target, format="rgba")
    return hashlib.sha256(target.getvalue()).hexdigest()


if __name__ == "__main__":
    serve()
