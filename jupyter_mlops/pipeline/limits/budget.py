"""What one notebook may take, and what all that run at once may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from jupyter_mlops.pipeline.limits.machine import cpu_count, memory_size

if TYPE_CHECKING:
    from collections.abc import Iterable

_SLACK = 1e-9
"""Thirds of a processor add up to a little more than one."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one notebook's processes may take.

    Attributes
    ----------
    cpus : float
        Processors; 0: all that there are.
    memory : int
        Bytes; 0: as much as there is.
    """

    cpus: float = 0.0
    memory: int = 0

    @property
    def threads(self) -> int:
        """How many threads a numeric library may have; 0: as many as it likes."""
        return max(1, int(self.cpus)) if self.cpus else 0


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What all notebooks that run at once may take together.

    Attributes
    ----------
    cpus : float
        Processors.
    memory : int
        Bytes.
    jobs : int
        How many may run at once.
    is_whole : bool
        Whether that is all that this machine has.
    """

    cpus: float
    memory: int
    jobs: int = 1
    is_whole: bool = True

    @classmethod
    def of_machine(cls, *, cpus: float = 0.0, memory: int = 0, jobs: int = 1) -> Self:
        """Take what this machine, or container, has; `cpus` and `memory` say less."""
        there, size = cpu_count(), memory_size()
        return cls(
            cpus=min(cpus or there, there),
            memory=min(memory or size, size),
            jobs=jobs,
            is_whole=not cpus or cpus >= there,
        )

    def limits(self, wanted: Limits) -> Limits:
        """Return what a notebook gets: what it asks for, else its share of processors.

        One that runs alone on the whole machine, and asks for nothing, is not bounded.
        """
        cpus = wanted.cpus or self.cpus / self.jobs
        if not wanted.cpus and self.jobs == 1 and self.is_whole:
            cpus = 0.0
        return Limits(cpus=cpus, memory=wanted.memory)

    def has_room(self, running: Iterable[Limits], wanted: Limits) -> bool:
        """Tell whether a notebook fits beside those that run; alone, each does."""
        others = list(running)
        if not others:
            return True
        if len(others) >= self.jobs:
            return False
        every = [*others, wanted]
        cpus = sum(item.cpus or self.cpus / self.jobs for item in every)
        memory = sum(item.memory for item in every)
        return cpus <= self.cpus + _SLACK and memory <= self.memory
