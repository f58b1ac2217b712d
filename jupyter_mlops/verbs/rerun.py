"""``rerun``: a run done again with other values, as a new run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs.run import NotebookRun, ParameterList, raw_values
from jupyter_mlops.verbs.session import AsJson, make_console, session_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.workspace import Workspace


def rerun(
    workspace: Workspace,
    run: str,
    values: Mapping[str, Any],
    *,
    progress: Progress | None = None,
) -> NotebookRun:
    """Do a run again, with `values` in place of its own."""
    from jupyter_mlops.workspace.runagain import Again

    run_id = Again.of(workspace, run).start(values, progress=progress)
    return NotebookRun(workspace.get_run(run_id), None)


def rerun_command(
    context: typer.Context,
    *,
    run: Annotated[
        str,
        typer.Argument(
            help="A run's id, the beginning of one, or 'last'.", metavar="RUN"
        ),
    ],
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter",
            "-p",
            help="A value, in place of the run's.",
            metavar="NAME VALUE",
        ),
    ] = None,
    help_parameters: Annotated[
        bool, typer.Option("--help-parameters", help="Say what it takes; run nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Do a run again in batch with other values, as a new run.

    A notebook runs as it was then. Of a tracked cell its recipe runs, and every name
    that a cell of it binds to a literal, as in C = 0.1, can be given another value;
    the cell's new run is within the notebook's.

    Example:
      jupyter mlops rerun last -p C 10
      jupyter mlops rerun 01jd3k8v2m --help-parameters
    """
    from jupyter_mlops.verbs.progress import progress_bar

    session = session_of(context)
    workspace = session.workspace()
    if help_parameters:
        from jupyter_mlops.workspace.runagain import Again

        declared = Again.of(workspace, run).declared
        session.say(ParameterList(declared), as_json=as_json)
        return
    with progress_bar(make_console(stderr=True)) as progress:
        found = rerun(workspace, run, raw_values(parameter), progress=progress)
    session.say(found, as_json=as_json)
