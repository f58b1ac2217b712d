"""Which run is current: in this context, this thread, this process, its parent."""

from __future__ import annotations

import atexit
import os
import sys
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.errors import MlopsError
from jupyter_mlops.ids import RunId, is_run_id
from jupyter_mlops.settings import RUN_VARIABLE

if TYPE_CHECKING:
    from jupyter_mlops.tracking.run import Run

_innermost: ContextVar[Run | None] = ContextVar("jupyter_mlops_run", default=None)
_open: list[Run] = []
_earlier_errors: dict[RunId, int] = {}
"""By open run: which exception the interpreter had shown before it began."""


def current_run() -> Run | None:
    """Return the run that log calls go to, None when there is none.

    The run of this context (so each thread and asyncio task may have its own);
    where the context has none, as in a thread started within a run, the one begun
    last in this process.
    """
    run = _innermost.get()
    while run is not None:
        if run.is_open:
            return run
        run = run.outer
    return _open[-1] if _open else None


def enter(run: Run) -> None:
    """Make `run` current, here and for the processes started from here."""
    _innermost.set(run)
    _open.append(run)
    _earlier_errors[run.id] = id(_shown_error())
    _tell_children()


def leave(run: Run) -> None:
    """Make current what was so before `run`."""
    if run in _open:
        _open.remove(run)
        _earlier_errors.pop(run.id, None)
    if _innermost.get() is run:
        _innermost.set(run.outer)
    _tell_children()


def _tell_children() -> None:
    if _open:
        run = _open[-1]
        os.environ[RUN_VARIABLE] = f"{run.id}:{run.project}"
    else:
        os.environ.pop(RUN_VARIABLE, None)


def forget_joined() -> None:
    """Let go of the run that the parent process named: it may name another now."""
    for run in reversed(list(_open)):
        if run.is_joined:
            run.end()
            leave(run)


def inherited_run() -> tuple[RunId, Path] | None:
    """Return the run that the parent process named for us, with its project."""
    run_id, _, project = os.environ.get(RUN_VARIABLE, "").partition(":")
    if not is_run_id(run_id) or not project:
        return None
    return RunId(run_id), Path(project)


@atexit.register
def _end_open_runs() -> None:
    """End what a script left open, as a ``with`` block around it would."""
    error = _shown_error()
    for run in reversed(list(_open)):
        # In a notebook, a cell may have failed long before the run began.
        own = None if id(error) == _earlier_errors.get(run.id) else error
        try:
            run.__exit__(type(own) if own else None, own, None)
        except MlopsError as fault:
            sys.stderr.write(f"jupyter_mlops: the end of a run is missing: {fault}\n")


def _shown_error() -> BaseException | None:
    """Return the last exception that nobody caught."""
    return getattr(sys, "last_value", None)
