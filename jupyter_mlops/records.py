"""What is read back: plain values that every floor and face understands.

They are frozen and hold no store, no path and no connection. Who only asks what a run
is, and how it stands, finds that in `kinds`, which is imported faster.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jupyter_mlops.kinds import Kind, Status

if TYPE_CHECKING:
    from jupyter_mlops.ids import Digest, RunId

__all__ = [
    "ArtifactRecord",
    "CellRecord",
    "ErrorRecord",
    "FileRecord",
    "JsonValue",
    "Kind",
    "MetricPoint",
    "MetricSummary",
    "ModelEvent",
    "ModelRecord",
    "RunRecord",
    "Status",
    "VersionRecord",
    "micros_from_time",
    "time_from_micros",
]

JsonValue = None | bool | int | float | str | list[Any] | dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSummary:
    """A metric's series in four numbers; NaN values count but are not extremes."""

    count: int
    last: float
    min: float
    max: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactRecord:
    """Bytes that a run keeps under a name.

    Attributes
    ----------
    format : str
        How the object was written: ``file``, ``folder``, ``frame``, ``array``,
        ``figure``, ``text``, ``json`` or ``model``.
    digest : Digest
        sha256 of the bytes; of the manifest when `is_folder`.
    size : int
        Bytes in all.
    meta : dict
        What the format needs to read it back.
    """

    name: str
    format: str
    digest: Digest
    size: int
    is_folder: bool = False
    meta: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """A file that a run read or wrote.

    Attributes
    ----------
    role : str
        ``read`` or ``written``.
    digest : Digest or None
        sha256 of its bytes; None when they were not hashed.
    version : str or None
        Where something else keeps versions of it: ``dvc:md5:…``, ``etag:…``.
    """

    path: str
    role: str
    digest: Digest | None = None
    size: int | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRecord:
    """The exception that ended a cell or a run."""

    name: str
    value: str
    traceback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRecord:
    """One execution of one code cell.

    Attributes
    ----------
    position : int
        Order of execution within the run, from 0.
    outputs : list of dict
        nbformat outputs; a text or MIME value too long to inline is
        ``{"blob": digest, "size": bytes}``.
    cpu_seconds, peak_bytes : float, int or None
        Processor time, and the most memory that was held; None when not measured.
    """

    position: int
    source: str
    status: Status
    began: datetime
    seconds: float
    cell_id: str | None = None
    execution_count: int | None = None
    outputs: list[dict[str, Any]] = field(default_factory=list)
    error: ErrorRecord | None = None
    cpu_seconds: float | None = None
    peak_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What one row of a list of runs says.

    Attributes
    ----------
    params, metrics, tags : dict
        By name; metrics hold the whole summary of each series.
    environment : Digest or None
        Digest of the JSON blob that describes where it ran.
    """

    run_id: RunId
    name: str
    experiment: str
    kind: Kind
    status: Status
    started: datetime
    ended: datetime | None = None
    parent_id: RunId | None = None
    notebook: str | None = None
    cell_id: str | None = None
    note: str | None = None
    environment: Digest | None = None
    error: ErrorRecord | None = None
    params: dict[str, JsonValue] = field(default_factory=dict)
    metrics: dict[str, MetricSummary] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def seconds(self) -> float | None:
        """Wall time from start to end, None while it is not ended."""
        if self.ended is None:
            return None
        return (self.ended - self.started).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricPoint:
    """One value of a metric."""

    step: int
    value: float
    time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """One numbered version of a registered model.

    Attributes
    ----------
    digest : Digest
        sha256 over everything that the version binds.
    files : Digest
        Manifest of the model's files.
    flavor : str
        Name of the flavor that reads them.
    data : dict
        Digest of each recorded input, by name.
    """

    model: str
    version: int
    digest: Digest
    files: Digest
    flavor: str
    flavor_meta: dict[str, Any]
    size: int
    registered: datetime
    by: str
    run_id: RunId | None = None
    artifact: str | None = None
    environment: Digest | None = None
    data: dict[str, Digest] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    params: dict[str, JsonValue] = field(default_factory=dict)
    note: str | None = None
    aliases: tuple[str, ...] = ()
    by_source: str = ""
    """How we know who `by` is: told, jupyterhub, git, system or unknown."""
    signature: Digest | None = None
    example: Digest | None = None
    lock: Digest | None = None
    """The run's packages, as a list that ``pip install -r`` takes."""
    recipe: Digest | None = None
    recipe_kind: str | None = None
    """What makes it again: ``recipe``, ``notebook`` or ``script``."""
    profile: Digest | None = None
    """What its training data looked like."""
    git: dict[str, JsonValue] = field(default_factory=dict)
    """``commit``, ``branch``, ``remote``; ``diff``: digest of what was uncommitted."""
    tags: dict[str, str] = field(default_factory=dict)
    archived: bool = False
    verdict: str | None = None
    """Of the last verification: ``reproduced``, ``differs`` or ``failed``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecord:
    """One registered model.

    Attributes
    ----------
    versions : int
        How many there are.
    aliases : dict
        The version's number that each one points to, by name.
    """

    name: str
    versions: int
    latest: VersionRecord | None = None
    aliases: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEvent:
    """One link of a model's history.

    Attributes
    ----------
    kind : str
        ``registered``, ``gated``, ``verified``, ``approved``, ``alias_set``,
        ``alias_removed``, ``refused``, ``archived``, ``restored``, ``downloaded``,
        ``card``, ``noted`` or ``healed``.
    fields : dict
        What the kind says besides.
    digest : Digest
        Seals this event and, through it, all before.
    """

    number: int
    time: datetime
    kind: str
    by: str
    by_source: str
    fields: dict[str, Any]
    digest: Digest


def time_from_micros(micros: int) -> datetime:
    """Turn a journal's microseconds since 1970 into an aware time in UTC."""
    return datetime.fromtimestamp(micros / 1_000_000, tz=UTC)


def micros_from_time(moment: datetime) -> int:
    """Turn an aware time into microseconds since 1970."""
    return round(moment.timestamp() * 1_000_000)
