"""What is asked for in the background, checked before anything starts."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.knownsecrets import MASK
from jupyter_mlops.pipeline.parameters import RawText, check_parameters
from jupyter_mlops.workspace.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.pipeline.spec.pipeline import Pipeline
    from jupyter_mlops.pipeline.sweeps.strategy import Strategy
    from jupyter_mlops.store.layout import Layout
    from jupyter_mlops.workspace.workspace import Workspace

    PathLike = str | os.PathLike[str]

_SEPARATE = ("grid", "over")


@dataclass(frozen=True)
class Asked:
    """One wish: the job it becomes, and the command line that does it.

    Attributes
    ----------
    words : tuple of str
        As a person would write them behind ``jupyter mlops``. They may hold secrets:
        they are handed over by a pipe, and stored nowhere.
    """

    job: Job
    words: tuple[str, ...]

    @classmethod
    def of(
        cls,
        job: Job,
        verb: str,
        target: str,
        given: Mapping[str, str],
        by: str = "",
    ) -> Asked:
        """Put a command line together."""
        words = [verb, target]
        for name, value in job.options.items():
            words += _option(name, value)
        for name, text in given.items():
            words += ["-p", f"{name}={text}"]
        return cls(replace(job, by=by), tuple(words))


def notebook_asked(
    layout: Layout,
    notebook: PathLike,
    parameters: Mapping[str, Any],
    options: Mapping[str, Any],
    *,
    kind: str = "notebook",
) -> tuple[Job, str, dict[str, str]]:
    """Check a notebook and its parameters.

    Raises
    ------
    NotebookNotFoundError, NotebookError, UnknownParameterError, InvalidParameterError
        When it cannot run so.
    """
    from jupyter_mlops.pipeline.source_notebook import SourceNotebook

    path = Path(notebook).expanduser().absolute()
    source = replace(SourceNotebook.read(path), shown=_shown(layout, path))
    given = as_texts(parameters)
    declared = source.parameters
    swept = set().union(*(options.get(name) or () for name in _SEPARATE))
    known = {k: v for k, v in declared.by_name.items() if k not in swept}
    checked = check_parameters(replace(declared, by_name=known), raw(given))
    effective = declared.effective(checked)
    job = Job(
        id="",
        kind=kind,
        target=_shown(layout, path),
        parameters={name: effective[name] for name in checked},
        options=dict(options),
    )
    return job, str(path), given


def check_swept(path: str, strategy: Strategy, given: Mapping[str, str]) -> None:
    """Check what a sweep goes over, and that nothing of it is fixed, too.

    Raises
    ------
    UnknownParameterError, InvalidParameterError, InvalidInputError
        When it makes no sense.
    """
    from jupyter_mlops.pipeline.source_notebook import SourceNotebook
    from jupyter_mlops.pipeline.sweeps.space import read_space

    declared = SourceNotebook.read(Path(path)).parameters
    is_grid = strategy.kind == "grid"
    read_space(declared, strategy.space, raw(given), is_grid=is_grid)


def check_cluster(address: str | None) -> None:
    """Check that a cluster can be had where one is named.

    Raises
    ------
    InvalidInputError, ClusterError
        When it is no address, dask is not installed, or nobody listens there.
    """
    if address is not None:
        from jupyter_mlops.pipeline.clusters.dask_cluster import check_answers

        check_answers(address)


def pipeline_asked(
    workspace: Workspace,
    source: PathLike,
    parameters: Mapping[str, Any],
    options: Mapping[str, Any],
) -> tuple[Job, Pipeline, dict[str, str]]:
    """Check a pipeline, the step that is named, and the parameters of its steps.

    Raises
    ------
    PipelineError, NotebookError
        When it cannot run so.
    """
    from jupyter_mlops.pipeline.graph import closure
    from jupyter_mlops.pipeline.steps.overrides import overrides_of
    from jupyter_mlops.pipeline.steps.secrets import secret_values

    pipeline = workspace.pipelines.read(Path(source).expanduser().absolute())
    if step := options.get("until") or options.get("only"):
        closure(pipeline, step)
    given = as_texts(parameters)
    changed, overrides = overrides_of(pipeline, raw(given))
    for step, values in overrides.items():
        _check_step(pipeline, step, values)
    hidden = secret_values(changed, overrides)
    assert pipeline.file is not None, "it was read from a file"
    job = Job(
        id="",
        kind="pipeline",
        target=_shown(workspace.layout, pipeline.file),
        parameters={
            name: MASK if name in hidden else value
            for name, value in parameters.items()
        },
        options=dict(options),
    )
    return job, pipeline, given


def resume_asked(
    workspace: Workspace,
    run: str,
    parameters: Mapping[str, Any],
    options: Mapping[str, Any],
) -> tuple[Job, dict[str, str]]:
    """Check that a run is one that can be gone on with.

    Raises
    ------
    RunNotFoundError, InvalidInputError, NotebookError, PipelineError
        When it cannot.
    """
    from jupyter_mlops.workspace.pipelineresuming import asked_again, pipeline_of
    from jupyter_mlops.workspace.resuming import resumable
    from jupyter_mlops.workspace.sweepresuming import checked_sweep, sweep_of_run

    if pipeline_of(workspace, run) is not None:
        given = as_texts(parameters)
        from_cell = options.get("from_cell")
        asked_again(workspace, run, raw(given), from_cell=from_cell)
        job = Job(
            id="",
            kind="resume",
            target=workspace.get_run(run).id,
            options=dict(options),
        )
        return job, given
    if sweep_of_run(workspace, run) is not None:
        if options.get("from_cell") is not None:
            raise errors.InvalidInputError(
                "A sweep goes on behind the cells that its points share, not at a cell."
            )
        origin = checked_sweep(workspace, run, parameters)
        job = Job(id="", kind="resume", target=origin.id, options=dict(options))
        return job, as_texts(parameters)
    found = resumable(workspace, run)
    path = workspace.layout.project / str(found.record.notebook)
    told, _, given = notebook_asked(
        workspace.layout, path, {**_own(found.params, parameters)}, options
    )
    shown = {name: told.parameters[name] for name in parameters}
    job = replace(told, kind="resume", target=found.id, parameters=shown)
    return job, {name: given[name] for name in parameters}


def again_asked(
    workspace: Workspace, run: str, parameters: Mapping[str, Any]
) -> tuple[Job, dict[str, str]]:
    """Check that a run can be done again with these values.

    Raises
    ------
    RunNotFoundError, ArtifactNotFoundError, InvalidInputError, NotebookError
        When it cannot.
    """
    from jupyter_mlops.workspace.runagain import Again

    again = Again.of(workspace, run)
    given = as_texts(parameters)
    effective = again.declared.effective(again.checked(raw(given)))
    shown = {name: effective[name] for name in given}
    return Job(id="", kind="rerun", target=again.run.id, parameters=shown), given


def verification_asked(workspace: Workspace, run: str) -> Job:
    """Check that a run can be verified.

    Raises
    ------
    RunNotFoundError, ArtifactNotFoundError, NotebookError
        When it cannot.
    """
    from jupyter_mlops.pipeline.verification.plans import check_verifiable

    found = workspace.get_run(run)
    check_verifiable(found)
    return Job(id="", kind="verify", target=found.id)


def as_texts(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Write values as one types them; what is a text stays as it is."""
    found = {}
    for name, value in parameters.items():
        if not name or "=" in name:
            raise errors.InvalidInputError(f"'{name}' is no name of a parameter.")
        found[name] = value if isinstance(value, str) else json.dumps(value)
    return found


def raw(given: Mapping[str, str]) -> dict[str, Any]:
    """Mark texts as typed."""
    return {name: RawText(text) for name, text in given.items()}


def _own(kept: Mapping[str, Any], further: Mapping[str, Any]) -> dict[str, Any]:
    """Give a run's values where a new one does not replace them."""
    return {**{k: v for k, v in kept.items() if k in further}, **further}


def _check_step(pipeline: Pipeline, step: str, values: Mapping[str, Any]) -> None:
    from jupyter_mlops.pipeline.versions.notebook import NotebookText

    notebook = pipeline.by_name[step].notebook
    declared = NotebookText.read(pipeline.folder / notebook, notebook).parameters
    # What is required may come from the pipeline itself.
    known = {
        name: item
        for name, item in declared.by_name.items()
        if name in values or not item.is_required
    }
    check_parameters(replace(declared, by_name=known), values)


def _shown(layout: Layout, path: Path) -> str:
    return Path(os.path.relpath(path, layout.project)).as_posix()


def _option(name: str, value: Any) -> list[str]:
    """Write an option of a verb: ``--goal max`` is ``--max`` there."""
    if value is None or value is False or value == {}:
        return []
    if name == "goal":
        return [f"--{value}"]
    flag = f"--{name.replace('_', '-')}"
    if value is True:
        return [flag]
    if isinstance(value, dict):
        return [word for key, text in value.items() for word in (flag, f"{key}={text}")]
    return [f"{flag}={value}"]
