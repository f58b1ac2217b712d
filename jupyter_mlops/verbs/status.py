"""``status``: which steps of a pipeline would run, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jupyter_mlops.verbs.session import AsJson, session_of


def status_command(
    context: typer.Context,
    *,
    pipeline: Annotated[
        Path | None,
        typer.Argument(
            help="The pipeline's file or folder. Default: pipeline.yaml here.",
            metavar="[PIPELINE]",
        ),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter", "-p", help="A parameter of a step.", metavar="NAME VALUE"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which steps of a pipeline would run and why; nothing is run.

    A step whose version is known is cached: code without comments and formatting,
    local modules, parameters, inputs, what it read besides, and the versions of the
    packages that it imports are what they were.

    Example:
      jupyter mlops status
      jupyter mlops status pipeline.yaml -p train.C 0.5
    """
    from jupyter_mlops.verbs.pipeline import pipeline_status
    from jupyter_mlops.verbs.run import raw_values

    session = session_of(context)
    given = raw_values(parameter)
    workspace = session.workspace(make=True)
    answer = pipeline_status(workspace, pipeline or Path(), given)
    session.say(answer, as_json=as_json)
