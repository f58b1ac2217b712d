"""The executed notebook while it grows: its marks for papermill, and its saves."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from papermill.engines import NotebookExecutionManager
from papermill.iorw import write_ipynb

from jupyter_mlops import errors

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_mlops.capture.masking import Masker

SAVE_SECONDS = 2.0
_PAUSE_FACTOR = 20
"""Saving takes at most a twentieth of the time, however large the notebook is."""


class SavedNotebook(NotebookExecutionManager):
    """Saves by time; papermill's own saves the whole notebook twice for each cell."""

    def __init__(
        self,
        notebook: NotebookNode,
        output_path: str | None,
        *,
        progress_bar: bool | dict[str, Any] = False,
        log_output: bool = False,
    ) -> None:
        self._is_changed = False
        self._due = 0.0
        super().__init__(
            notebook,
            output_path=output_path,
            progress_bar=progress_bar,
            log_output=log_output,
        )

    def save(self, **_: Any) -> None:
        """Note a change; it is saved when the time has come."""
        self._is_changed = True
        self.save_if_due()

    def autosave_cell(self) -> None:
        """Note a change in a running cell."""
        self.save()

    def save_if_due(self) -> None:
        """Save what has changed, unless that was done a moment ago."""
        if self._is_changed and time.monotonic() >= self._due:
            # A disk that is full now may not be at the end: only the last save counts.
            with contextlib.suppress(errors.NotebookError):
                self.save_now()

    def save_now(self) -> None:
        """Save."""
        began = time.monotonic()
        self._due = began + SAVE_SECONDS
        if self.output_path:
            write_notebook(self.nb, self.output_path)
        self._is_changed = False
        self.last_save_time = self.now()
        now = time.monotonic()
        self._due = now + max(SAVE_SECONDS, _PAUSE_FACTOR * (now - began))

    def notebook_complete(self, **kwargs: Any) -> None:
        """Finish papermill's marks, and save for good."""
        super().notebook_complete(**kwargs)
        self.save_now()

    def pass_over(self, cells: int) -> None:
        """Count cells that have nothing to run in papermill's progress bar."""
        if self.pbar and cells > 0:
            self.pbar.update(cells)


def notebook_text(notebook: NotebookNode) -> str:
    """Write a notebook as its file holds it."""
    text: str = nbformat.v4.writes(notebook)
    return text if text.endswith("\n") else text + "\n"


def masked_notebook(notebook: NotebookNode, masker: Masker) -> NotebookNode:
    """Return a copy of a notebook with the secrets in it masked."""
    masked = nbformat.from_dict(masker.value({"metadata": notebook.metadata}))
    cells = [
        cell
        | {"source": masker.text(cell.source)}
        | ({"outputs": masker.outputs(cell.outputs)} if "outputs" in cell else {})
        for cell in notebook.cells
    ]
    return nbformat.from_dict(notebook | masked | {"cells": cells})


def write_notebook(notebook: NotebookNode, target: str) -> None:
    """Write a notebook to a file, whole or not at all, or to papermill's storages.

    Raises
    ------
    NotebookError
        When the file cannot be written.
    """
    if "://" in target:
        write_ipynb(notebook, target)
        return
    # A link stays one: the file that it names is replaced.
    path = Path(target).resolve()
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(notebook_text(notebook), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise errors.NotebookError(
            f"The executed notebook cannot be saved at {target}: {error.strerror}. "
            f"Name another place for it with '-o'.",
            output=target,
        ) from error
