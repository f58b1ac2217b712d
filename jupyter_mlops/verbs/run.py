"""``run``: a notebook in batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs.session import AsJson, make_console, session_of

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
                "default": item.default_source or None,
                "required": item.is_required,
                "choices": list(item.choices),
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
            default = item.default_source or "(required)"
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
    """Read what a notebook takes, without running it."""
    from jupyter_mlops.pipeline.source_notebook import SourceNotebook

    return ParameterList(SourceNotebook.read(notebook).parameters)


def run_command(
    context: typer.Context,
    *,
    notebook: Annotated[
        Path,
        typer.Argument(
            help="The notebook, relative to where you are.", metavar="NOTEBOOK"
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
    experiment: Annotated[
        str | None,
        typer.Option(
            "--experiment", "-e", help="Default: the notebook's name.", metavar="NAME"
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="The run's name. Default: the notebook's.", metavar="NAME"),
    ] = None,
    kernel: Annotated[
        str | None,
        typer.Option(help="Default: the notebook's own kernel.", metavar="NAME"),
    ] = None,
    timeout: Annotated[
        int | None,
        typer.Option(help="Seconds that a cell may take.", min=1, metavar="SECONDS"),
    ] = None,
    help_parameters: Annotated[
        bool, typer.Option("--help-parameters", help="Say what it takes; run nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run a notebook as a run, with each cell recorded.

    The kernel works in the notebook's folder, as in JupyterLab. Parameters are the
    names set in the cell tagged 'parameters'; values are converted to the kind of
    their default. The executed notebook is kept as the run's artifact notebook.ipynb.

    Example:
      jupyter mlops run train.ipynb -p C 0.3 -p kind rbf -o out/train.ipynb
      jupyter mlops run train.ipynb --help-parameters
    """
    session = session_of(context)
    if help_parameters:
        session.say(list_parameters(notebook), as_json=as_json)
        return
    from jupyter_mlops.pipeline.parameters import RawText
    from jupyter_mlops.verbs.progress import progress_bar

    given = {}
    for pair in parameter or ():
        key, is_pair, word = pair.partition("=")
        if not is_pair:
            raise typer.BadParameter(
                f"'-p {key}' lacks a value: write '-p {key} VALUE'."
            )
        given[key] = RawText(word)
    workspace = session.workspace(make=True)
    with progress_bar(make_console(stderr=True)) as progress:
        found = run_notebook(
            workspace,
            notebook,
            given,
            output=output,
            progress=progress,
            experiment=experiment,
            name=name,
            kernel=kernel,
            timeout=timeout,
        )
    session.say(found, as_json=as_json)
