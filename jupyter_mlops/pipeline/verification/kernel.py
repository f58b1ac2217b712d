"""A clean kernel that records into a workspace of its own."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.capture.notebook import NOTEBOOK_VARIABLE
from jupyter_mlops.pipeline.engine import kernel_variables
from jupyter_mlops.pipeline.nbclient_executor import NbclientExecutor
from jupyter_mlops.pipeline.recording import NotebookRecording
from jupyter_mlops.settings import PREFIX, RUN_VARIABLE, WORKSPACE_VARIABLE

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.execution import CellWatcher

_START_SECONDS = 60
_ELSEWHERE = (PREFIX + "INDEX_URL", PREFIX + "BLOBS_URL", RUN_VARIABLE)
"""Where the user's runs are kept, and one that is open here: not for the rerun."""


def clean_environment(project: Path, notebook: str | None = None) -> dict[str, str]:
    """Return this process's environment, with everything recorded into `project`."""
    environ = {k: v for k, v in os.environ.items() if k not in _ELSEWHERE}
    environ[WORKSPACE_VARIABLE] = str(project)
    if notebook is not None:
        environ[NOTEBOOK_VARIABLE] = notebook
    return environ


@dataclass(frozen=True)
class CleanKernel:
    """Runs cells in a kernel that records elsewhere; a `NotebookExecutor`.

    Attributes
    ----------
    project : Path
        Whose workspace takes what the cells record.
    is_within : bool
        Runs begun by the cells lie within the notebook's own, as in a batch notebook;
        else they stand for themselves, as in a session.
    autolog : bool
        The cells' models are noticed, as they were then.
    """

    kernel: str
    folder: Path
    source: str | None
    timeout: int | None
    project: Path
    is_within: bool
    autolog: bool = True

    def execute(self, notebook: NotebookNode, watcher: CellWatcher) -> None:
        """Run the cells; see `NotebookExecutor`."""
        assert isinstance(watcher, NotebookRecording), "the runner hands in its own"
        environ = clean_environment(self.project, self.source)
        if not self.autolog:
            environ[PREFIX + "AUTOLOG"] = "false"
        if self.is_within:
            source = Path(self.source) if self.source else None
            environ |= kernel_variables(watcher.run, source)
        options = {
            "log": logging.getLogger("papermill"),
            "startup_timeout": _START_SECONDS,
            "timeout": self.timeout,
        }
        NbclientExecutor(
            kernel_name=self.kernel, environ=environ, cwd=self.folder, options=options
        ).execute(notebook, watcher)
