"""Steps side by side, each in a process forked for it: the main thread is its own.

Nothing but JSON comes back. A child whose parent is gone ends its notebook as if it
were interrupted; none outlives the parent for longer than that takes.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_mlops.pipeline.steps.look import Look

_CHUNK = 1 << 16
_KILLED_AT = 4
"""Which interrupt is the last."""


@dataclass
class Child:
    """One forked process, and what it has said so far."""

    name: str
    pid: int
    fd: int
    said: bytearray = field(default_factory=bytearray)

    def answer(self) -> dict[str, Any]:
        """Return what it came to, after it has ended.

        Raises
        ------
        MlopsError
            What it raised.
        KeyboardInterrupt
            When it was interrupted.
        """
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        try:
            told = json.loads(bytes(self.said))
        except ValueError:
            raise errors.StepFailedError(
                f"The process of the step '{self.name}' was ended by "
                f"{_ending(status)}. Its run is recorded as far as it came.",
                step=self.name,
            ) from None
        return answer_of(told)


class Children:
    """Forks steps and waits for them; a `steps.scheduler.Place`.

    Parameters
    ----------
    work : callable
        Runs a step that was looked at, so many of its points at once, and returns
        JSON values.
    """

    def __init__(self, work: Callable[[Look, int], dict[str, Any]]) -> None:
        self._work = work
        self._running: dict[int, Child] = {}
        # Its other end is ours alone: when that closes, we are gone.
        self._alive, self._held = os.pipe()

    def close(self) -> None:
        """Let go of what children know us by."""
        for fd in (self._alive, self._held):
            with contextlib.suppress(OSError):
                os.close(fd)

    def start(self, look: Look, width: int) -> None:
        """Have a step run in a process of its own."""
        fd, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._be_child(theirs, look, width)
        os.close(theirs)
        self._running[fd] = Child(look.step.name, pid, fd)

    def wait(self) -> None:
        """Wait until some have something to say."""
        select.select(list(self._running), [], [])

    def ended(self) -> Iterable[Child]:
        """Hear what they have to say, and give those that have ended."""
        ready, _, _ = select.select(list(self._running), [], [], 0)
        for fd in ready:
            child = self._running[fd]
            part = os.read(fd, _CHUNK)
            child.said += part
            if not part:
                yield self._running.pop(fd)

    def interrupt(self, times: int) -> None:
        """Pass an interrupt on: once, they finish writing; then at once."""
        number = signal.SIGKILL if times >= _KILLED_AT else signal.SIGINT
        for child in self._running.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, number)

    @property
    def names(self) -> list[str]:
        """Which steps run."""
        return [child.name for child in self._running.values()]

    def _be_child(self, fd: int, look: Look, width: int) -> None:
        code = 1
        try:
            # Away from the terminal: its interrupts reach us through our parent.
            os.setpgid(0, 0)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            os.close(self._held)
            for other in self._running:
                os.close(other)
            threading.Thread(target=self._outlive, daemon=True).start()
            with os.fdopen(fd, "wb") as said:
                said.write(json.dumps(done(lambda: self._work(look, width))).encode())
            code = 0
        finally:
            # Neither exit handlers nor buffers of the parent's are ours to run.
            os._exit(code)

    def _outlive(self) -> None:
        while os.read(self._alive, 1):
            continue
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)


def done(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do some work; return what came of it, or what it raised, as plain values."""
    try:
        return {"made": work()}
    except KeyboardInterrupt:
        return {"error": KeyboardInterrupt.__name__}
    except errors.MlopsError as error:
        return told_error(error)
    except Exception as error:  # noqa: BLE001 - whatever it is must not disturb the notebook
        message = f"{type(error).__name__}: {error}"
        return {"error": "StepFailedError", "message": message, "run_id": None}


def told_error(error: errors.MlopsError) -> dict[str, Any]:
    """Return an error as plain values; of its own those that are plain already."""
    values = {
        name: value
        for name, value in vars(error).items()
        if isinstance(value, str | int | float) and name not in ("message", "run_id")
    }
    return {
        "error": type(error).__name__,
        "message": str(error),
        "run_id": getattr(error, "run_id", None),
        "values": values,
    }


def answer_of(told: dict[str, Any]) -> dict[str, Any]:
    """Return what `done` returned elsewhere, or raise what was raised there."""
    if "made" in told:
        found: dict[str, Any] = told["made"]
        return found
    if told["error"] == KeyboardInterrupt.__name__:
        raise KeyboardInterrupt
    kind = getattr(errors, told["error"], errors.StepFailedError)
    raise _made_again(kind, told)


def _made_again(
    kind: type[errors.MlopsError], told: dict[str, Any]
) -> errors.MlopsError:
    found = kind.__new__(kind, told["message"])
    values = told.get("values", {})
    errors.MlopsError.__init__(found, told["message"], **values, run_id=told["run_id"])
    return found


def _ending(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"the signal {signal.Signals(os.WTERMSIG(status)).name}"
    return f"itself, with exit status {os.waitstatus_to_exitcode(status)}"
