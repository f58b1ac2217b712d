"""Where the workspace is, and what experiment work here belongs to."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jupyter_mlops import errors
from jupyter_mlops.capture.notebook import experiment_of, notebook_path
from jupyter_mlops.settings import WORKSPACE_VARIABLE
from jupyter_mlops.store.layout import find_project, project_root

_LAUNCHERS = ("__main__", "ipykernel_launcher")


def locate(start: str | os.PathLike[str] | None = None) -> Path:
    """Say which folder holds the workspace here, or would hold a new one.

    Raises
    ------
    WorkspaceError
        When ``JUPYTER_MLOPS_WORKSPACE`` names no folder.
    """
    named = os.environ.get(WORKSPACE_VARIABLE)
    if named and start is None:
        folder = Path(named).expanduser()
        if not folder.is_dir():
            raise errors.WorkspaceError(
                f"{WORKSPACE_VARIABLE} names {folder}, which is no folder. Make it, or "
                f"unset the variable to use the project's own workspace.",
                folder=folder,
            )
        return folder
    begin = Path.cwd() if start is None else Path(start)
    return find_project(begin) or project_root(begin)


def default_experiment() -> str:
    """Name the experiment of a notebook or a script: its file's name."""
    named = experiment_of(notebook_path({}))
    if named:
        return named
    script = Path(sys.argv[0]) if sys.argv and sys.argv[0] else None
    if script is None or script.suffix != ".py" or script.stem in _LAUNCHERS:
        return "default"
    return script.stem
