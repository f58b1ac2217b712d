"""``diff``: what changed between two runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

    from jupyter_mlops.ids import Digest
    from jupyter_mlops.tracking.difference import RunDifference
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.verbs.diffhtml.images import Pictures
    from jupyter_mlops.workspace import Workspace


@dataclass(frozen=True)
class RunComparison:
    """Two runs, side by side."""

    difference: RunDifference
    runs: tuple[RecordedRun, RecordedRun]
    get: Callable[[Digest], bytes]
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return every part, whole; both runs by what a list of runs says."""
        found = self.difference
        runs = {"before": found.before, "after": found.after}
        return {
            **{
                name: {
                    "run_id": run.run_id,
                    "name": run.name,
                    "experiment": run.experiment,
                    "kind": run.kind,
                    "status": run.status,
                    "started": run.started,
                    "seconds": run.seconds,
                }
                for name, run in runs.items()
            },
            "is_equal": found.is_equal,
            **found.parts,
            "remarks": found.remarks,
        }

    def render(self) -> RenderableType:
        """Return what changed; equal parts are counted."""
        from jupyter_mlops.verbs.diffterminal import render_difference

        return render_difference(self.difference)

    def page(self) -> str:
        """Return it as HTML for a notebook, without script."""
        from jupyter_mlops.verbs.diffhtml import difference_page

        return difference_page(self.difference, self._pictures())

    def document(self) -> str:
        """Return it as an HTML document of its own."""
        from jupyter_mlops.verbs.diffhtml import difference_document

        return difference_document(self.difference, self._pictures())

    def _pictures(self) -> Pictures:
        from jupyter_mlops.verbs.diffhtml.images import Pictures

        return Pictures(*self.runs, self.get)  # type: ignore[arg-type]  # digests, read from records


@dataclass(frozen=True)
class SavedDiff:
    """Where a comparison was written to."""

    path: Path
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return the path."""
        return {"path": self.path}

    def render(self) -> RenderableType:
        """Return one line."""
        from jupyter_mlops.verbs import shown

        return shown.text(f"Wrote {self.path}.")


def compare_runs(workspace: Workspace, before: str, after: str) -> RunComparison:
    """Compare two runs: ids, prefixes of them, or ``last``."""
    from jupyter_mlops.tracking.difference import difference

    old, new = workspace.get_run(before), workspace.get_run(after)
    get = workspace.store.blobs.get_bytes
    return RunComparison(difference(old, new, get), (old, new), get)


def save_diff(compared: RunComparison, output: Path) -> SavedDiff:
    """Write a comparison as an HTML document.

    Raises
    ------
    InvalidInputError
        When it cannot be written there.
    """
    try:
        output.write_text(compared.document(), encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(
            f"{output} cannot be written: {error.strerror}. Name a file in a folder "
            f"that exists, with '-o'.",
            path=output,
        ) from error
    return SavedDiff(output)


def diff_command(
    context: typer.Context,
    *,
    before: Annotated[
        str,
        typer.Argument(
            help="The first run: its id, the beginning of one, or 'last'.", metavar="A"
        ),
    ],
    after: Annotated[
        str, typer.Argument(help="The run to compare it with.", metavar="B")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Write it as HTML to this file.", metavar="PATH"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what changed between two runs: code, params, metrics, data, outputs.

    Example:
      jupyter mlops diff 01jd3k8v2m last
      jupyter mlops diff 01jd3k8v2m 01jd3kb7qz --json
      jupyter mlops diff 01jd3k8v2m last -o diff.html
    """
    session = session_of(context)
    compared = compare_runs(session.workspace(), before, after)
    if output is None:
        session.say(compared, as_json=as_json)
    else:
        session.say(save_diff(compared, output), as_json=as_json)
