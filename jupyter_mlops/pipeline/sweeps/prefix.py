"""Which cells at a notebook's beginning come out the same for all points.

They run once, then each point goes on from a copy. In doubt a cell runs for each point:
what the dataflow cannot follow ends the shared cells, as does what could tell that it
ran once for many.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.cells import ExecutedCell
from jupyter_mlops.capture.dataflow.history import History
from jupyter_mlops.capture.dataflow.magictext import parse_body
from jupyter_mlops.pipeline.execution import is_executable
from jupyter_mlops.pipeline.sweeps.filewrites import first_rewritten
from jupyter_mlops.pipeline.sweeps.filled import injected_at
from jupyter_mlops.pipeline.sweeps.unshareable import logs_again, unshareable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from nbformat import NotebookNode

_SHOWN = 3
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Prefix:
    """The cells that all points share.

    Attributes
    ----------
    stop : int
        Cells before this index are shared; markdown counts.
    count : int
        How many of them run, the cell with the values apart.
    why : str
        Why the next one is not shared, in words; empty when all are.
    """

    stop: int
    count: int
    why: str = ""

    @property
    def is_worthwhile(self) -> bool:
        """Whether any cell besides those that hold parameters is shared."""
        return self.count > 0


def shared_prefix(
    notebook: NotebookNode,
    swept: Collection[str],
    fixed: Mapping[str, object],
    peeking: Collection[str] = (),
) -> Prefix:
    """Find the cells that all points share.

    Parameters
    ----------
    notebook : NotebookNode
        Python, filled in with the values of any point.
    swept : collection of str
        The parameters that differ from point to point.
    fixed : mapping
        The others that are given.
    peeking : collection of str
        Local modules that may look at the notebook's names: see `peeking_modules`.
    """
    return _Walk(notebook, swept, fixed, peeking).prefix()


class _Walk:
    """Goes through the cells once, in order."""

    def __init__(
        self,
        notebook: NotebookNode,
        swept: Collection[str],
        fixed: Mapping[str, object],
        peeking: Collection[str],
    ) -> None:
        self._peeking = peeking
        self._cells = notebook.cells
        self._injected = injected_at(notebook)
        self._swept = list(swept)
        self._fixed = fixed
        self._history = History()
        self._places: dict[int, int] = {}
        self._source_place = -1
        self._numbers = {
            index: number
            for number, index in enumerate(
                index for index, cell in enumerate(self._cells) if is_executable(cell)
            )
        }

    def prefix(self) -> Prefix:
        """Return what is shared."""
        stop, why = len(self._cells), ""
        for index in self._numbers:
            self._append(index)
            if index > self._injected and not why:
                why = self._why_not(index)
                stop = index if why else stop
        rewritten = first_rewritten(self._history, self._places, self._injected, stop)
        if rewritten is not None:
            stop, path = rewritten
            why = f"{self._named(stop)} writes {path}, which later cells write, too"
        return Prefix(stop, self._count(stop), why)

    def _append(self, index: int) -> None:
        if index == self._injected:
            # Apart: who reads a fixed value does not depend on what is swept.
            self._add(_bindings(self._fixed))
            # Which value does not matter: whoever reads it, depends on it.
            self._source_place = self._add(_bindings(dict.fromkeys(self._swept)))
            self._places[index] = self._source_place
            return
        cell = self._cells[index]
        body = parse_body(cell.source)
        text = cell.source if body is None else _as_shown(body)
        may_fail = "raises-exception" in cell.metadata.get("tags", ())
        self._places[index] = self._add(text, failed=None if may_fail else False)

    def _add(self, text: str, *, failed: bool | None = False) -> int:
        place = len(self._history)
        cell = ExecutedCell(index=place, source=text, python=text, failed=failed)
        self._history.append(cell)
        return place

    def _why_not(self, index: int) -> str:
        place, history = self._places[index], self._history
        found = history.needs_of(place).get(self._source_place)
        if found:
            labels = list(dict.fromkeys(one.label for one in found))
            return f"{self._named(index)} depends on {_listed(labels)}"
        if blind := history.why_unanalysable(place):
            return f"{self._named(index)} cannot be followed: {blind[0]}"
        for name in self._swept:
            if place in history.makers_of(name, place):
                return f"{self._named(index)} may set {name} itself"
        source = self._cells[index].source
        reason = unshareable(source) or self._peeking_module(source)
        reason = reason or logs_again(source, self._later(index))
        return f"{self._named(index)} {reason}" if reason else ""

    def _peeking_module(self, source: str) -> str:
        words = set(_WORD.findall(source))
        for name in self._peeking:
            if name in words:
                return f"uses the module {name}, which may see all names"
        return ""

    def _later(self, index: int) -> list[str]:
        return [self._cells[item].source for item in self._numbers if item > index]

    def _named(self, index: int) -> str:
        return f"cell {self._numbers[index]}"

    def _count(self, stop: int) -> int:
        return sum(
            1
            for index in self._numbers
            if index < stop
            and index != self._injected
            and "parameters" not in self._cells[index].metadata.get("tags", ())
        )


def _as_shown(body: list[ast.stmt]) -> str:
    """Write a cell so that showing its last value is seen to call what it calls."""
    lines = [ast.unparse(statement) for statement in body]
    if body and isinstance(body[-1], ast.Expr):
        lines[-1] = f"repr({lines[-1]})"
    return "\n".join(lines)


def _bindings(values: Mapping[str, object]) -> str:
    return "\n".join(f"{name} = {value!r}" for name, value in values.items())


def _listed(labels: list[str]) -> str:
    shown = labels[:_SHOWN]
    return ", ".join(shown) + (", …" if len(labels) > _SHOWN else "")
