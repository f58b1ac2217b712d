"""The thread that looks at what runs, now and then, on behalf of whoever shows it."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Protocol

LINGER_SECONDS = 20.0
"""So long the thread stays when there is nothing to look at."""


class Watched(Protocol):
    """Something that wants to be looked at.

    Attributes
    ----------
    due : float
        When next, by ``time.monotonic()``.
    """

    due: float

    def look(self) -> None:
        """Look, and set `due` anew; never raises."""


class Watch:
    """Looks at what was added whenever it is due.

    To start a thread and to wait for its end costs more than all else that is done for
    a short cell. So one thread serves all cells and outlives them by a little.

    Parameters
    ----------
    seconds : float
        The longest that anything new is overlooked.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._watched: list[Watched] = []
        self._thread: threading.Thread | None = None

    def add(self, item: Watched) -> None:
        """Begin to look at `item`."""
        with self._lock:
            self._watched.append(item)
            # A fork takes no threads along.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, name="mlops-live", daemon=True
                )
                # Without a thread nothing is shown, and that is all.
                with contextlib.suppress(RuntimeError):
                    self._thread.start()

    def remove(self, item: Watched) -> None:
        """Look at `item` no more; a look that has begun may still go on."""
        with self._lock, contextlib.suppress(ValueError):
            self._watched.remove(item)

    def _run(self) -> None:
        last = time.monotonic()
        while True:
            now = time.monotonic()
            with self._lock:
                items = list(self._watched)
                if items:
                    last = now
                elif now - last > LINGER_SECONDS:
                    self._thread = None
                    return
            for item in items:
                if item.due <= now:
                    item.look()
            dues = [item.due - time.monotonic() for item in items]
            time.sleep(max(0.0, min([self._seconds, *dues])))
