"""What a run that went on with another one says of that."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.records import JsonValue

OBSERVATION = "resumed"


@dataclass(frozen=True, kw_only=True)
class Resumed:
    """Where a run went on.

    Attributes
    ----------
    origin : str
        The run that it went on from.
    restored : int
        How many of its cells were not run again; those come first.
    why : str
        Why all cells were run, if they were.
    is_sweep : bool
        Whether the cells are those that all points of a sweep share.
    points : int
        Of a sweep: how many of its points went on from copies of their own processes.
    """

    origin: str
    restored: int
    why: str = ""
    is_sweep: bool = False
    points: int = 0

    @property
    def line(self) -> str:
        """One line for people."""
        if self.is_sweep:
            return self._sweep_line
        if not self.restored:
            return f"from {self.origin}, all cells ran: {self.why}"
        cells = "cell 0" if self.restored == 1 else f"cells 0 to {self.restored - 1}"
        return f"from {self.origin}, which ran {cells}"

    @property
    def _sweep_line(self) -> str:
        if self.restored:
            cells = "shared cell was" if self.restored == 1 else "shared cells were"
            line = f"from {self.origin}, whose {self.restored} {cells} not run again"
        elif self.points:
            line = f"from {self.origin}"
        else:
            line = f"from {self.origin}; no shared cells restored: {self.why}"
        if not self.points:
            return line
        if self.points == 1:
            return f"{line}; 1 point went on from a copy of its own"
        return f"{line}; {self.points} points went on from copies of their own"

    def to_observation(self) -> dict[str, Any]:
        """Return what `read_resumed` reads."""
        told = {"from": self.origin, "restored": self.restored}
        told |= {"why": self.why} if self.why else {}
        told |= {"is_sweep": True} if self.is_sweep else {}
        return told | ({"points": self.points} if self.points else {})

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def read_resumed(observations: Mapping[str, JsonValue]) -> Resumed | None:
    """Read it from a run's observations, None when it began by itself."""
    told = observations.get(OBSERVATION)
    if not isinstance(told, dict):
        return None
    return Resumed(
        origin=str(told.get("from", "")),
        restored=int(str(told.get("restored", 0))),
        why=str(told.get("why", "")),
        is_sweep=bool(told.get("is_sweep")),
        points=int(str(told.get("points", 0))),
    )
