"""The index: a database derived from the journals, for whoever wants to look."""

from jupyter_mlops.store.index.answers import (
    CatchUp,
    CurveQuery,
    ExperimentRecord,
    KnownNames,
    MarkedCell,
    MetricCurve,
    MetricSeries,
    RunGroup,
    RunPage,
    RunQuery,
    RunTable,
    SearchHit,
)
from jupyter_mlops.store.index.groups import Grouping
from jupyter_mlops.store.index.index import Index

__all__ = [
    "CatchUp",
    "CurveQuery",
    "ExperimentRecord",
    "Grouping",
    "Index",
    "KnownNames",
    "MarkedCell",
    "MetricCurve",
    "MetricSeries",
    "RunGroup",
    "RunPage",
    "RunQuery",
    "RunTable",
    "SearchHit",
]
