"""``recipe``: the cells that make a run's results again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.errors import ArtifactNotFoundError, InvalidInputError
from jupyter_mlops.tracking.recipes import ARTIFACT
from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace import Workspace


@dataclass(frozen=True)
class RecipeCells:
    """A run's recipe, cell by cell.

    Attributes
    ----------
    notebook : dict
        As its file holds it.
    """

    run: RecordedRun
    notebook: dict[str, Any]
    saved: Path | None = None
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return the notebook."""
        return self.notebook

    def render(self) -> RenderableType:
        """Return each cell with why it is kept, then what to beware of."""
        from rich.console import Group
        from rich.text import Text

        lines: list[RenderableType] = []
        for cell in self.notebook["cells"]:
            told = cell["metadata"].get("jupyter_mlops")
            if told is None:
                continue
            count = told["ran_as"]
            mark = f"[{count}]" if count is not None else "[ ]"
            reasons = "; ".join(told["reasons"])
            lines.append(shown.text(f"{mark} {reasons}", "cyan"))
            code = cell["source"].rstrip().splitlines()
            lines.append(Text("\n".join(shown.safe_line(line) for line in code)))
            lines.append(shown.text(""))
        warnings = self.notebook["metadata"]["jupyter_mlops"]["warnings"]
        lines += [shown.text(f"Beware: {warning}", "yellow") for warning in warnings]
        if self.saved is not None:
            lines.append(shown.text(f"Saved: {self.saved}"))
        return Group(*lines)


def recipe(
    workspace: Workspace, run: str, *, output: Path | None = None
) -> RecipeCells:
    """Return a run's recipe, and save it as a notebook when `output` is given.

    Raises
    ------
    ArtifactNotFoundError
        When the run has none.
    InvalidInputError
        When something is at `output` already.
    """
    found = workspace.get_run(run)
    if ARTIFACT not in found.artifacts:
        raise ArtifactNotFoundError(
            f"Run {found.id} ({found.name}) is a {found.record.kind} without recipe. "
            f"Cells with %%track above get one.",
            run_id=found.id,
            name=ARTIFACT,
        )
    if output is not None:
        if output.exists():
            raise InvalidInputError(
                f"There is something at {output} already; name a new file.",
                path=output,
            )
        output.parent.mkdir(parents=True, exist_ok=True)
        found.save_artifact(ARTIFACT, output)
    digest = found.artifacts[ARTIFACT].digest
    data = workspace.store.blobs.get_bytes(digest)
    return RecipeCells(found, json.loads(data), output)


def recipe_command(
    context: typer.Context,
    *,
    run: Annotated[
        str,
        typer.Argument(
            help="A run's id, the beginning of one, or 'last'.", metavar="RUN"
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Save it as a notebook.", metavar="PATH"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the fewest cells that make a run's results again, and why each is kept.

    Example:
      jupyter mlops recipe last
      jupyter mlops recipe 01jd3k8v2m -o again.ipynb
    """
    session = session_of(context)
    session.say(recipe(session.workspace(), run, output=output), as_json=as_json)
