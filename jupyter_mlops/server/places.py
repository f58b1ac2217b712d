"""The workspaces that a server may show: those in its root, and the root's own."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.errors import WorkspaceError, WorkspaceNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.workspace import Workspace

OUTER = "/"
"""Stands for the workspace that holds the root, where it lies above it."""
_DEPTH = 4
_FOLDERS = 3000
"""Folders that are looked into for workspaces: a home folder must not take minutes."""
_PASSED_OVER = frozenset(
    {"node_modules", "__pycache__", "site-packages", "venv", "env"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a workspace is.

    Attributes
    ----------
    path : str
        Of the project's folder, from the server's root, with ``/``; empty for the root
        itself and `OUTER` for the workspace above it.
    name : str
        The folder's own name.
    """

    path: str
    name: str


class OpenWorkspaces:
    """Opens workspaces when they are first asked for; threads may share it.

    Requests name folders from the server's root and never leave it. What a link in
    the root leads to counts as in it, as for Jupyter Server's own files. The one
    workspace outside that can be asked for is the one that notebooks in the root
    record to: chosen by whoever started the server, not by a request.

    Parameters
    ----------
    root : Path
        The folder that the server shows.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.abspath(root))  # noqa: PTH100 - resolve() would follow a user's links
        self._open: dict[Path, Workspace] = {}
        self._mutex = threading.Lock()

    # --- places ---

    def folder(self, path: str) -> Path:
        """Return the folder that a request names.

        Raises
        ------
        WorkspaceNotFoundError
            When it is outside the root, or no path at all.
        """
        if path == OUTER:
            outer = self._outer()
            if outer is None:
                raise _no_workspace(path)
            return outer
        found = Path(os.path.abspath(self.root / path))  # noqa: PTH100 - as above
        if "\0" in path or not found.is_relative_to(self.root):
            raise WorkspaceNotFoundError(
                f"'{path}' is outside the folder that this server shows.", path=path
            )
        return found

    def place(self, project: Path) -> Place:
        """Say how requests name a project's folder."""
        if not project.is_relative_to(self.root):
            return Place(OUTER, project.name)
        inside = project.relative_to(self.root).as_posix()
        return Place("" if inside == "." else inside, project.name)

    def holding(self, path: str) -> Place | None:
        """Find the workspace that a notebook or folder at `path` records to."""
        from jupyter_mlops.store.layout import find_project

        named = self._named()
        found = named or find_project(self.folder(path))
        if found is None:
            return None
        is_known = found.is_relative_to(self.root) or found == self._outer()
        return self.place(found) if is_known else None

    def proposed(self, path: str) -> Place:
        """Say where a workspace for a notebook or folder at `path` would be made."""
        from jupyter_mlops.store.layout import project_root

        start = self.folder(path)
        start = start if start.is_dir() else start.parent
        project = project_root(start)
        return self.place(project if project.is_relative_to(self.root) else self.root)

    def known(self) -> list[Place]:
        """List the workspaces there are, by path; the outer one first."""
        found = dict.fromkeys(self._walk())
        found.update(dict.fromkeys(self._open))
        outer = self._outer()
        places = [self.place(one) for one in found if one != outer and _is_there(one)]
        ordered = sorted(places, key=lambda place: place.path)
        return ordered if outer is None else [self.place(outer), *ordered]

    def from_root(self, project: Path, recorded: str) -> str | None:
        """Say where a recorded file is for the server's own routes; None: outside."""
        found = Path(os.path.abspath(project / recorded))  # noqa: PTH100 - as above
        if not found.is_relative_to(self.root):
            return None
        return found.relative_to(self.root).as_posix()

    def recorded_names(self, project: Path, path: str) -> list[str]:
        """Return the ways in which runs name the file at `path`: the way back.

        Raises
        ------
        WorkspaceNotFoundError
            When it is outside the root.
        """
        found = self.folder(path)
        names = [str(found)]
        if found.is_relative_to(project):
            names.append(found.relative_to(project).as_posix())
        return names

    # --- workspaces ---

    def open(self, path: str) -> Workspace:
        """Open the workspace in the folder `path`; it is never made here.

        Raises
        ------
        WorkspaceNotFoundError
            When there is none.
        """
        project = self.folder(path)
        if not _is_there(project):
            self._forget(project)
            raise _no_workspace(path)
        return self._opened(project)

    def make(self, path: str) -> Workspace:
        """Make a workspace in the folder `path`, or open the one that is there.

        Raises
        ------
        WorkspaceNotFoundError
            When there is no such folder.
        """
        project = self.folder(path)
        if not project.is_dir():
            raise WorkspaceNotFoundError(f"There is no folder '{path}'.", path=path)
        return self._opened(project)

    def close(self) -> None:
        """Let go of all workspaces."""
        with self._mutex:
            opened, self._open = self._open, {}
        for workspace in opened.values():
            workspace.close()

    def _opened(self, project: Path) -> Workspace:
        from jupyter_mlops.workspace import Workspace

        with self._mutex:
            workspace = self._open.get(project)
            if workspace is None:
                workspace = self._open[project] = Workspace(project)
            return workspace

    def _forget(self, project: Path) -> None:
        with self._mutex:
            workspace = self._open.pop(project, None)
        if workspace is not None:
            workspace.close()

    def _named(self) -> Path | None:
        """Return the workspace that kernels inherit by the environment."""
        from jupyter_mlops.settings import WORKSPACE_VARIABLE

        named = os.environ.get(WORKSPACE_VARIABLE)
        if not named:
            return None
        return Path(os.path.abspath(Path(named).expanduser()))  # noqa: PTH100 - as above

    def _outer(self) -> Path | None:
        from jupyter_mlops.store.layout import find_project

        found = self._named() or find_project(self.root)
        is_outside = found is not None and not found.is_relative_to(self.root)
        return found if is_outside else None

    def _walk(self) -> Iterator[Path]:
        """Give projects in the root, nearest first, within bounds."""
        level, left = [self.root], _FOLDERS
        for _ in range(_DEPTH):
            below: list[Path] = []
            for folder in level:
                if left <= 0:
                    return
                left -= 1
                if _is_there(folder):
                    yield folder
                below += _folders_in(folder)
            level = below


def _folders_in(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [
                folder / entry.name
                for entry in entries
                if not entry.name.startswith(".")
                and entry.name not in _PASSED_OVER
                and entry.is_dir(follow_symlinks=False)
            ]
    except OSError:
        # A folder that may not be entered holds nothing to show.
        return []


def _is_there(project: Path) -> bool:
    from jupyter_mlops.store.layout import Layout

    try:
        return Layout(project).exists()
    except (WorkspaceError, OSError, ValueError):
        return False


def _no_workspace(path: str) -> WorkspaceNotFoundError:
    return WorkspaceNotFoundError(
        f"There is no workspace in '{path or '/'}'. Put %%track above a cell there, or "
        f"make one.",
        path=path,
    )
