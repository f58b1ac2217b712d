"""One use of the verbs: the workspace that it is about, and how answers are said."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Protocol, Self

import typer

from jupyter_mlops.errors import InvalidInputError, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import TextIO

    from rich.console import Console, RenderableType

    from jupyter_mlops.workspace import Workspace
    from jupyter_mlops.workspace.watching import RunWatch

_FORCING = frozenset({"FORCE_COLOR", "TTY_COMPATIBLE"})
"""Variables by which rich takes any stream for a terminal."""
FILE_WIDTH = 160
"""Columns of an answer that goes to a file or another program."""

AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]

Interactive = Annotated[
    bool,
    typer.Option(
        "--interactive", "-i", help="With controls that show it anew; in a notebook."
    ),
]


class Answer(Protocol):
    """What a verb returns; one with ``lines()`` can be printed without rich, too."""

    @property
    def exit_code(self) -> int:
        """0 when all is well."""

    def to_json(self) -> Any:
        """Return it as plain values."""

    def render(self) -> RenderableType:
        """Return it for people."""


class LiveShow(Protocol):
    """Shows a run while it goes on; a context manager."""

    def __enter__(self) -> Self:
        """Begin, with nothing to show yet."""

    def __exit__(self, *error: object) -> None:
        """End."""

    def show(self, watch: RunWatch, events: list[dict[str, Any]]) -> None:
        """Show how the run stands, and what is new."""


@dataclass(slots=True)
class Session:
    """What the commands of one call share.

    Attributes
    ----------
    folder : Path or None
        The project's folder, when ``--workspace`` names one.
    opened : Workspace or None
        The workspace, once it is known.
    is_debug : bool
        Unexpected errors show their traceback.
    show : callable or None
        Shows an answer in richer form than text, and tells whether it did.
    live : callable or None
        Makes what shows a run while it goes on, in richer form than text.
    """

    folder: Path | None = None
    opened: Workspace | None = None
    is_debug: bool = False
    show: Callable[[Answer], bool] | None = None
    live: Callable[[], LiveShow] | None = None

    def workspace(self, *, make: bool = False) -> Workspace:
        """Return the workspace; only with `make` a new one comes to be.

        Raises
        ------
        WorkspaceError
            When there is none.
        """
        if self.opened is not None:
            return self.opened
        from jupyter_mlops.workspace import Workspace, locate

        folder = self.folder or locate()
        if not make and not (folder / ".mlops" / "format").is_file():
            raise WorkspaceError(
                f"There is no workspace in {folder}, nor above it. Make one with "
                f"'jupyter mlops init', or name its folder with '--workspace'.",
                folder=folder,
            )
        self.opened = Workspace(folder)
        return self.opened

    def close(self) -> None:
        """Let go of what was opened here."""
        if self.opened is not None:
            self.opened.close()

    def say(self, answer: Answer, *, as_json: bool) -> None:
        """Print an answer, and leave with its exit code."""
        if as_json:
            import json

            from jupyter_mlops.verbs.plain import plain

            print(json.dumps(plain(answer.to_json()), ensure_ascii=False, indent=2))
        elif self.show is None or not self.show(answer):
            _print(answer)
        if answer.exit_code:
            raise typer.Exit(answer.exit_code)


def session_of(context: typer.Context) -> Session:
    """Return the session of a running command."""
    found = context.find_object(Session)
    assert found is not None, "the application's callback makes it"
    return found


def check_interactive(session: Session, *, asked: bool) -> None:
    """Refuse controls where nobody could use them.

    Raises
    ------
    InvalidInputError
        In a terminal.
    """
    if asked and session.show is None:
        raise InvalidInputError(
            "Controls (-i) need a notebook: use it there, with %mlops."
        )


def _print(answer: Answer) -> None:
    lines: Callable[[], Iterable[str]] | None = getattr(answer, "lines", None)
    if lines is not None and is_plain(sys.stdout):
        print("\n".join(lines()))
        return
    # Long sentences are the terminal's to wrap: paths in them stay whole.
    make_console().print(answer.render(), soft_wrap=True)


def is_plain(stream: TextIO) -> bool:
    """Tell whether a stream surely shows no colours and no pages that change.

    What makes those takes longer to import than a short answer to be found.
    """
    shows_more = stream.isatty() or "IPython" in sys.modules
    return not shows_more and not _FORCING & os.environ.keys()


def make_console(*, stderr: bool = False) -> Console:
    """Make a console: colour only on a terminal, user's text never read as markup."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    is_wide = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(
        stderr=stderr,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=False,
        width=FILE_WIDTH if is_wide and not _in_notebook() else None,
    )


def _in_notebook() -> bool:
    return "ipykernel" in sys.modules
