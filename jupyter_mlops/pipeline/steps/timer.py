"""How long a step may take: it is interrupted when its time is up."""

from __future__ import annotations

import signal
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.apart import Interrupts, taken_interrupts

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


class TimeIsUp(KeyboardInterrupt):
    """A step took too long: it ends as if it were interrupted."""


@dataclass
class StepTimer:
    """Bounds the time of some work; without `seconds` it may take as long as it likes.

    Within `Interrupts` of a thread it interrupts what runs there.
    """

    seconds: float | None

    def run(self, work: Callable[[], None]) -> None:
        """Do the work.

        Raises
        ------
        TimeIsUp
            When it took too long.
        """
        if not self.seconds:
            work()
        elif threading.current_thread() is threading.main_thread():
            self._run_in_main(self.seconds, work)
        else:
            self._run_apart(self.seconds, work)

    def _run_in_main(self, seconds: float, work: Callable[[], None]) -> None:
        # A real signal: the thread may be waiting where nothing else wakes it.
        before = signal.signal(signal.SIGALRM, _raise_time_is_up)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            work()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _run_apart(self, seconds: float, work: Callable[[], None]) -> None:
        outer, own = taken_interrupts(), Interrupts()
        is_up = threading.Event()

        def end() -> None:
            is_up.set()
            own.interrupt()

        def cancel(*, now: bool) -> None:  # noqa: ARG001 - the protocol's
            own.interrupt()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            with own.taken():
                if outer is None:
                    work()
                else:
                    outer.run(work, cancel)
        except KeyboardInterrupt:
            if is_up.is_set() and (outer is None or not outer.count):
                raise TimeIsUp from None
            raise
        finally:
            timer.cancel()


def _raise_time_is_up(_number: int, _frame: FrameType | None) -> None:
    raise TimeIsUp
