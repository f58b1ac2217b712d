"""Beginning runs, and logging to the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.api.place import active, here, run_here

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from jupyter_mlops.tracking.run import Run


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
    return here().start_run(name, experiment=experiment, params=params, tags=tags)


def current_run() -> Run | None:
    """Return the run that log calls go to here, None when there is none."""
    return run_here()


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
    active("log_metric").log_metric(key, value, step)


def log_metrics(metrics: Mapping[str, Any], step: int | None = None) -> None:
    """Append one point to each of several metrics of the current run."""
    active("log_metrics").log_metrics(metrics, step)


def log_param(key: str, value: Any) -> None:
    """Keep a param of the current run with its JSON type.

    Raises
    ------
    InvalidParamError
        When the value has no JSON form.
    """
    active("log_param").log_param(key, value)


def log_params(params: Mapping[str, Any]) -> None:
    """Keep several params of the current run."""
    active("log_params").log_params(params)


def set_tag(key: str, value: Any) -> None:
    """Set a tag of the current run."""
    active("set_tag").set_tag(key, value)


def set_tags(tags: Mapping[str, Any]) -> None:
    """Set several tags of the current run."""
    active("set_tags").set_tags(tags)


def log_note(text: str) -> None:
    """Put a note on the current run."""
    active("log_note").log_note(text)


def log_artifact(path: str | os.PathLike[str], name: str | None = None) -> None:
    """Keep a file or a folder, as it is now, with the current run.

    Raises
    ------
    ArtifactNotFoundError
        When there is nothing at `path`.
    """
    active("log_artifact").log_artifact(path, name)


def log_object(name: str, value: Any) -> str:
    """Keep an object in the format that is known for its type, and name that format.

    Raises
    ------
    UnstorableObjectError
        When there is none.
    """
    return active("log_object").log_object(name, value)


def log_table(name: str, frame: Any) -> None:
    """Keep a table as parquet: a data frame, a dict of columns, a list of rows."""
    active("log_table").log_table(name, frame)


def log_figure(name: str, figure: Any) -> None:
    """Keep a matplotlib figure as PNG and SVG."""
    active("log_figure").log_figure(name, figure)


def log_model(
    name: str,
    model: Any,
    *,
    example: Any = None,
    onnx: bool = False,
    allow_pickle: bool = False,
) -> None:
    """Keep a model with the current run, in a safe format of its library.

    Parameters
    ----------
    name : str
        Of the artifact.
    model : object
        A fitted model; with `allow_pickle` any function, class or object.
    example : frame-like, optional
        Rows that it takes. They give its signature where no fit was seen in a tracked
        cell; a few are kept, masked.
    onnx : bool
        Keep a scikit-learn model as ONNX besides.
    allow_pickle : bool
        Pickle it if no safe format holds it. Whoever loads it must say so again.

    Raises
    ------
    UnstorableObjectError
        When no safe format holds it.
    """
    run = active("log_model")
    if example is not None or onnx or allow_pickle:
        from jupyter_mlops.registry.flavors.format import OfferedModel

        model = OfferedModel(model, example, allow_pickle=allow_pickle, onnx=onnx)
    run.log_model(name, model)
