"""The executed notebook while it grows: its marks for papermill, and its saves."""

from __future__ import annotations

import contextlib
import json
import math
import os
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import papermill
from nbformat.v4.nbjson import BytesEncoder
from nbformat.v4.rwbase import split_lines, strip_transient
from papermill.engines import NotebookExecutionManager
from papermill.iorw import papermill_io
from papermill.log import logger

from jupyter_mlops import errors

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_mlops.capture.masking import Masker

SAVE_SECONDS = 2.0
_PAUSE_FACTOR = 20
"""Saving takes at most a twentieth of the time, however large the notebook is."""


class SavedNotebook(NotebookExecutionManager):
    """Saves by time; papermill's own saves the whole notebook twice for each cell.

    Attributes
    ----------
    text : str
        What was saved last; empty when nothing is saved.
    """

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
        self.text = ""
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
        self.text = ""
        if self.output_path:
            self.text = notebook_text(self.nb)
            write_text(self.text, self.output_path)
        self._is_changed = False
        self.last_save_time = self.now()
        now = time.monotonic()
        self._due = now + max(SAVE_SECONDS, _PAUSE_FACTOR * (now - began))

    def notebook_start(self, **kwargs: Any) -> None:
        """Put papermill's marks, and save, so that an unwritable place is seen."""
        self._due = math.inf
        super().notebook_start(**kwargs)
        self.save_now()

    def cell_complete(self, cell: NotebookNode, cell_index: int, **_: Any) -> None:
        """Put papermill's marks at a cell that has ended.

        Its own method does the same, but reads the time of the beginning from text.
        """
        marks = cell.metadata.papermill
        ended = self.now()
        marks["end_time"] = ended.isoformat()
        if began := marks.get("start_time"):
            marks["duration"] = (ended - datetime.fromisoformat(began)).total_seconds()
        if marks["status"] != self.FAILED:
            marks["status"] = self.COMPLETED
        if self.log_output:
            logger.info(f"Ending Cell {cell_index + 1:-<43}")
        self.save()
        if self.pbar:
            self.pbar.update(1)

    def notebook_complete(self, **kwargs: Any) -> None:
        """Finish papermill's marks, and save for good."""
        self._due = math.inf
        super().notebook_complete(**kwargs)
        self.save_now()

    def pass_over(self, cells: int) -> None:
        """Count cells that have nothing to run in papermill's progress bar."""
        if self.pbar and cells > 0:
            self.pbar.update(cells)


def notebook_text(notebook: NotebookNode) -> str:
    """Write a notebook as its file holds it.

    nbformat does the work; but it would copy the whole notebook before.
    """
    copy = nbformat.NotebookNode()
    dict.update(copy, notebook, metadata=_copied(notebook.metadata))
    dict.update(copy, cells=[_cell_to_write(cell) for cell in notebook.cells])
    written = strip_transient(split_lines(copy))
    text = json.dumps(
        written,
        cls=BytesEncoder,
        indent=1,
        sort_keys=True,
        separators=(",", ": "),
        ensure_ascii=False,
    )
    return text if text.endswith("\n") else text + "\n"


def _cell_to_write(cell: NotebookNode) -> NotebookNode:
    """Copy of a cell what is changed to be written: texts become lists of lines."""
    copy = _copied(cell)
    dict.update(copy, metadata=_copied(cell.metadata))
    if "outputs" in cell:
        dict.update(copy, outputs=[_copied(output) for output in cell.outputs])
        for output in copy.outputs:
            if "data" in output:
                dict.update(output, data=_copied(output.data))
    if "attachments" in cell:
        pairs = cell.attachments.items()
        dict.update(copy, attachments={name: _copied(item) for name, item in pairs})
    return copy


def _copied(node: NotebookNode) -> NotebookNode:
    """Copy a node, but not what is in it."""
    copy = nbformat.NotebookNode()
    # Past its own way of setting items, which converts all that is in them.
    dict.update(copy, node)
    return copy


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


def mark_for_papermill(notebook: NotebookNode) -> None:
    """Give a notebook the metadata that papermill goes by, as it does when loading."""
    notebook.metadata.setdefault(
        "papermill",
        nbformat.from_dict(
            {
                "default_parameters": {},
                "parameters": {},
                "environment_variables": {},
                "version": papermill.__version__,
            }
        ),
    )
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata.setdefault("papermill", nbformat.from_dict({}))


def write_notebook(notebook: NotebookNode, target: str) -> None:
    """Write a notebook to a file; see `write_text`."""
    write_text(notebook_text(notebook), target)


def write_text(text: str, target: str) -> None:
    """Write a notebook's text to a file, whole or not at all, or where papermill can.

    Raises
    ------
    NotebookError
        When the file cannot be written.
    """
    if "://" in target:
        papermill_io.write(text, target)
        return
    # A link stays one: the file that it names is replaced.
    path = Path(target).resolve()
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise errors.NotebookError(
            f"The executed notebook cannot be saved at {target}: {error.strerror}. "
            f"Name another place for it with '-o'.",
            output=target,
        ) from error
