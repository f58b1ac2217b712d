"""Runs as they were recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.api.place import here

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from jupyter_mlops.tracking.recorded import RecordedRun


def runs(
    filter: str = "",  # noqa: A002 - the field's word for it
    *,
    order_by: str | Sequence[str] | None = None,
    experiment: str | None = None,
    limit: int | None = None,
    archived: bool = False,
) -> pd.DataFrame:
    """Return recorded runs as a table, one row a run.

    Parameters
    ----------
    filter : str
        In MLflow's search language:
        ``metrics.auc > 0.9 and params.C < 1 and tags.team = 'risk'``.
    order_by : str or list of str, optional
        Such as ``"metrics.auc desc"``; without it the latest first.
    experiment : str, optional
        Only the runs of this experiment.
    limit : int, optional
        At most this many rows.
    archived : bool
        Archived runs, too.

    Returns
    -------
    DataFrame
        Columns run_id, name, experiment, kind, status, started (UTC), seconds, and
        ``params.*``, ``metrics.*`` (last values) and ``tags.*``.

    Raises
    ------
    FilterSyntaxError
        When the filter cannot be read; it shows the place.
    ExperimentNotFoundError
        When there is no such experiment.
    """
    return here().runs(
        filter,
        order_by=order_by,
        experiment=experiment,
        limit=limit,
        archived=archived,
    )


def get_run(run: str) -> RecordedRun:
    """Return a recorded run by its id, a unique prefix of it, or ``"last"``.

    Raises
    ------
    RunNotFoundError, AmbiguousRunError
        When none or several fit.
    """
    return here().get_run(run)
