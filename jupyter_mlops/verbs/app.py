"""All verbs as one application: the command line and ``%mlops`` both run it."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from jupyter_mlops import __version__
from jupyter_mlops.verbs.catalogue import HOW, VerbGroup, help_of
from jupyter_mlops.verbs.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What Typer raises on wrong words; it has no public name in all its versions."""

app = typer.Typer(
    **HOW,
    cls=VerbGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(asked: bool) -> None:  # noqa: FBT001 - Typer's callback
    if asked:
        typer.echo(f"jupyter-mlops {__version__}")
        raise typer.Exit


def main(
    context: typer.Context,
    *,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            "-w",
            metavar="DIR",
            help="The project's folder. Default: found from here upwards.",
        ),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Say it and leave."
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of errors.")
    ] = False,
) -> None:
    """Record notebook cells as runs, run notebooks in batch, and register models.

    Example:
      jupyter mlops run train.ipynb -p C 0.3
      jupyter mlops runs --best auc
    """
    session = context.ensure_object(Session)
    session.is_debug = debug
    if workspace is not None:
        session.folder, session.opened = workspace, None


app.callback(help=help_of(main))(main)


def invoke(words: Sequence[str], session: Session, *, program: str) -> int:
    """Run the verb that `words` name, and return its exit code.

    Raises
    ------
    UsageError
        When there is no such verb, option or value.
    MlopsError
        What the verb itself raises.
    """
    command = typer.main.get_command(app)
    # Not command.main: that answers an interrupt and a closed pipe in its own way.
    try:
        with command.make_context(program, list(words), obj=session) as context:
            command.invoke(context)
    except typer.Exit as leave:
        return leave.exit_code
    return 0
