"""``init``: makes a workspace, and proposes a pipeline."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jupyter_mlops.pipeline.spec import Pipeline


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


@dataclass(frozen=True)
class ProposedPipeline:
    """A pipeline's file that was written."""

    file: Path
    pipeline: Pipeline
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return the file and its steps."""
        steps = [
            {
                "step": step.name,
                "notebook": step.notebook,
                "inputs": dict(step.inputs),
                "outputs": dict(step.outputs),
            }
            for step in self.pipeline.steps
        ]
        return {"pipeline": self.file, "steps": steps}

    def render(self) -> RenderableType:
        """Return who needs whom."""
        from rich.console import Group

        from jupyter_mlops.pipeline.graph import needs
        from jupyter_mlops.verbs import shown

        lines = [f"Wrote {self.file}. Look it through, then: jupyter mlops status"]
        for step in self.pipeline.steps:
            others = needs(self.pipeline, step)
            after = f" after {', '.join(others)}" if others else ""
            lines.append(f"- {step.name}{after}")
        return Group(*(shown.text(line) for line in lines))


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
    from_notebooks: Annotated[
        Path | None,
        typer.Option(
            "--from-notebooks",
            help="Write a pipeline.yaml for the notebooks in a folder: who needs whom "
            "is told by the files that they read and write.",
            metavar="DIR",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a workspace: the folder .mlops, which git ignores.

    Other verbs and magics find it from any folder within the project. It is made by
    itself, too, when the first run begins.

    Example:
      jupyter mlops init
      jupyter mlops init --from-notebooks notebooks/
    """
    session = session_of(context)
    if from_notebooks is not None:
        if not from_notebooks.is_dir():
            raise typer.BadParameter(f"There is no folder {from_notebooks}.")
        made = session.workspace(make=True).pipelines.propose(from_notebooks)
        session.say(ProposedPipeline(*made), as_json=as_json)
        return
    if folder is None:
        from jupyter_mlops.workspace import locate

        opened = session.opened.layout.project if session.opened else None
        folder = session.folder or opened or locate()
    session.say(make_workspace(folder), as_json=as_json)
