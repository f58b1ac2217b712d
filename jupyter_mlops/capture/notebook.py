"""Which notebook this kernel serves, as far as its front end tells."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from jupyter_mlops.capture.colab import colab_name
from jupyter_mlops.capture.renames import present_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOTEBOOK_VARIABLE = "JUPYTER_MLOPS_NOTEBOOK"
"""Set for the kernel of a notebook that runs in batch."""
_SESSION_VARIABLE = "JPY_SESSION_NAME"
_VSCODE_CELL = "vscode-notebook-cell:"
_SUFFIX = ".ipynb"


def notebook_path(
    namespace: Mapping[str, Any], cell_id: str | None = None
) -> str | None:
    """Return the notebook's path, None where nobody tells.

    Batch runs, papermill with ``--inject-paths``, Jupyter Server (JupyterLab and
    Notebook 7: it names the session by the notebook's path), VS Code and Colab (only
    the name) tell; a terminal has none. A file that was renamed since its kernel
    started is looked for near its old place.

    Parameters
    ----------
    namespace : mapping
        The user's names, where front ends leave words of their own.
    cell_id : str, optional
        Of the cell that runs: it tells the notebook from others after a rename, and
        in VS Code holds the path itself.
    """
    for told in _told(namespace, cell_id):
        # JupyterLab's consoles and Jupyter's temporary sessions have names, too.
        if isinstance(told, str) and told.endswith(_SUFFIX):
            return present_path(told, cell_id)
    return None


def experiment_of(notebook: str | None) -> str | None:
    """Name the experiment of a notebook: its file's name."""
    return Path(notebook).stem if notebook else None


def _told(namespace: Mapping[str, Any], cell_id: str | None) -> Iterator[Any]:
    """Give what is said of the path, the most reliable first."""
    yield os.environ.get(NOTEBOOK_VARIABLE)
    yield namespace.get("PAPERMILL_INPUT_PATH")
    yield _vscode_path(cell_id)
    yield namespace.get("__vsc_ipynb_file__")
    yield _session_name()
    yield colab_name()


def _vscode_path(cell_id: str | None) -> str | None:
    """Read the path out of a cell's address, which knows of renames."""
    if not cell_id or not cell_id.startswith(_VSCODE_CELL):
        return None
    path = unquote(urlsplit(cell_id).path)
    is_windows = path[2:3] == ":" and path.startswith("/")
    return path[1:] if is_windows else path


def _session_name() -> str | None:
    name = os.environ.get(_SESSION_VARIABLE)
    if not name or _is_inherited(name):
        return None
    # A notebook that is edited together lies on a drive of this name.
    return name.replace("RTC:", "")


@cache
def _is_inherited(name: str) -> bool:
    """Tell whether the name is that of a notebook that started ours in its kernel."""
    try:
        with open(f"/proc/{os.getppid()}/environ", "rb") as file:  # noqa: PTH123 - a file of the system's
            variables = file.read().split(b"\0")
    except OSError:
        return False
    return f"{_SESSION_VARIABLE}={name}".encode() in variables
