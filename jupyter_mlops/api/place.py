"""Which workspace and which run a call is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops import workspace
from jupyter_mlops.errors import NoActiveRunError
from jupyter_mlops.tracking import current

if TYPE_CHECKING:
    from jupyter_mlops.tracking.run import Run

workspaces: dict[str, workspace.Workspace] = {}
"""Those that were opened, once a process each."""


def here() -> workspace.Workspace:
    """Return the workspace that holds here."""
    return _opened(str(workspace.locate()))


def active(call: str) -> Run:
    """Return the run that log calls go to.

    Raises
    ------
    NoActiveRunError
        When there is none; it names `call`.
    """
    run = run_here()
    if run is None:
        raise NoActiveRunError(call)
    return run


def run_here() -> Run | None:
    """Return the current run, be it one of the parent process."""
    run = current.current_run()
    if run is not None:
        return run
    found = current.inherited_run()
    return None if found is None else _opened(str(found[1])).current_run()


def _opened(project: str) -> workspace.Workspace:
    if project not in workspaces:
        workspaces[project] = workspace.Workspace(project)
    return workspaces[project]
