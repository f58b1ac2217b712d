"""The executed notebook while it grows: its marks for papermill, and its saves."""

from __future__ import annotations

import contextlib
import glob
import math
import os
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import papermill
from papermill.engines import NotebookExecutionManager
from papermill.iorw import papermill_io
from papermill.log import logger

from jupyter_mlops import errors
from jupyter_mlops.pipeline.notebook_writer import NotebookWriter, notebook_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

    from jupyter_mlops.capture.masking import Masker
    from jupyter_mlops.pipeline.notebook_writer import Hide

SAVE_SECONDS = 1.2
"""With half a second until it is looked at, and the save, two seconds at the most."""
_PART = ".part"
SHARE = 0.1
"""Of the time that passes, at most so much is spent on saving."""


class SavedNotebook(NotebookExecutionManager):
    """Saves by time; papermill's own saves the whole notebook twice for each cell.

    Parameters
    ----------
    hide : callable, optional
        Masks what must not be saved, in a value however deep.

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
        hide: Hide | None = None,
    ) -> None:
        self._is_changed = False
        self._due = 0.0
        self._ended: list[tuple[int, NotebookNode]] = []
        self._writer = NotebookWriter(hide)
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
        """Note a change in a running cell.

        While it runs, there is time to write those that have ended: not to the disk,
        but what is said of them there.
        """
        while self._ended:
            self._writer.know(*self._ended.pop())
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
            self.text = self._writer.text(self.nb)
            write_text(self.text, self.output_path)
        self._is_changed = False
        self.last_save_time = self.now()
        now = time.monotonic()
        self._due = now + max(SAVE_SECONDS, (now - began) * (1 / SHARE - 1))

    def notebook_start(self, **kwargs: Any) -> None:
        """Put papermill's marks, and see that the place can be written to.

        What is there by then is saved while the cells' process starts.
        """
        self._due = math.inf
        super().notebook_start(**kwargs)
        if self.output_path and "://" not in self.output_path:
            _sweep(Path(self.output_path).resolve())
            try_place(self.output_path)
            self._due = 0.0
        else:
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
        self._ended.append((cell_index, cell))
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


def masked_notebook(notebook: NotebookNode, masker: Masker) -> dict[str, Any]:
    """Return a copy of a notebook with the secrets in it masked, as plain values."""
    masked = masker.value({"metadata": notebook.metadata})
    cells = [
        {**cell}
        | {"source": masker.text(cell.source)}
        | ({"outputs": masker.outputs(cell.outputs)} if "outputs" in cell else {})
        for cell in notebook.cells
    ]
    return {**notebook, **masked, "cells": cells}


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
    with _beside(target) as (beside, path):
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)


def try_place(target: str) -> None:
    """Make sure that `write_text` can write to a file; what it holds stays.

    Raises
    ------
    NotebookError
        When it cannot.
    """
    with _beside(target) as (beside, _):
        beside.touch()
        beside.unlink()


@contextlib.contextmanager
def _beside(target: str) -> Iterator[tuple[Path, Path]]:
    """Give a name beside a file, and the file's own; take care of what goes wrong."""
    # A link stays one: the file that it names is replaced.
    path = Path(target).resolve()
    beside = path.with_name(f".{path.name}.{os.getpid()}{_PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield beside, path
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise errors.NotebookError(
            f"The executed notebook cannot be saved at {target}: {error.strerror}. "
            f"Name another place for it with '-o'.",
            output=target,
        ) from error


def _sweep(path: Path) -> None:
    """Take away what saves left half written when their processes were killed."""
    for beside in path.parent.glob(f".{glob.escape(path.name)}.*{_PART}"):
        number = beside.name.removesuffix(_PART).rpartition(".")[2]
        if number.isdigit() and not _is_alive(int(number)):
            beside.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
