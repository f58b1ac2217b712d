"""A step's notebook as far as its version needs it: cells, language, parameters.

Read as JSON: what is unchanged is looked at often, and nbformat takes its time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson

from jupyter_mlops.pipeline.parameter_cell import read_parameters
from jupyter_mlops.pipeline.parameters import DeclaredParameters
from jupyter_mlops.pipeline.versions.code import Code, read_code
from jupyter_mlops.pipeline.versions.mentions import Mentions
from jupyter_mlops.pipeline.versions.sources import Sources, SourceText

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FORMAT = 4
_SKIPPED = "skip-execution"
DEFAULT_KERNEL = "python3"


@dataclass(frozen=True)
class NotebookText:
    """What a notebook's file says.

    Attributes
    ----------
    path : Path
        Absolute.
    shown : str
        What to call it in errors.
    cells : list of dict
        All of them, as nbformat 4 has them.
    """

    path: Path
    shown: str
    cells: list[dict[str, Any]] = field(repr=False)
    metadata: Mapping[str, Any] = field(repr=False, default_factory=dict)

    @classmethod
    def read(cls, path: Path, shown: str) -> NotebookText:
        """Read a notebook.

        Raises
        ------
        NotebookNotFoundError, NotebookError
            When there is none, or it cannot be read.
        """
        try:
            found = orjson.loads(path.read_bytes())
            if found["nbformat"] == _FORMAT:
                cells = [_plain(cell) for cell in found["cells"]]
                return cls(path, shown, cells, found.get("metadata", {}))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        # Of another format, or not there: this one knows, and says what is wrong.
        from jupyter_mlops.pipeline.source_notebook import SourceNotebook

        source = SourceNotebook.read(path)
        return cls(path, shown, list(source.node.cells), source.node.metadata)

    @property
    def language(self) -> str:
        """The language of its cells."""
        found = self.metadata.get("language_info", {}).get("name")
        found = found or self.metadata.get("kernelspec", {}).get("language")
        return str(found or "python").lower()

    @property
    def is_python(self) -> bool:
        """Whether its cells can be read."""
        return self.language in ("python", "ipython")

    @property
    def kernel(self) -> str:
        """Which kernel it asks for."""
        found = self.metadata.get("kernelspec", {}).get("name")
        return str(found or DEFAULT_KERNEL)

    @cached_property
    def parameters(self) -> DeclaredParameters:
        """What it declares; raises NotebookError when that cell cannot be read."""
        if not self.is_python:
            return DeclaredParameters(notebook=self.shown, is_python=False)
        return read_parameters(self.cells, self.shown)

    @property
    def codes(self) -> list[Code]:
        """Its cells that run, in order, parsed."""
        return [read_code(source, tags=tags) for source, tags in self._running]

    def source(self, sources: Sources) -> SourceText:
        """Return what its cells that run say, without what does not count."""
        if self.is_python:
            return sources.cells(self._running)
        # Of a language that we cannot read every letter counts.
        marked = [(f"%%{self.language}\n{text}", tags) for text, tags in self._running]
        return SourceText(sources.cells(marked).digests, Mentions())

    @property
    def _running(self) -> list[tuple[str, tuple[str, ...]]]:
        return [
            (cell["source"], _tags(cell))
            for cell in self.cells
            if cell["cell_type"] == "code"
            and cell["source"].strip()
            and _SKIPPED not in _tags(cell)
        ]

    @cached_property
    def parameter_position(self) -> int | None:
        """Which of the cells that run is the one tagged ``parameters``."""
        position = 0
        for cell in self.cells:
            if cell["cell_type"] != "code" or not cell["source"].strip():
                continue
            if "parameters" in _tags(cell):
                return position
            position += _SKIPPED not in _tags(cell)
        return None


def _plain(cell: dict[str, Any]) -> dict[str, Any]:
    source = cell["source"]
    return {
        "cell_type": cell["cell_type"],
        "metadata": cell.get("metadata", {}),
        "source": source if isinstance(source, str) else "".join(source),
    }


def _tags(cell: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(cell["metadata"].get("tags", ()))
