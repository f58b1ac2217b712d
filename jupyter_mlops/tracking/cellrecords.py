"""What is said of a tracked cell: asked for, about to run, ended, summed up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.records import Status

if TYPE_CHECKING:
    from jupyter_mlops.capture.stamp import Stamp
    from jupyter_mlops.capture.usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackOptions:
    """What the line above a cell asks for.

    Attributes
    ----------
    params, metrics, saves : tuple of str
        Names to take from the namespace after the cell has run.
    is_live : bool
        Metrics show as a curve while the cell runs.
    problems : tuple of str
        What could not be understood of the line.
    autolog : bool
        Models that the cell fits are to be noticed.
    """

    name: str | None = None
    experiment: str | None = None
    params: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    saves: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    note: str | None = None
    autolog: bool = True
    is_live: bool = True
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSource:
    """A cell as it is about to run.

    Attributes
    ----------
    text : str
        As the user wrote it.
    python : str
        As Python runs it, magics translated.
    notebook : str or None
        Where the cell's notebook is.
    """

    text: str
    python: str
    cell_id: str | None = None
    execution_count: int | None = None
    notebook: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellOutcome:
    """How a cell ended: a value or an exception."""

    value: Any = None
    error: BaseException | None = None

    @property
    def status(self) -> Status:
        """The state that a run of this cell ends in."""
        if self.error is None:
            return Status.FINISHED
        if isinstance(self.error, KeyboardInterrupt):
            return Status.CANCELLED
        return Status.FAILED


@dataclass(slots=True, kw_only=True)
class CellSummary:
    """What the card under a cell says."""

    run_id: str
    name: str
    experiment: str
    status: Status
    seconds: float
    params: dict[str, Any]
    metrics: dict[str, float]
    bests: dict[str, tuple[float, float]] = field(default_factory=dict)
    saved: dict[str, str] = field(default_factory=dict)
    models: list[dict[str, Any]] = field(default_factory=list)
    masked: int = 0
    stamp: Stamp | None = None
    usage: Usage | None = None
    dropped: int = 0
    problems: list[str] = field(default_factory=list)
