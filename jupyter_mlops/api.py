"""The Python face: what ``import jupyter_mlops as mlops`` offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops import workspace as _workspace
from jupyter_mlops.errors import NoActiveRunError
from jupyter_mlops.tracking import current as _current

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.tracking.run import Run

_workspaces: dict[str, _workspace.Workspace] = {}


def _here() -> _workspace.Workspace:
    """Return the workspace that holds here, opened once a process."""
    project = str(_workspace.locate())
    if project not in _workspaces:
        _workspaces[project] = _workspace.Workspace(project)
    return _workspaces[project]


def _active(call: str) -> Run:
    run = _current.current_run()
    if run is None:
        run = _inherited()
    if run is None:
        raise NoActiveRunError(call)
    return run


def _inherited() -> Run | None:
    found = _current.inherited_run()
    if found is None:
        return None
    project = str(found[1])
    if project not in _workspaces:
        _workspaces[project] = _workspace.Workspace(project)
    return _workspaces[project].current_run()


# --- recording -------------------------------------------------------------------


def start_run(
    name: str | None = None,
    *,
    experiment: str | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
) -> Run:
    """Begin a run; a run begun within another one is its child.

    Parameters
    ----------
    name : str, optional
        Without it the experiment's name.
    experiment : str, optional
        Group of runs; without it the notebook's or the script's name.
    params, tags : mapping, optional
        To log at once.

    Returns
    -------
    Run
        A context manager. Without ``with`` it is current until its `end`, or the
        end of the process.

    Examples
    --------
    >>> with start_run("baseline", params={"C": 1.0}) as run:  # doctest: +SKIP
    ...     log_metric("auc", 0.91)
    """
    return _here().start_run(name, experiment=experiment, params=params, tags=tags)


def current_run() -> Run | None:
    """Return the run that log calls go to here, None when there is none."""
    return _current.current_run() or _inherited()


def log_metric(key: str, value: Any, step: int | None = None) -> None:
    """Append one point to a metric of the current run.

    Parameters
    ----------
    key : str
        Name of the metric.
    value : number
        Any scalar number: Python's, numpy's, pandas', a tensor with one element.
        NaN and infinities are kept.
    step : int, optional
        Place in the series; without it the next one, from 0.

    Raises
    ------
    InvalidMetricError
        When `value` is not one number.
    NoActiveRunError
        When no run is active.
    """
    _active("log_metric").log_metric(key, value, step)


def log_metrics(metrics: Mapping[str, Any], step: int | None = None) -> None:
    """Append one point to each of several metrics of the current run."""
    _active("log_metrics").log_metrics(metrics, step)


def log_param(key: str, value: Any) -> None:
    """Keep a param of the current run with its JSON type.

    Raises
    ------
    InvalidParamError
        When the value has no JSON form.
    """
    _active("log_param").log_param(key, value)


def log_params(params: Mapping[str, Any]) -> None:
    """Keep several params of the current run."""
    _active("log_params").log_params(params)


def set_tag(key: str, value: Any) -> None:
    """Set a tag of the current run."""
    _active("set_tag").set_tag(key, value)


def set_tags(tags: Mapping[str, Any]) -> None:
    """Set several tags of the current run."""
    _active("set_tags").set_tags(tags)


def log_note(text: str) -> None:
    """Put a note on the current run."""
    _active("log_note").log_note(text)


def log_artifact(path: str | os.PathLike[str], name: str | None = None) -> None:
    """Keep a file or a folder, as it is now, with the current run.

    Raises
    ------
    ArtifactNotFoundError
        When there is nothing at `path`.
    """
    _active("log_artifact").log_artifact(path, name)


def log_object(name: str, value: Any) -> str:
    """Keep an object in the format that is known for its type, and name that format.

    Raises
    ------
    UnstorableObjectError
        When there is none.
    """
    return _active("log_object").log_object(name, value)


def log_table(name: str, frame: Any) -> None:
    """Keep a table as parquet: a data frame, a dict of columns, a list of rows."""
    _active("log_table").log_table(name, frame)


def log_figure(name: str, figure: Any) -> None:
    """Keep a matplotlib figure as PNG and SVG."""
    _active("log_figure").log_figure(name, figure)


def log_model(name: str, model: Any) -> None:
    """Keep a model with the current run, in a safe format of its library."""
    _active("log_model").log_model(name, model)


# --- reading back ----------------------------------------------------------------


def runs(
    filter: str = "",  # noqa: A002 - the field's word for it
    *,
    order_by: str | Sequence[str] | None = None,
    experiment: str | None = None,
    limit: int | None = None,
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
    return _here().runs(filter, order_by=order_by, experiment=experiment, limit=limit)


def get_run(run: str) -> RecordedRun:
    """Return a recorded run by its id, a unique prefix of it, or ``"last"``.

    Raises
    ------
    RunNotFoundError, AmbiguousRunError
        When none or several fit.
    """
    return _here().get_run(run)


# --- models ----------------------------------------------------------------------


def register_model(uri: str, name: str, *, note: str | None = None) -> VersionRecord:
    """Make a run's model the next version of a registered one.

    Parameters
    ----------
    uri : str
        ``runs:/<run id>/<artifact>``, or a run that keeps one model only.
    name : str
        The model's name in the registry.
    note : str, optional
        Kept with the version.
    """
    return _here().models.push(uri, name, note=note)


def load_model(
    uri: str, *, loader: str | None = None, allow_types: Sequence[str] = ()
) -> Any:
    """Load a model by its URI, ``models:/`` or ``runs:/``.

    Every byte is verified first, and nothing is unpickled.

    Parameters
    ----------
    uri : str
        ``models:/<name>@<alias>``, ``models:/<name>/<version>``, or
        ``runs:/<run id>/<artifact>``.
    loader : str, optional
        For models kept as bytes with a loader: its ``package.module:function``, said
        again as the word that it may be called.
    allow_types : sequence of str, optional
        Further types that the model may hold, beside those of its own library.

    Raises
    ------
    UnsafeModelError
        When loading would run code that was not allowed.
    """
    return _here().models.load(uri, loader=loader, allow_types=allow_types)


def models() -> pd.DataFrame:
    """Return the registered models as a table, one row a model."""
    return _here().models.table()
