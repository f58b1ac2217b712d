"""``attach``: the state that a notebook failed in, as a live kernel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jupyter_mlops.pipeline.checkpoints.attach import AttachedKernel
    from jupyter_mlops.workspace import Workspace


@dataclass(frozen=True)
class OpenedState:
    """A kernel that waits for clients."""

    kernel: AttachedKernel
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return how to connect to it, and what it holds."""
        kernel = self.kernel
        return {
            "run_id": kernel.run,
            "connection_file": kernel.file,
            "process": kernel.process,
            "state": "after the failed cell" if kernel.after else "before a cell",
            "cells": kernel.cells,
            "idle_minutes": kernel.idle_minutes,
            "is_new": kernel.is_new,
        }

    def render(self) -> RenderableType:
        """Return what to do with it."""
        from rich.console import Group

        from jupyter_mlops.verbs import shown

        kernel = self.kernel
        cells = shown.counted(kernel.cells, "cell")
        state = (
            f"after {cells} and the one that failed"
            if kernel.after
            else (f"after {cells}; no state after the failure is held")
        )
        live = "is live" if kernel.is_new else "was live already"
        folder = kernel.file.parent
        return Group(
            shown.text(f"A kernel with the state of run {kernel.run} {live}: {state}."),
            shown.text("In a terminal:"),
            shown.text(f"  jupyter console --existing {kernel.file}"),
            shown.text(
                "In JupyterLab, started as follows, choose it with 'Change Kernel…' "
                "from those of other sessions:"
            ),
            shown.text(
                "  jupyter lab --ServerApp.allow_external_kernels=True "
                f"--ServerApp.external_connection_dir={folder}"
            ),
            shown.text(
                f"It ends when it is shut down, or has done nothing for "
                f"{kernel.idle_minutes:.0f} minutes."
            ),
        )


def attach_run(workspace: Workspace, run: str) -> OpenedState:
    """Open the state that a run failed in."""
    return OpenedState(workspace.notebooks.attach(run))


def attach_command(
    context: typer.Context,
    *,
    run: Annotated[
        str,
        typer.Argument(
            help="A run's id, the beginning of one, or 'last'.", metavar="RUN"
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Open the state that a notebook, step or point failed in, as a live kernel.

    Variables, modules and the last error are as the failed cell left them. The kernel
    is a copy: the run can still be resumed, and attached to once more. Only you can
    connect to it.

    Example:
      jupyter mlops attach last
    """
    session = session_of(context)
    session.say(attach_run(session.workspace(), run), as_json=as_json)
