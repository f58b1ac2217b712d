"""What gates may ask of the version that is judged, and answers that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.records import VersionRecord


class GateFaultError(Exception):
    """A gate cannot be judged, and is therefore not passed; a sentence."""


class NothingYet:
    """Stands for a value of a version that is not there yet."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


class Groups(Protocol):
    """A metric over groups of rows."""

    @property
    def by_group(self) -> dict[str, float]:
        """Of each group, by its name."""

    @property
    def overall(self) -> float:
        """Of all rows."""


class Subject(Protocol):
    """What an expression can ask of the version that is judged."""

    version: VersionRecord

    def other(self, name: str) -> VersionRecord | NothingYet:
        """Return the version that ``models['…']`` names."""

    def reproduced(self) -> tuple[bool, str]:
        """Tell whether it could be made again."""

    def secrets(self) -> list[str]:
        """Return where secrets are in it."""

    def unconfirmed(self) -> str:
        """Say which fields of its card are of earlier versions; empty when none."""

    def compatible(self, other: VersionRecord) -> tuple[bool, str]:
        """Tell whether it can stand in for another version."""

    def latency(self, quantile: float | None) -> float:
        """Return seconds of a prediction; their mean without a quantile."""

    def groups(self, columns: Sequence[str], metric: str) -> Groups:
        """Return a metric over the groups of the gate's dataset."""
