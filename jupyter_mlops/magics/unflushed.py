"""Shows something in a kernel without a wait for text that was never printed."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Unflushed:
    """A stream in all but that it need not be flushed."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def flush(self) -> None:
        """Leave that to whoever prints."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def unflushed() -> Iterator[None]:
    """Let what is shown in this block go out at once.

    A kernel flushes both streams before it shows anything, so that text and pictures
    keep their order. Each flush waits for another thread to have its turn: where
    nothing was printed, that is most of what showing costs.
    """
    streams = sys.stdout, sys.stderr
    ours = _Unflushed(streams[0]), _Unflushed(streams[1])
    sys.stdout, sys.stderr = ours
    try:
        yield
    finally:
        # Another thread may have redirected them meanwhile.
        if sys.stdout is ours[0]:
            sys.stdout = streams[0]
        if sys.stderr is ours[1]:
            sys.stderr = streams[1]
