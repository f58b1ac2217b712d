"""Cells by what their code says, and where two notebooks begin to differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.execution import is_executable
from jupyter_mlops.pipeline.versions.code import read_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbformat import NotebookNode


def executable_cells(notebook: NotebookNode) -> list[int]:
    """List the places of the cells that run, in order."""
    return [at for at, cell in enumerate(notebook.cells) if is_executable(cell)]


def mark_of(cell: NotebookNode) -> str:
    """Return a digest of what a cell's code says; comments and blanks do not count."""
    tags = tuple(cell.metadata.get("tags", ()))
    return read_code(cell.source, tags=tags).digest


def first_difference(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """Return the position of the first cell that differs, or that only one has."""
    for position, (one, other) in enumerate(zip(ours, theirs, strict=False)):
        if one != other:
            return position
    return min(len(ours), len(theirs))
