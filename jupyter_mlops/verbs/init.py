"""``init``: makes a workspace."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType


@dataclass(frozen=True)
class MadeWorkspace:
    """A workspace, and whether it is new."""

    folder: Path
    is_new: bool
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return where it is."""
        return {"workspace": self.folder, "created": self.is_new}

    def render(self) -> RenderableType:
        """Return one line."""
        from jupyter_mlops.verbs import shown

        did = "Made a workspace" if self.is_new else "There is a workspace already"
        return shown.text(f"{did} in {self.folder}.")


def make_workspace(project: Path) -> MadeWorkspace:
    """Make a workspace in `project`, or find the one that is there."""
    from jupyter_mlops.store.layout import Layout

    layout = Layout(project)
    is_new = not layout.exists()
    layout.create()
    return MadeWorkspace(layout.folder, is_new)


def init_command(
    context: typer.Context,
    *,
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="The project. Default: the git root, else this folder.",
            metavar="[FOLDER]",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a workspace: the folder .mlops, which git ignores.

    Other verbs and magics find it from any folder within the project. It is made by
    itself, too, when the first run begins.

    Example:
      jupyter mlops init
    """
    session = session_of(context)
    if folder is None:
        from jupyter_mlops.workspace import locate

        opened = session.opened.layout.project if session.opened else None
        folder = session.folder or opened or locate()
    session.say(make_workspace(folder), as_json=as_json)
