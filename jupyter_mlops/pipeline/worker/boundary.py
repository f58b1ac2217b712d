"""Where a notebook's process can be copied: between two cells.

::

    guardian ── notebook                     the cells go on
        └────── sleeper ── guardian ── notebook, woken: the cells go on from there

A copy shares the memory that it came with until one of both writes to it. It is no
child of the notebook's process, and sleeps until its control socket closes. Each
waking forks one more notebook's process with its own guardian; the sleeper sleeps on.
"""

from __future__ import annotations

import atexit
import os
import random
import select
import signal
import socket
import sys
import traceback
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlops.pipeline.worker import kinship
from jupyter_mlops.pipeline.worker.brood import Brood
from jupyter_mlops.pipeline.worker.copyfiles import part_offsets, pipe_ends
from jupyter_mlops.pipeline.worker.forkability import (
    NotForkableError,
    make_forkable,
    threads_left,
)
from jupyter_mlops.pipeline.worker.garbage import FrozenGarbage
from jupyter_mlops.pipeline.worker.threads import wake_threads
from jupyter_mlops.pipeline.worker.wire import close_files, receive_with_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    GoOn = Callable[[dict[str, Any]], None]

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
_OOM_SCORE = Path("/proc/self/oom_score_adj")
_SLEEPERS_SCORE = 800
"""A sleeper goes before anything that works; see proc(5), oom_score_adj."""
_REQUEST_FILES = 4


class Boundary:
    """Makes copies of this process.

    Parameters
    ----------
    channel : int
        The number of the channel to the runner.
    pipes : list of int
        The numbers of the pipes for stdout and stderr.
    go_on : callable
        What a woken copy does, given what it is asked for. By then the same numbers
        lead to its own runner.

    Attributes
    ----------
    pipes : list of int
        As given.
    garbage : FrozenGarbage
        What its collector passes over.
    """

    def __init__(self, channel: int, pipes: list[int], go_on: GoOn) -> None:
        self._channel = channel
        self.pipes = pipes
        self._go_on = go_on
        self.garbage = FrozenGarbage()
        # Behind the user's exit functions, before IPython's: those want a collection of
        # all that there is, which follows anyway.
        atexit.register(self.garbage.rest)

    def fork(self, control: int) -> int:
        """Make a copy that sleeps and listens to `control`, which it alone keeps.

        Returns
        -------
        int
            The sleeper's process.

        Raises
        ------
        NotForkableError
            With the reason.
        """
        with socket.socket(fileno=control) as line:
            reason = make_forkable()
            try:
                if reason is not None:
                    raise NotForkableError(reason)
                self.garbage.freeze()
                copy = _Copy(self._channel, self.pipes, self._go_on, line)
                with _no_signals_of_children():
                    return _fork(copy)
            finally:
                wake_threads()


class _Copy:
    """The copy: what it has to know of the process that it was made of."""

    def __init__(
        self, channel: int, pipes: list[int], go_on: GoOn, control: socket.socket
    ) -> None:
        self._channel = channel
        self._pipes = pipes
        self._go_on = go_on
        self._control = control
        self._guardian = os.getppid()
        self._random = random.getstate()
        self._handlers = {number: signal.getsignal(number) for number in _SIGNALS}
        self._score = ""
        self._ends: dict[int, tuple[int, bool]] = {}

    def be_between(self, telling: int, heard: int) -> NoReturn:
        """Be the process between, whose end makes the sleeper nobody's child."""
        status = 1
        try:
            kinship.take_name(kinship.SLEEPER)
            if os.fork() == 0:
                self._sleep(telling, heard)
            status = 0
        finally:
            os._exit(status)

    def _sleep(self, telling: int, heard: int) -> NoReturn:
        try:
            os.setsid()
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            self._let_go_of_pipes()
            part_offsets()
            os.write(telling, str(os.getpid()).encode())
            os.close(telling)
            # The process that this is a copy of says whether it is fit to be one.
            if os.read(heard, 1):
                os.close(heard)
                kinship.end_with_parent(self._guardian)
                self._serve()
        except BaseException:  # noqa: BLE001 - nobody is there to take it
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(0)

    def _let_go_of_pipes(self) -> None:
        self._ends = pipe_ends(self._pipes)
        null = os.open(os.devnull, os.O_RDWR)
        for number, (_, is_inheritable) in self._ends.items():
            os.dup2(null, number, is_inheritable)
        os.dup2(null, self._channel, inheritable=False)
        os.close(null)

    def _serve(self) -> None:
        """Wake whenever asked, until nobody can ask any more."""
        self._score = _OOM_SCORE.read_text(encoding="ascii")
        kinship.adopt_orphans()
        brood = Brood(self._be_woken)
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        _set_score(_SLEEPERS_SCORE)
        while True:
            for number, _ in poll.poll():
                if number != self._control.fileno():
                    poll.unregister(number)
                    brood.bury(number)
                    continue
                received = receive_with_files(self._control, _REQUEST_FILES)
                if received is None:
                    return
                before = set(brood.endings)
                _set_score(self._score)
                brood.start(*received, ours=[self._control])
                _set_score(_SLEEPERS_SCORE)
                for ending in set(brood.endings) - before:
                    poll.register(ending, select.POLLIN)

    def _be_woken(self, request: dict[str, Any], files: list[int]) -> None:
        """Be a notebook's process again, in a process of its own."""
        os.dup2(files[0], self._channel, inheritable=False)
        for number, (position, is_inheritable) in self._ends.items():
            os.dup2(files[1 + position], number, is_inheritable)
        close_files(files)
        for number, handler in self._handlers.items():
            if handler is not None:
                signal.signal(number, handler)
        # Before its variable is set: log calls go to the run that it names.
        tracking = sys.modules.get("jupyter_mlops.tracking.current")
        if tracking is not None:
            tracking.forget_joined()
        os.environ.update(request["environ"])
        if request["folder"] is not None:
            os.chdir(request["folder"])
        # Python seeds its generator anew in every forked process.
        random.setstate(self._random)
        wake_threads()
        self._go_on(request)


def _fork(copy: _Copy) -> int:
    """Fork twice; return the process of the copy."""
    told, telling = os.pipe()
    heard, hearing = os.pipe()
    try:
        between = os.fork()
    except OSError as error:
        close_files([told, telling, heard, hearing])
        raise NotForkableError(f"the system refuses a fork: {error}") from error
    if between == 0:
        close_files([told, hearing])
        copy.be_between(telling, heard)
    close_files([telling, heard])
    with os.fdopen(told, "rb") as answer, os.fdopen(hearing, "wb") as gate:
        reason = threads_left()
        os.waitpid(between, 0)
        process = answer.read()
        if reason is not None or not process:
            raise NotForkableError(reason or "the system refuses a second fork")
        gate.write(b"1")
    return int(process)


@contextmanager
def _no_signals_of_children() -> Iterator[None]:
    """Keep the end of our own child from whoever wants to be told of such."""
    before = signal.getsignal(signal.SIGCHLD)
    if before is None:
        raise NotForkableError("a library handles the signals of child processes")
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGCHLD, before)


def _set_score(score: int | str) -> None:
    with suppress(OSError):
        _OOM_SCORE.write_text(f"{score}".strip(), encoding="ascii")
