"""Working in a thread of its own, so that an interrupt meets nothing half done."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Cancel(Protocol):
    """Has the work end soon, or at once; called from another thread."""

    def __call__(self, *, now: bool) -> None:
        """Cancel."""


def run_apart(work: Callable[[], None], cancel: Cancel) -> None:
    """Run `work` in a thread, also where a loop runs already, and wait for its end.

    Raises
    ------
    KeyboardInterrupt
        When interrupted meanwhile. The work was cancelled then, at a second interrupt
        at once, and has ended.
    """
    done: Future[None] = Future()
    thread = threading.Thread(
        target=_do, args=(work, done), name="mlops-cells", daemon=True
    )
    interrupts: list[KeyboardInterrupt] = []
    told = 0
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
