"""Work on versions that may take minutes: done in threads, looked at when it ends."""

from __future__ import annotations

import asyncio
import secrets
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlops.errors import RegistryError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_mlops.registry import GateResult

MOST_RUNNING = 4
_MOST_KEPT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a trial.

    Attributes
    ----------
    answers : sequence of GateResult
        Of the gates that were asked.
    said : str
        What else there is to say, such as a verification's summary.
    """

    answers: Sequence[GateResult] = ()
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a trial is about.

    Attributes
    ----------
    verb : str
        ``gates``, ``promotion``, ``verification`` or ``export``.
    workspace : str
        Path of its folder, as requests name it.
    """

    verb: str
    workspace: str
    model: str
    version: int
    alias: str | None = None


@dataclass(slots=True)
class Trial:
    """Work on one version, under way or ended."""

    id: str
    about: About
    ended: Future[Outcome] = field(default_factory=Future)

    @property
    def is_running(self) -> bool:
        """It has not ended yet."""
        return not self.ended.done()

    @property
    def outcome(self) -> Outcome | None:
        """What came of it; None while it runs.

        Raises
        ------
        Exception
            What ended it, when it failed or was refused.
        """
        return self.ended.result() if self.ended.done() else None

    async def wait(self, seconds: float) -> None:
        """Return when it has ended, or after some time."""
        if self.is_running:
            await asyncio.wait([asyncio.wrap_future(self.ended)], timeout=seconds)

    def work(self, does: Callable[[], Outcome]) -> None:
        """Do it, in this thread."""
        try:
            self.ended.set_result(does())
        except BaseException as error:  # noqa: BLE001 - whoever waits is told
            self.ended.set_exception(error)


class Trials:
    """All trials of one server; the oldest that ended are forgotten."""

    def __init__(self) -> None:
        self._trials: dict[str, Trial] = {}

    def begin(self, about: About, does: Callable[[], Outcome]) -> Trial:
        """Begin one in a thread of its own.

        Raises
        ------
        RegistryError
            When too many are under way.
        """
        running = [one for one in self._trials.values() if one.is_running]
        if len(running) >= MOST_RUNNING:
            raise RegistryError(
                f"The server is trying {len(running)} versions already. Wait until one "
                f"is done."
            )
        trial = Trial(secrets.token_hex(8), about)
        self._trials[trial.id] = trial
        self._forget()
        # A daemon: a notebook that hangs must not hold the server back from ending.
        threading.Thread(
            target=trial.work, args=(does,), name=f"mlops-{about.verb}", daemon=True
        ).start()
        return trial

    def find(self, trial_id: str) -> Trial | None:
        """Return the trial of an id."""
        return self._trials.get(trial_id)

    def running(self, workspace: str, model: str, version: int) -> list[Trial]:
        """Return the trials of a version that are under way."""
        wanted = (workspace, model, version)
        return [
            one
            for one in self._trials.values()
            if one.is_running
            and (one.about.workspace, one.about.model, one.about.version) == wanted
        ]

    def _forget(self) -> None:
        ended = [one.id for one in self._trials.values() if not one.is_running]
        for trial_id in ended[: max(0, len(self._trials) - _MOST_KEPT)]:
            del self._trials[trial_id]
