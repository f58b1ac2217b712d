"""Takes our frames out of the traceback of an error that passed through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

_ROOM = __name__.rpartition(".")[0] + "."


def without_our_frames(error: BaseException | None) -> None:
    """Make an error's traceback, and those of its causes, as it would be without us."""
    met: set[int] = set()
    while error is not None and id(error) not in met:
        met.add(id(error))
        trace = error.__traceback__
        kept = _next_kept(trace)
        if kept is not trace:
            error.__traceback__ = kept
        while kept is not None:
            following = _next_kept(kept.tb_next)
            if following is not kept.tb_next:
                kept.tb_next = following
            kept = following
        error = error.__cause__ or error.__context__


def _next_kept(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if not str(module).startswith(_ROOM):
            return trace
        trace = trace.tb_next
    return None
