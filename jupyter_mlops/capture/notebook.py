"""Which notebook this kernel serves, as far as its front end tells."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTEBOOK_VARIABLE = "JUPYTER_MLOPS_NOTEBOOK"
"""Set for the kernel of a notebook that runs in batch."""


def notebook_path(namespace: Mapping[str, Any]) -> str | None:
    """Return the notebook's path, None where nobody tells.

    Batch runs, Jupyter Server (which names the session by the notebook's path) and
    VS Code tell; a terminal has none.
    """
    told = (
        os.environ.get(NOTEBOOK_VARIABLE)
        or namespace.get("__vsc_ipynb_file__")
        or os.environ.get("JPY_SESSION_NAME")
    )
    if not isinstance(told, str) or not told.endswith(".ipynb"):
        # JupyterLab's consoles and Jupyter's temporary sessions have names, too.
        return None
    return told


def experiment_of(notebook: str | None) -> str | None:
    """Name the experiment of a notebook: its file's name."""
    return Path(notebook).stem if notebook else None
