"""``run``: a notebook in batch, or a pipeline of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs.notebookoptions import (  # noqa: TC001 - Typer reads them
    CellTimeout,
    ClusterAddress,
    ClusterFiles,
    ExperimentName,
    KernelName,
    RunName,
)
from jupyter_mlops.verbs.pipeline import is_pipeline
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.pipeline.parameters import DeclaredParameters
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace import Workspace


@dataclass(frozen=True)
class NotebookRun:
    """A notebook that ran to its end."""

    run: RecordedRun
    output: Path | None
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return the run with its metrics and children."""
        record = self.run.record
        return {
            "run_id": record.run_id,
            "name": record.name,
            "experiment": record.experiment,
            "status": record.status,
            "seconds": record.seconds,
            "cells": len(self.run.cells),
            "params": record.params,
            "metrics": self.run.metrics,
            "children": [child.id for child in self.run.children],
            "output": self.output,
        }

    def render(self) -> RenderableType:
        """Return what it did, and where to look further."""
        from rich.console import Group

        from jupyter_mlops.verbs import shown

        record = self.run.record
        cells, children = len(self.run.cells), len(self.run.children)
        did = f"{shown.counted(cells, 'cell')} in {shown.took(record.seconds)}"
        if children:
            did += f", {shown.counted(children, 'run')} within"
        lines = [f"{record.name} finished: {did}."]
        if self.run.metrics:
            found = self.run.metrics.items()
            lines.append(
                ", ".join(f"{key} {shown.number(item)}" for key, item in found)
            )
        if self.output is not None:
            lines.append(f"Executed notebook: {self.output}")
        lines.append(f"See it with: jupyter mlops show {record.run_id}")
        return Group(*(shown.text(line) for line in lines))


@dataclass(frozen=True)
class ParameterList:
    """What a notebook takes."""

    declared: DeclaredParameters
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> list[dict[str, Any]]:
        """Return one object a parameter."""
        return [
            {
                "name": item.name,
                "kind": item.kind or None,
                "default": item.shown_default or None,
                "required": item.is_required,
                "choices": list(item.choices),
                "secret": item.is_secret,
                "help": item.help,
            }
            for item in self.declared.by_name.values()
        ]

    def render(self) -> RenderableType:
        """Return a table."""
        from jupyter_mlops.verbs import shown

        if not self.declared.by_name:
            return shown.text(f"{self.declared.notebook} declares no parameters.")
        table = shown.make_table("parameter", "kind", "default", "help")
        for item in self.declared.by_name.values():
            kind = " | ".join(map(repr, item.choices)) or item.kind
            default = "(required)" if item.is_required else item.shown_default
            kind = f"{kind} (secret)".strip() if item.is_secret else kind
            row = (item.name, kind, default, item.help)
            table.add_row(*(shown.text(cell, width=60) for cell in row))
        return table


def run_notebook(
    workspace: Workspace,
    notebook: Path,
    parameters: dict[str, Any] | None = None,
    *,
    output: Path | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> NotebookRun:
    """Run a notebook; `options` are those of `Notebooks.run`."""
    run_id = workspace.notebooks.run(
        notebook, parameters, output=output, progress=progress, **options
    )
    if output is not None and output.is_dir():
        output /= notebook.name
    return NotebookRun(workspace.get_run(run_id), output)


def list_parameters(notebook: Path) -> ParameterList:
    """Read what a notebook or a pipeline takes, without running it."""
    if is_pipeline(notebook):
        from jupyter_mlops.verbs.pipeline import declared_by_steps

        return ParameterList(declared_by_steps(notebook))
    from jupyter_mlops.pipeline.source_notebook import SourceNotebook

    return ParameterList(SourceNotebook.read(notebook).parameters)


def raw_values(pairs: list[str] | None) -> dict[str, Any]:
    """Read ``-p NAME VALUE`` pairs; their kinds are still to be found."""
    from jupyter_mlops.pipeline.parameter_values import RawText

    given: dict[str, Any] = {}
    for pair in pairs or ():
        key, is_pair, word = pair.partition("=")
        if not is_pair:
            raise typer.BadParameter(
                f"'-p {key}' lacks a value: write '-p {key} VALUE'."
            )
        given[key] = RawText(word)
    return given


def _refuse_words(words: dict[str, Any], whom: str) -> None:
    for word, value in words.items():
        if value:
            raise typer.BadParameter(f"'{word}' is for {whom}.")


def run_command(
    context: typer.Context,
    *,
    notebook: Annotated[
        Path,
        typer.Argument(
            help="The notebook, or the pipeline's file or folder.", metavar="NOTEBOOK"
        ),
    ],
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", help="A parameter.", metavar="NAME VALUE"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Save the executed notebook, too.", metavar="OUT"
        ),
    ] = None,
    experiment: ExperimentName = None,
    name: RunName = None,
    kernel: KernelName = None,
    timeout: CellTimeout = None,
    help_parameters: Annotated[
        bool, typer.Option("--help-parameters", help="Say what it takes; run nothing.")
    ] = False,
    only: Annotated[
        str | None,
        typer.Option(
            help="Run this step of a pipeline; what it needs must be cached.",
            metavar="STEP",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            help="Run this step of a pipeline and what it needs.", metavar="STEP"
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Run steps also when they are cached; of --until STEP that one.",
        ),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            help="Steps at once. Default: 1; on a cluster all that can.",
            min=1,
            metavar="N",
        ),
    ] = None,
    keep_going: Annotated[
        bool,
        typer.Option(
            "--keep-going", help="After a failure, run what does not need that step."
        ),
    ] = False,
    engine: Annotated[
        str | None,
        typer.Option(
            help="What runs the cells: worker or nbclient. Default: the setting.",
            metavar="NAME",
        ),
    ] = None,
    on: ClusterAddress = None,
    via: ClusterFiles = None,
    as_json: AsJson = False,
) -> None:
    """Run a notebook as a run, with each cell recorded, or a pipeline of notebooks.

    The kernel works in the notebook's folder, as in JupyterLab. Parameters are the
    names set in the cell tagged 'parameters'; values are converted to the kind of
    their default. The executed notebook is kept as the run's artifact notebook.ipynb.
    Steps of a pipeline whose versions are known are not run again.

    Example:
      jupyter mlops run train.ipynb -p C 0.3 -p kind rbf -o out/train.ipynb
      jupyter mlops run train.ipynb --help-parameters
      jupyter mlops run pipeline.yaml -p train.C 0.3 --jobs 2
    """
    from jupyter_mlops.verbs.progress import looked_on

    session = session_of(context)
    if help_parameters:
        session.say(list_parameters(notebook), as_json=as_json)
        return
    given = raw_values(parameter)
    workspace = session.workspace(make=True)
    if is_pipeline(notebook):
        words = {
            "-o": output,
            "-e": experiment,
            "--name": name,
            "--kernel": kernel,
            "--timeout": timeout,
        }
        _refuse_words(words, "notebooks, not for pipelines: say it in the file")
        from jupyter_mlops.verbs.pipeline import StepLines, run_pipeline

        with looked_on(session, workspace):
            answer = run_pipeline(
                workspace,
                notebook,
                given,
                only=only,
                until=until,
                force=force,
                jobs=jobs,
                keep_going=keep_going,
                engine=engine,
                on=on,
                via=via,
                progress=StepLines.where_seen(),
            )
        session.say(answer, as_json=as_json)
        return
    steps_only = {
        "--only": only,
        "--until": until,
        "--force": force,
        "--keep-going": keep_going,
    }
    _refuse_words(steps_only, "pipelines, not for single notebooks")
    with looked_on(session, workspace):
        found = run_notebook(
            workspace,
            notebook,
            given,
            output=output,
            experiment=experiment,
            name=name,
            kernel=kernel,
            timeout=timeout,
            engine=engine,
            on=on,
            via=via,
        )
    session.say(found, as_json=as_json)
