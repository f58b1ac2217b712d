"""What ran once for all points, and how it gets into each point's notebook."""

from __future__ import annotations

import copy
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import nbformat

from jupyter_mlops.pipeline.sweeps.filled import injected_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbformat import NotebookNode

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.sweeps.sharedwork import RanCell
    from jupyter_mlops.pipeline.worker.sleeper import Sleeper


@dataclass
class SharedCells:
    """What ran once for all points, and where they go on from.

    Attributes
    ----------
    run_id : RunId
        The run of these cells.
    stop : int
        Cells before this index ran.
    cells : dict
        By index.
    lines : bytes
        What the cells logged, as journals have it.
    widgets : dict
        The state of widgets that they made.
    why : str
        Why no more cells are shared.
    """

    run_id: RunId
    sleeper: Sleeper
    stop: int
    cells: dict[int, RanCell] = field(default_factory=dict)
    lines: bytes = b""
    widgets: dict[str, Any] = field(default_factory=dict)
    why: str = ""

    @property
    def count(self) -> int:
        """How many cells ran, those that hold parameters apart."""
        return count_cells(cell.node for cell in self.cells.values())

    def close(self) -> None:
        """Let the copy that sleeps end."""
        self.sleeper.close()


def count_cells(cells: Iterable[NotebookNode]) -> int:
    """Count cells, those that hold parameters apart."""
    tags = (set(cell.metadata.get("tags", ())) for cell in cells)
    return sum(not found & {"parameters", "injected-parameters"} for found in tags)


def restore_into(notebook: NotebookNode, shared: SharedCells) -> None:
    """Put the shared cells' outputs into a point's notebook."""
    injected = injected_at(notebook)
    for index, ran in shared.cells.items():
        cell = notebook.cells[index]
        cell.outputs = copy.deepcopy(ran.node.outputs)
        cell.execution_count = ran.node.execution_count
        for name in ("papermill", "execution"):
            if name in ran.node.metadata and index != injected:
                cell.metadata[name] = copy.deepcopy(ran.node.metadata[name])


def join_widgets(notebook: NotebookNode, shared: SharedCells) -> None:
    """Put the state of the shared cells' widgets beside that of the point's own."""
    if not shared.widgets:
        return
    found = copy.deepcopy(shared.widgets)
    for kind, told in notebook.metadata.get("widgets", {}).items():
        with suppress(KeyError, AttributeError):
            found[kind]["state"].update(told["state"])
            continue
        found[kind] = told
    notebook.metadata["widgets"] = nbformat.from_dict(found)
