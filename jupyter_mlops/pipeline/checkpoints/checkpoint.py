"""What is known of one copy of a notebook's process. Standard library only."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

BEFORE = "before"
FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A copy of a notebook's process, made between two cells.

    Attributes
    ----------
    run : str
        The run that it belongs to.
    kind : str
        ``before``: cells can go on from here. ``failed``: the state after the cell
        that failed, to be looked at.
    cells : tuple of str
        Digests of the code of the cells that had run, in order.
    saved : float
        Seconds that those took.
    made : float
        When, in seconds since 1970.
    process : int
        The sleeper.
    seconds : float
        How long making it held up the notebook.
    footing : dict or None
        Of a step: how things were around it; see `steps.footing`.
    """

    run: str
    kind: str
    cells: tuple[str, ...]
    saved: float
    made: float
    process: int
    seconds: float
    footing: dict[str, Any] | None = None

    @property
    def position(self) -> int:
        """How many cells had run."""
        return len(self.cells)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """Make it again."""
        return cls(**{**told, "cells": tuple(told["cells"])})
