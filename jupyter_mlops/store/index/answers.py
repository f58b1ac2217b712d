"""What one asks of the index, and the shapes of its answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.records import Kind, RunRecord, Status

NOUNS = ("params", "metrics", "tags")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQuery:
    """Which runs, in which order.

    Attributes
    ----------
    filter : str
        In MLflow's search language, with ``or``, ``not`` and parentheses.
    order_by : str or sequence of str
        ``"metrics.auc desc"``, ``"started"``; newest first when empty. Runs that lack
        the value come last either way.
    experiment : str or None
        Only runs of this experiment.
    kinds : sequence of str
        Only these kinds of run; empty: all.
    parent : RunId or None
        Only children of this run.
    within : sequence of RunId or None
        Only runs among these.
    tagged : mapping of str to bool
        Only runs that have, or have not, a tag of this name.
    limit : int or None
        At most so many.
    include : sequence of str
        Which of params, metrics and tags to fill in.
    """

    filter: str = ""
    order_by: str | Sequence[str] = ()
    experiment: str | None = None
    kinds: Sequence[str] = ()
    parent: RunId | None = None
    within: Sequence[RunId] | None = None
    tagged: Mapping[str, bool] = field(default_factory=dict)
    limit: int | None = None
    include: Sequence[str] = NOUNS


@dataclass(frozen=True, slots=True)
class RunTable:
    """Runs by column, ready for a data frame.

    Attributes
    ----------
    columns : dict of str to list
        ``run_id name experiment kind status started seconds``, then ``params.*``,
        ``metrics.*`` (last values, floats; NaN where it is NaN, None where there is
        none) and ``tags.*``, each group sorted by name. ``started`` holds integer
        microseconds since 1970 in UTC, ``seconds`` floats or None.
    """

    columns: dict[str, list[Any]]

    def __len__(self) -> int:
        return len(self.columns["run_id"])


@dataclass(frozen=True, slots=True, kw_only=True)
class RunGroup:
    """The runs that share an experiment or a parent.

    Attributes
    ----------
    key : str or None
        The experiment's name or the parent's id; None: runs without a parent.
    label : str
        What to call it: the parent's name, where it is known.
    extremes : (float, float) or None
        Least and greatest last value of the metric that was asked for.
    """

    key: str | None
    label: str
    count: int
    extremes: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """Some of the runs that a question found.

    Attributes
    ----------
    total : int
        How many there are in all.
    offset : int
        How many come before the first of `runs`.
    groups : list of RunGroup
        What the whole answer consists of, in its order; empty: it is not grouped.
    """

    total: int
    offset: int
    runs: list[RunRecord]
    groups: list[RunGroup] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedCell:
    """A notebook's cell as it was in its last run.

    Attributes
    ----------
    run : RunRecord
        With metrics and tags.
    source : str
        The cell's text then, masked.
    """

    run: RunRecord
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNames:
    """The names of params, metrics and tags that occur in a workspace, sorted."""

    params: tuple[str, ...]
    metrics: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """All points of one metric, by step, then time.

    Attributes
    ----------
    times : list of int
        Microseconds since 1970.
    """

    steps: list[int]
    values: list[float]
    times: list[int]

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveQuery:
    """Which metrics of which runs, and how much of them.

    Attributes
    ----------
    run_ids, keys : sequence of str
        Each metric of each run; what a run lacks is left out of the answer.
    axis : str
        What lies across: ``step``, ``age`` (seconds since the run began) or ``time``
        (seconds since 1970).
    first, last : float or None
        From where to where on that axis, both included; None: all there is.
    points : int
        About how many points of each; extremes are kept whatever it is.
    """

    run_ids: Sequence[str]
    keys: Sequence[str]
    axis: str = "step"
    first: float | None = None
    last: float | None = None
    points: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricCurve:
    """One metric of one run, made small enough to draw.

    Attributes
    ----------
    began : int
        When the run did, in microseconds since 1970.
    total : int
        How many points there are in that range before the reduction.
    series : MetricSeries
        By what lies across.
    means : list of (float, float) or None
        Averages of what lies close together, each with its place across (a step, or
        microseconds since 1970); None: every point there is was kept.
    """

    run_id: str
    key: str
    status: Status
    began: int
    total: int
    series: MetricSeries
    means: list[tuple[float, float]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentRecord:
    """One experiment and what there is of it."""

    name: str
    run_count: int
    last_started: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """A run in which all that was searched for occurs.

    Attributes
    ----------
    field : str
        Where most of it is: ``name``, ``note``, ``error``, ``param C``, ``tag team``,
        ``cell 2 source``, ``cell 2 output``, ``cell 2 error`` …
    snippet : str
        A line cut out of that field.
    marks : tuple of (int, int)
        From where to where the snippet holds it.
    """

    run_id: RunId
    name: str
    experiment: str
    kind: Kind
    status: Status
    started: datetime
    field: str
    snippet: str
    marks: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class CatchUp:
    """What bringing the index up to date has done.

    Attributes
    ----------
    events : int
        Events read.
    runs : int
        Runs that changed.
    is_current : bool
        False when another process was still indexing after the wait; what it has
        finished can be read.
    problems : list of str
        What could not be read, in sentences.
    """

    events: int = 0
    runs: int = 0
    is_current: bool = True
    problems: list[str] = field(default_factory=list)
