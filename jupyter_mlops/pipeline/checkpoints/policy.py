"""Which boundaries are worth a copy, and which copies are worth their memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.checkpoints.checkpoint import FAILED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jupyter_mlops.pipeline.checkpoints.checkpoint import Checkpoint

_FIRST_SECONDS = 0.04
_SECONDS_PER_BYTE = 0.04 / (1 << 30)
MOST = 8
"""Copies of one run; beyond, the least useful goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Decides at a boundary whether to make a copy.

    Attributes
    ----------
    share : float
        Of the run's time, copies take at most so much together.
    worth : float
        A copy must save so many times what it costs.
    least : float
        And at least so many seconds.
    """

    share: float = 0.03
    worth: float = 5.0
    least: float = 0.2

    def wants(
        self, *, elapsed: float, spent: float, since: float, expected: float
    ) -> bool:
        """Tell whether a copy is due.

        Parameters
        ----------
        elapsed, spent : float
            Seconds that the run has taken, and copies of it so far.
        since : float
            Seconds that cells have run since the last copy: what a new one saves.
        expected : float
            Seconds that a copy will take.
        """
        return (
            since >= max(self.least, self.worth * expected)
            and spent + expected <= self.share * elapsed
        )


def expected_seconds(resident: int, last: Checkpoint | None) -> float:
    """Foretell what a copy of a process takes.

    Parameters
    ----------
    resident : int
        Bytes that it has in memory: their page tables are copied.
    last : Checkpoint or None
        The one before.
    """
    guess = _FIRST_SECONDS + resident * _SECONDS_PER_BYTE
    return guess if last is None else max(last.seconds, guess / 2)


def least_useful(held: Iterable[tuple[Checkpoint, int]]) -> Checkpoint | None:
    """Choose which copy to do without.

    By the run time that is lost with it for each byte; those at which a run stands, or
    has failed, come last.

    Parameters
    ----------
    held : iterable of (Checkpoint, int)
        Each with the bytes that it costs.
    """
    runs: dict[str, list[tuple[Checkpoint, int]]] = {}
    for item in sorted(held, key=lambda item: (item[0].saved, item[0].kind == FAILED)):
        runs.setdefault(item[0].run, []).append(item)
    ranked = [item for group in runs.values() for item in _ranked(group)]
    return min(ranked, key=lambda item: item[:2])[2] if ranked else None


def _ranked(
    group: Sequence[tuple[Checkpoint, int]],
) -> Iterable[tuple[bool, float, Checkpoint]]:
    before = 0.0
    lasts = {item.kind: item for item, _ in group}
    for item, cost in group:
        lost = item.saved if item.kind == FAILED else item.saved - before
        before = before if item.kind == FAILED else item.saved
        yield lasts[item.kind] is item, lost / max(cost, 1), item
