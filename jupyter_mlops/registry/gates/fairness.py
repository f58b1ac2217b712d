"""A metric over groups of rows, computed by fairlearn.

Source: https://fairlearn.org/main/user_guide/assessment/intersecting_groups.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import nearest
from jupyter_mlops.registry.flavors import library
from jupyter_mlops.registry.gates.subject import GateFaultError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EXTRA = "gates"
_OF_SKLEARN = {
    "accuracy": "accuracy_score",
    "f1": "f1_score",
    "mean_absolute_error": "mean_absolute_error",
    "precision": "precision_score",
    "recall": "recall_score",
}
_OF_CLASSES = frozenset({"f1", "precision", "recall"})
_AS_THEY_ARE = frozenset(
    {"accuracy", "count", "mean_absolute_error", "mean_prediction"}
)


@dataclass(frozen=True)
class GroupMetric:
    """One metric, by group and over all rows."""

    by_group: dict[str, float] = field(default_factory=dict)
    overall: float = 0.0


def group_metric(
    frame: Any,
    predicted: Any,
    *,
    target: str,
    columns: Sequence[str],
    metric: str,
    positive: Any = 1,
) -> GroupMetric:
    """Compute a metric for each group of rows.

    Parameters
    ----------
    frame : DataFrame
        With the target, and the columns whose values make the groups.
    predicted : array-like
        One value for each row.
    positive : JSON value
        Which class counts, for metrics of two classes.
    """
    import numpy as np

    for column in (target, *columns):
        if column not in frame.columns:
            hint = nearest(column, [str(name) for name in frame.columns])
            raise GateFaultError(f"the dataset has no column '{column}'.{hint}")
    found = np.asarray(predicted)
    found = found[:, 0] if found.ndim > 1 and found.shape[1] == 1 else found
    if found.ndim != 1 or len(found) != len(frame):
        raise GateFaultError(
            f"{len(frame)} rows gave predictions of the shape {found.shape}"
        )
    true = frame[target].to_numpy()
    if metric not in _AS_THEY_ARE:
        if positive not in true and positive not in found:
            classes = ", ".join(sorted({repr(value) for value in true.tolist()})[:5])
            raise GateFaultError(
                f"no row of '{target}' is {positive!r}: say which of {classes} counts, "
                f"with 'positive:'"
            )
        true, found = (true == positive).astype(int), (found == positive).astype(int)
    fairlearn = library("fairlearn.metrics", EXTRA)
    told = fairlearn.MetricFrame(
        metrics=_function(metric),
        y_true=true,
        y_pred=found,
        sensitive_features=frame[list(columns)].astype(str),
    )
    return GroupMetric(
        {_name(key): float(value) for key, value in told.by_group.items()},
        float(told.overall),
    )


def _function(metric: str) -> Callable[..., Any]:
    if metric not in _OF_SKLEARN:
        function: Callable[..., Any] = getattr(
            library("fairlearn.metrics", EXTRA), metric
        )
        return function
    function = getattr(library("sklearn.metrics", EXTRA), _OF_SKLEARN[metric])
    if metric not in _OF_CLASSES:
        return function

    def quiet(true: Any, predicted: Any) -> Any:
        # A group without positives has no recall; that is said, not guessed.
        return function(true, predicted, zero_division=float("nan"))

    return quiet


def _name(key: Any) -> str:
    return " ".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
