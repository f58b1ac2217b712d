"""IPython's rewriting of magics into Python, done once for each cell."""

from __future__ import annotations

from typing import Any


class RememberingTransform:
    """Takes the place of `transform_cell` of a shell's input transformer manager.

    ipykernel rewrites a cell to see whether it awaits, and IPython once more to run it.
    With the transforms of IPython alone both come to the same, and the second is saved;
    with any of the user's, nothing is remembered.

    Parameters
    ----------
    manager : TransformerManager
        As IPython has made it.
    """

    def __init__(self, manager: Any) -> None:
        self._manager = manager
        self._transform = manager.transform_cell
        self._own = self._transforms()
        self._last = ("", "")

    def __call__(self, cell: str) -> str:
        """Return a cell's Python."""
        if self._transforms() != self._own:
            return str(self._transform(cell))
        source, made = self._last
        if source != cell:
            made = self._transform(cell)
            self._last = (cell, made)
        return made

    def _transforms(self) -> list[object]:
        manager = self._manager
        return [
            *manager.cleanup_transforms,
            *manager.line_transforms,
            *manager.token_transformers,
        ]
