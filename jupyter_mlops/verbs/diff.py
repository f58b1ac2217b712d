"""``diff``: what changed between two runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jupyter_mlops.tracking.difference import RunDifference
    from jupyter_mlops.workspace import Workspace


@dataclass(frozen=True)
class RunComparison:
    """Two runs, side by side."""

    difference: RunDifference
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
        from jupyter_mlops.verbs.diffpage import render_difference

        return render_difference(self.difference)


def compare_runs(workspace: Workspace, before: str, after: str) -> RunComparison:
    """Compare two runs: ids, prefixes of them, or ``last``."""
    from jupyter_mlops.tracking.difference import difference

    old, new = workspace.get_run(before), workspace.get_run(after)
    return RunComparison(difference(old, new, workspace.store.blobs.get_bytes))


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
    as_json: AsJson = False,
) -> None:
    """Show what changed between two runs: code, params, metrics, data, outputs.

    Example:
      jupyter mlops diff 01jd3k8v2m last
      jupyter mlops diff 01jd3k8v2m 01jd3kb7qz --json
    """
    session = session_of(context)
    session.say(compare_runs(session.workspace(), before, after), as_json=as_json)
