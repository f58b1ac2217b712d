"""Signals held back while something is written, let in while cells are waited for.

Ctrl-C, a polite request to end and a closed terminal are all interrupts here.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)
)


class HeldSignals:
    """The interrupts of one piece of work.

    Attributes
    ----------
    count : int
        How many there have been.
    error : KeyboardInterrupt or None
        What the first one raised, or would have.
    """

    def __init__(self) -> None:
        self.count = 0
        self.error: KeyboardInterrupt | None = None
        self._taken = 0
        self._is_open = False
        self._process = os.getpid()
        self._before: dict[int, Any] = {}
        self._deadly = 0

    @property
    def is_ours(self) -> bool:
        """Whether this process made it: a forked one has its own."""
        return self._process == os.getpid()

    @contextmanager
    def let_in(self) -> Iterator[None]:
        """Have interrupts raise within the block, also those that came before it."""
        was_open, self._is_open = self._is_open, True
        try:
            if self.count > self._taken:
                self._raise()
            yield
        finally:
            self._is_open = was_open

    def install(self) -> None:
        """Begin to hold back; only the main thread can."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in _SIGNALS:
            before = signal.getsignal(number)
            # Who ignores them, as nohup does, wants to be left alone.
            if before not in (signal.SIG_IGN, None):
                self._before[number] = before
                signal.signal(number, self._note)

    def remove(self) -> None:
        """Leave interrupts to whom they were left before."""
        for number, before in self._before.items():
            signal.signal(number, before)
        self._before.clear()
        if self._deadly:
            # All is written: now this process may end as it was asked to.
            os.kill(os.getpid(), self._deadly)

    def take(self, error: KeyboardInterrupt) -> None:
        """Count an interrupt that came another way, if none has come this way."""
        if not self.count:
            self.count = self._taken = 1
            self.error = error

    def raise_held(self) -> None:
        """Raise what came and was held back until now."""
        if self.count > self._taken:
            self._raise()

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self.error is None:
            self.error = self._error(number, frame)
        if self._is_open:
            self._raise()

    def _error(self, number: int, frame: FrameType | None) -> KeyboardInterrupt:
        before = self._before[number]
        if callable(before):
            try:
                before(number, frame)
            except KeyboardInterrupt as error:
                return error
        else:
            self._deadly = number
        return KeyboardInterrupt()

    def _raise(self) -> None:
        self._taken = self.count
        assert self.error is not None, "there was one"
        raise self.error


_current: HeldSignals | None = None


@contextmanager
def held_back() -> Iterator[HeldSignals]:
    """Hold interrupts back while the block runs, but for where `let_in` lets them in.

    Within another such block, that one's are meant.
    """
    global _current  # noqa: PLW0603 - signals belong to the process, as this does
    outer = _current if _current is not None and _current.is_ours else None
    if outer is not None:
        yield outer
        return
    found = _current = HeldSignals()
    found.install()
    try:
        yield found
        found.raise_held()
    finally:
        _current = None
        found.remove()


@contextmanager
def let_in() -> Iterator[None]:
    """Let interrupts in while the block runs, wherever they are held back."""
    found = _current
    is_main = threading.current_thread() is threading.main_thread()
    if found is None or not found.is_ours or not is_main:
        yield
        return
    with found.let_in():
        yield
