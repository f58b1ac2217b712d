"""The index: a database derived from the journals, for whoever wants to look."""

from jupyter_mlops.store.index.answers import (
    CatchUp,
    ExperimentRecord,
    KnownNames,
    MarkedCell,
    MetricSeries,
    RunPage,
    RunQuery,
    RunTable,
    SearchHit,
)
from jupyter_mlops.store.index.index import Index

__all__ = [
    "CatchUp",
    "ExperimentRecord",
    "Index",
    "KnownNames",
    "MarkedCell",
    "MetricSeries",
    "RunPage",
    "RunQuery",
    "RunTable",
    "SearchHit",
]
