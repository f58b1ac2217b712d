"""``verify``: a run once more, or a version, in a clean process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.tracking.comparison import TOLERANCE
from jupyter_mlops.verbs.notebookoptions import KernelName  # noqa: TC001 - Typer reads it
from jupyter_mlops.verbs.session import AsJson, make_console, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jupyter_mlops.pipeline.verdict import Verification
    from jupyter_mlops.workspace import Workspace

_ROWS = 30
_WIDTH = 120
_TRACEBACK_LINES = 8


@dataclass(frozen=True)
class VerifiedRun:
    """What came of a verification."""

    found: Verification

    @property
    def exit_code(self) -> int:
        """0 only when the run was reproduced."""
        return 0 if self.found.verdict == "reproduced" else 1

    def to_json(self) -> dict[str, Any]:
        """Return what is kept with the run."""
        return self.found.to_json()

    def render(self) -> RenderableType:
        """Return the verdict, what is behind it, and what may explain it."""
        from rich.console import Group
        from rich.text import Text

        from jupyter_mlops.verbs import shown

        found = self.found
        style = {"reproduced": "green", "failed": "red"}.get(found.verdict, "yellow")
        where = "process" if found.means == "script" else "kernel"
        head = f"{found.verdict} ({shown.took(found.seconds)} in a clean {where})"
        lines: list[RenderableType] = [shown.text(head, style)]
        if found.failure is not None:
            lines.append(shown.text(f"In {found.failure}"))
            traceback = found.failure.traceback.rstrip().splitlines()
            lines.append(Text.from_ansi("\n".join(traceback[-_TRACEBACK_LINES:])))
        rows = found.differences[:_ROWS]
        lines += [shown.text(f"- {item}", width=_WIDTH) for item in rows]
        if len(found.differences) > _ROWS:
            more = len(found.differences) - _ROWS
            lines.append(shown.text(f"… {more} more (--json shows all)", "dim"))
        lines += [shown.text(f"Beware: {hint}", "yellow") for hint in found.hints]
        return Group(*lines)


def verify(workspace: Workspace, run: str, **options: Any) -> VerifiedRun:
    """Verify a run or a version; `options` are those of `Notebooks.verify`."""
    if run.startswith("models:/"):
        return VerifiedRun(workspace.models.verify(run, **options))
    return VerifiedRun(workspace.notebooks.verify(run, **options))


def verify_command(
    context: typer.Context,
    *,
    run: Annotated[
        str,
        typer.Argument(
            help="A run's id, the beginning of one, or 'last'; or a version, as in "
            "models:/churn/3.",
            metavar="RUN",
        ),
    ],
    tolerance: Annotated[
        float,
        typer.Option(help="Relative difference that numbers may have.", min=0.0),
    ] = TOLERANCE,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            help="A param, metric or artifact that may differ, as a time taken does.",
            metavar="NAME",
        ),
    ] = None,
    kernel: KernelName = None,
    timeout: Annotated[
        int | None,
        typer.Option(
            help="Seconds that a cell, or a script, may take.", min=1, metavar="SECONDS"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Do a run again in a clean process, and compare the results.

    A tracked cell is done again by its recipe, a notebook that 'run' has run as it
    was written and with its parameters, a script by its source as it was. It works in
    the same folder and does there what it did: files that it writes are written
    again. What is recorded of it goes to a temporary workspace, in which it finds the
    runs and models as they were when the run began; only the verdict is kept, with
    the run. The exit code is 0 when params, metrics, outputs and saved objects are
    alike. The verdict on a version is kept in its model's history; where it keeps an
    example of its input, both models' predictions are compared, not their bytes.

    Example:
      jupyter mlops verify last
      jupyter mlops verify models:/churn/3
      jupyter mlops verify 01jd3k8v2m --tolerance 1e-6 --ignore fit_seconds
    """
    from jupyter_mlops.verbs.progress import progress_bar

    session = session_of(context)
    workspace = session.workspace()
    with progress_bar(make_console(stderr=True)) as progress:
        found = verify(
            workspace,
            run,
            tolerance=tolerance,
            ignore=tuple(ignore or ()),
            kernel=kernel,
            timeout=timeout,
            progress=progress,
        )
    session.say(found, as_json=as_json)
