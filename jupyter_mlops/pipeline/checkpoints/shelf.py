"""What the keeper holds: copies with their sockets, until their time is over.

Standard library only.
"""

from __future__ import annotations

import select
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.checkpoints import memory
from jupyter_mlops.pipeline.checkpoints.policy import MOST, least_useful

if TYPE_CHECKING:
    import socket

    from jupyter_mlops.pipeline.checkpoints.checkpoint import Checkpoint

_TOO_MANY = 64


@dataclass
class Held:
    """One copy.

    Attributes
    ----------
    control : socket
        Its end ends the copy.
    seconds : float
        How long it is held once its run has gone.
    budget : int
        Bytes that all copies may take together, as its run has it.
    until : float or None
        When its time is over; None while its run goes on.
    cost : int
        Bytes, when last looked at.
    """

    checkpoint: Checkpoint
    control: socket.socket
    seconds: float
    budget: int
    until: float | None = None
    cost: int = 0


class Shelf:
    """The copies."""

    def __init__(self) -> None:
        self._held: dict[int, Held] = {}

    def __len__(self) -> int:
        return len(self._held)

    def put(self, held: Held) -> list[int]:
        """Hold a copy; return the numbers of the sockets of those that must go."""
        run = held.checkpoint.run
        gone = [
            number
            for number, other in self._held.items()
            if other.checkpoint.run == run
            and other.checkpoint.position == held.checkpoint.position
            and other.checkpoint.kind == held.checkpoint.kind
        ]
        for number in gone:
            self.drop(number)
        held.cost = memory.cost_of(held.checkpoint.process)
        self._held[held.control.fileno()] = held
        if len(self.of_run(run)) > MOST:
            gone += self._drop_least(self.of_run(run))
        if len(self) > _TOO_MANY:
            gone += self._drop_least(list(self._held.values()))
        return gone + self._within_budget()

    def of_run(self, run: str) -> list[Held]:
        """List the copies of a run."""
        return [held for held in self._held.values() if held.checkpoint.run == run]

    def numbers_of(self, run: str) -> list[int]:
        """List the numbers of their sockets."""
        return [held.control.fileno() for held in self.of_run(run)]

    def drop(self, number: int) -> None:
        """Let go of a copy, by its socket's number: it ends."""
        held = self._held.pop(number, None)
        if held is not None:
            held.control.close()

    def leave(self, run: str, now: float) -> None:
        """Begin the time that a run's copies are held without it."""
        for held in self.of_run(run):
            held.until = now + held.seconds

    def over(self, now: float) -> list[int]:
        """Let go of copies whose time is over, or that have ended; return numbers."""
        gone = [
            number
            for number, held in self._held.items()
            if (held.until is not None and held.until <= now) or has_ended(held.control)
        ]
        for number in gone:
            self.drop(number)
        return gone

    def weigh(self) -> list[int]:
        """Look at what copies cost; let go of the least useful beyond the budget."""
        for held in self._held.values():
            held.cost = memory.cost_of(held.checkpoint.process)
        return self._within_budget()

    def _within_budget(self) -> list[int]:
        gone: list[int] = []
        while self._held and self._total() > self._budget():
            gone += self._drop_least(list(self._held.values()))
        return gone

    def relieve(self) -> list[int]:
        """Let go of the least useful one if memory is short."""
        if self._held and memory.is_short():
            return self._drop_least(list(self._held.values()))
        return []

    def _total(self) -> int:
        return sum(held.cost for held in self._held.values())

    def _budget(self) -> int:
        return max(held.budget for held in self._held.values())

    def _drop_least(self, among: list[Held]) -> list[int]:
        least = least_useful((held.checkpoint, held.cost) for held in among)
        numbers = [held.control.fileno() for held in among if held.checkpoint is least]
        for number in numbers:
            self.drop(number)
        return numbers


def has_ended(control: socket.socket) -> bool:
    """Tell whether nobody is at the other end any more."""
    poll = select.poll()
    poll.register(control, 0)
    return bool(poll.poll(0))
