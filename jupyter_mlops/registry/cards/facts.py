"""What a card says, as plain values."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.wording import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlops.records import (
        FileRecord,
        MetricSummary,
        ModelEvent,
        RunRecord,
        VersionRecord,
    )
    from jupyter_mlops.registry.cards.carried import Carried

_REGRESSION = ("Regressor", "Regression", "SVR", "Lasso", "Ridge", "ElasticNet")
_CLASSIFICATION = ("Classifier", "LogisticRegression", "SVC", "NB")
_GROUPED = "over groups("


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeCell:
    """One cell that makes the model again, and why it is needed."""

    source: str
    ran_as: int | None = None
    reasons: tuple[str, ...] = ()
    cell_id: str | None = None

    @property
    def told(self) -> str:
        """Its number of execution and its reasons in a line; empty without any."""
        mark = "" if self.ran_as is None else f"[{self.ran_as}] "
        return f"{mark}{'; '.join(self.reasons)}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """Everything that a card says of a version.

    Attributes
    ----------
    run : RunRecord or None
        The run that made it, where it is recorded here.
    events : sequence of ModelEvent
        What happened to the version, in order.
    fields : mapping
        What people wrote of this version, by field; see `fields.FIELDS`.
    carried : mapping
        What they wrote of an earlier one, by field, and nobody has confirmed since.
    profile : mapping
        What the training data looked like; empty when it was not recorded.
    inputs : sequence of mapping
        ``name``, ``kind``, ``required`` of each column that it takes.
    recipe : sequence of RecipeCell
        The cells that make it again.
    lock : str
        Its packages, as ``pip install -r`` takes them.
    """

    version: VersionRecord
    run: RunRecord | None = None
    events: Sequence[ModelEvent] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    carried: Mapping[str, Carried] = field(default_factory=dict)
    files: Sequence[FileRecord] = ()
    profile: Mapping[str, Any] = field(default_factory=dict)
    inputs: Sequence[Mapping[str, Any]] = ()
    recipe: Sequence[RecipeCell] = ()
    environment: Mapping[str, Any] = field(default_factory=dict)
    lock: str = ""

    @property
    def uri(self) -> str:
        """The version's URI."""
        return f"models:/{self.version.model}/{self.version.version}"

    @property
    def verifying(self) -> str:
        """The command that makes the version again and compares."""
        return f"jupyter mlops verify {self.uri}"

    @property
    def class_name(self) -> str:
        """The model's class, without its module; else its flavor."""
        name = str(self.version.flavor_meta.get("class") or self.version.flavor)
        return name.rpartition(".")[2]

    @property
    def task(self) -> str:
        """What kind of task it solves, in the Hub's words, as its class tells."""
        params = str(self.version.flavor_meta.get("params", {}).get("steps", ""))
        words = f"{self.class_name} {params}"
        if any(part in words for part in _CLASSIFICATION):
            return "tabular-classification"
        if any(part in words for part in _REGRESSION):
            return "tabular-regression"
        return "other"

    def summary(self, metric: str) -> MetricSummary | None:
        """Return a metric's whole series in four numbers, where the run is here."""
        return self.run.metrics.get(metric) if self.run else None

    def gates(self) -> list[dict[str, Any]]:
        """Return the last answer of each gate that was asked."""
        found: dict[str, dict[str, Any]] = {}
        for event in self.events:
            for answer in event.fields.get("gates") or ():
                found[answer["gate"]] = {**answer, "time": event.time}
        return list(found.values())

    def fairness(self) -> list[dict[str, Any]]:
        """Return the answers of gates that compare groups of people."""
        return [answer for answer in self.gates() if _GROUPED in answer["gate"]]

    def data(self) -> list[tuple[str, str, int | None]]:
        """Return name, digest and size (None: unknown) of each recorded input."""
        sizes = {file.path: file.size for file in self.files}
        return [
            (name, str(digest), sizes.get(name))
            for name, digest in sorted(self.version.data.items())
        ]

    def columns(self) -> list[tuple[str, str, str]]:
        """Return name, type and a word or two of each training column."""
        told: list[tuple[str, str, str]] = []
        for part in ("features", "target"):
            for column in self.profile.get(part) or ():
                name = str(column.get("name"))
                name += " (target)" if part == "target" else ""
                told.append((name, str(column.get("dtype", "")), _about(column)))
        return told

    def load_lines(self) -> list[str]:
        """Return the code that loads it."""
        word = {"pickle": ", allow_pickle=True"}.get(self.version.flavor, "")
        if self.version.flavor == "loader":
            word = f", loader={self.version.flavor_meta.get('loader')!r}"
        return [
            "import jupyter_mlops as mlops",
            f'model = mlops.load_model("{self.uri}"{word})',
        ]


def _about(column: Mapping[str, Any]) -> str:
    if column.get("masked"):
        return "masked"
    words = []
    if column.get("missing"):
        words.append(f"{column['missing']} missing")
    mean, std = column.get("mean"), column.get("std")
    if isinstance(mean, int | float) and math.isfinite(mean):
        spread = f" ± {number(std)}" if isinstance(std, int | float) else ""
        words.append(f"{number(mean)}{spread}")
    elif column.get("distinct") is not None:
        words.append(f"{column['distinct']} distinct")
    return ", ".join(words)
