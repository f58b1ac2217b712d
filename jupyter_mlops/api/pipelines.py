"""Pipelines, and values that their steps hand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.api.place import active, here

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from jupyter_mlops.pipeline.spec import Pipeline
    from jupyter_mlops.workspace.pipelines import PipelineOutcome


def set_output(name: str, value: Any) -> None:
    """Hand a value on to the steps after this one, as ``${step.values.name}``.

    Parameters
    ----------
    name : str
        What they call it.
    value : object
        JSON values arrive as they are. Frames, arrays and models are kept with the
        run; the next step gets their address, and `load_output` makes them again.

    Raises
    ------
    UnstorableObjectError
        When no format is known for it.
    """
    from jupyter_mlops.tracking.handing import hand_on

    hand_on(active("set_output"), name, value)


def load_output(uri: str) -> Any:
    """Make an object again that an earlier step handed on; nothing is unpickled.

    Parameters
    ----------
    uri : str
        ``runs:/<run id>/values/<name>``, as a step gets it.
    """
    from jupyter_mlops.errors import InvalidUriError
    from jupyter_mlops.registry import RunUri, parse_uri

    found = parse_uri(uri)
    if not isinstance(found, RunUri) or found.artifact is None:
        raise InvalidUriError(
            f"{uri} is no value of a step. It is a text such as "
            f"runs:/<run id>/values/<name>, which a step gets as a parameter.",
            uri=uri,
        )
    return here().get_run(found.run).artifact(found.artifact)


def run_pipeline(
    pipeline: Pipeline | str | os.PathLike[str] = "pipeline.yaml",
    parameters: Mapping[str, Any] | None = None,
    *,
    only: str | None = None,
    force: bool = False,
    jobs: int | None = None,
    keep_going: bool = False,
    engine: str | None = None,
    on: str | None = None,
    via: str | None = None,
) -> PipelineOutcome:
    """Run a pipeline; steps whose versions are known are not run again.

    Parameters
    ----------
    pipeline : Pipeline or path
        A `Pipeline`, or the file or folder of one.
    parameters : mapping, optional
        By ``step.name``, or by the name of a pipeline's own parameter.
    only : str, optional
        Run this step alone; what it needs must be cached.
    force : bool
        Run steps also when their versions are known.
    jobs : int
        How many steps at once; without it one, and on a cluster all that can.
    keep_going : bool
        After a failure, go on with what does not need the failed step.
    engine : str, optional
        What runs the cells: ``worker`` or ``nbclient``; without it the setting.
    on : str, optional
        A dask cluster that runs the steps: ``dask://host:port``.
    via : str, optional
        An fsspec URL for their files that all its machines reach.

    Returns
    -------
    PipelineOutcome
        ``.run_id .status .steps``, each step with ``.state .why .metrics .values``.

    Raises
    ------
    PipelineError
        Before anything starts. A failed step raises nothing.
    """
    return here().pipelines.run(
        pipeline,
        parameters,
        only=only,
        force=force,
        jobs=jobs,
        keep_going=keep_going,
        engine=engine,
        on=on,
        via=via,
    )
