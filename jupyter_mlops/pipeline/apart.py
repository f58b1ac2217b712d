"""Working in a thread of its own, so that an interrupt meets nothing half done."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

from jupyter_mlops.pipeline.signals import let_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Cancel(Protocol):
    """Has the work end soon, or at once; called from another thread."""

    def __call__(self, *, now: bool) -> None:
        """Cancel."""


class Interrupts:
    """Interrupts of work in some thread: the system gives them to the main one only.

    Attributes
    ----------
    count : int
        How many there were.
    """

    def __init__(self) -> None:
        self.count = 0
        self._cancels: list[Cancel] = []
        self._lock = threading.Lock()

    def interrupt(self) -> None:
        """Interrupt what runs under these, and what will; from any thread."""
        with self._lock:
            self.count += 1
            cancels = list(self._cancels)
        for cancel in cancels:
            cancel(now=self.count > 1)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Let these be the interrupts of what this thread does in the block."""
        token = _taken.set(self)
        try:
            yield
        finally:
            _taken.reset(token)

    def run(self, work: Callable[[], None], cancel: Cancel) -> None:
        """Do the work in this very thread; see `run_apart`."""
        with self._lock:
            self._cancels.append(cancel)
            count = self.count
        try:
            if count:
                cancel(now=count > 1)
            work()
        finally:
            with self._lock:
                self._cancels.remove(cancel)
        if self.count:
            raise KeyboardInterrupt


_taken: ContextVar[Interrupts | None] = ContextVar("mlops_interrupts", default=None)


def taken_interrupts() -> Interrupts | None:
    """Return those that this thread's work is under, if any; see `Interrupts.taken`."""
    return _taken.get()


def run_apart(work: Callable[[], None], cancel: Cancel) -> None:
    """Run `work` in a thread, also where a loop runs already, and wait for its end.

    Raises
    ------
    KeyboardInterrupt
        When interrupted meanwhile. The work was cancelled then, at a second interrupt
        at once, and has ended.
    """
    if (taken := _taken.get()) is not None:
        taken.run(work, cancel)
        return
    done: Future[None] = Future()
    thread = threading.Thread(
        target=_do, args=(work, done), name="mlops-cells", daemon=True
    )
    interrupts: list[KeyboardInterrupt] = []
    told = 0
    with let_in():
        while not done.done():
            try:
                if thread.ident is None:
                    thread.start()
                if told < len(interrupts):
                    cancel(now=len(interrupts) > 1)
                    told = len(interrupts)
                done.exception()
            except KeyboardInterrupt as interrupt:
                # No more than this here: a second one must find us waiting.
                interrupts.append(interrupt)
    if interrupts:
        raise interrupts[0]
    done.result()


def _do(work: Callable[[], None], done: Future[None]) -> None:
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - it is raised in the waiting thread
        done.set_exception(error)
    else:
        done.set_result(None)
