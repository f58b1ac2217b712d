"""Tells who wants to follow work which run it began."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_mlops.ids import RunId

    Hear = Callable[[RunId], None]

_heard_by: ContextVar[list[Hear] | None] = ContextVar("mlops_begin", default=None)


@contextmanager
def first_run(hear: Hear) -> Iterator[None]:
    """Have `hear` called with the first run that begins in the block.

    Whoever listens around the block hears of it, too.
    """
    outer = _heard_by.get()

    def tell(run_id: RunId) -> None:
        hear(run_id)
        if outer:
            outer.pop()(run_id)

    token = _heard_by.set([tell])
    try:
        yield
    finally:
        _heard_by.reset(token)


def say_begun(run_id: RunId) -> None:
    """Say that a run has begun; those that begin after it are within it, or beside."""
    hearing = _heard_by.get()
    if hearing:
        hearing.pop()(run_id)
