"""A notebook as the text of its file: as nbformat writes it, each cell only once."""

from __future__ import annotations

from dataclasses import dataclass
from json import encoder
from math import isfinite
from typing import TYPE_CHECKING, Any

from nbformat.v4.nbjson import BytesEncoder

if TYPE_CHECKING:
    from collections.abc import Callable

    Hide = Callable[[Any], Any]

_CELLS = '\n "cells": []'
_CELL_DEPTH = 2
_LONG = 1 << 16
_MARK = "\x7f~\x7f"
"""Stands for the beginning of a line: letters that no text has."""
_OTHER_ENDS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_OTHER_TEXTS = ("image/svg+xml", "application/javascript")
_TRANSIENT = ("orig_nbformat", "orig_nbformat_minor", "signature")
_encoded: Callable[[str], str] = encoder.encode_basestring
_ENCODER = BytesEncoder(ensure_ascii=False)


_WORDS = {True: "true", False: "false", None: "null"}
_WORD_TYPES = (bool, type(None))


class _Indents(dict[int, str]):
    """The beginnings of lines, by depth."""

    def __missing__(self, depth: int) -> str:
        found = self[depth] = "\n" + " " * depth
        return found


_INDENTS = _Indents()


class NotebookWriter:
    """Writes one notebook again and again while it grows.

    What a cell was written as is kept, until something of the cell is another object:
    a notebook of many finished cells costs little more than the one that runs.

    Parameters
    ----------
    hide : callable, optional
        Masks what must not be written in texts, however deep in a value.
    """

    def __init__(self, hide: Hide | None = None) -> None:
        self._hide = hide
        self._known: dict[int, tuple[list[Any], str]] = {}

    def text(self, notebook: dict[str, Any]) -> str:
        """Write the notebook as it is now."""
        cells = [self._cell_text(at, cell) for at, cell in enumerate(notebook["cells"])]
        metadata = _without(notebook["metadata"], *_TRANSIENT)
        if self._hide is not None:
            metadata = self._hide(metadata)
        around = _dumped({**notebook, "metadata": metadata, "cells": []}, 0)
        if not cells:
            return around + "\n"
        # Cells are the first of a notebook's keys in order, and no such line can be
        # within another: those are indented further.
        before, _, after = around.partition(_CELLS)
        indent = "\n" + " " * _CELL_DEPTH
        parts = [before, '\n "cells": [']
        for cell in cells:
            parts += [indent, cell, ","]
        parts[-1] = "\n ]"
        return "".join([*parts, after, "\n"])

    def know(self, at: int, cell: dict[str, Any]) -> None:
        """Write a cell of the notebook beforehand."""
        self._cell_text(at, cell)

    def _cell_text(self, at: int, cell: dict[str, Any]) -> str:
        marks = _marks(cell)
        if at in self._known:
            before, text = self._known[at]
            if len(before) == len(marks) and all(map(_is_same, before, marks)):
                return text
        written = _cell_to_write(cell if self._hide is None else self._hide(cell))
        text = _dumped(written, _CELL_DEPTH)
        self._known[at] = (marks, text)
        return text


def notebook_text(notebook: dict[str, Any]) -> str:
    """Write a notebook as its file holds it; nbformat would copy all of it before."""
    return NotebookWriter().text(notebook)


def _marks(cell: dict[str, Any]) -> list[Any]:
    """List what is another object, or another text, once a cell has changed."""
    marks: list[Any] = [
        cell["source"],
        cell.get("execution_count"),
        repr(cell["metadata"]),
        cell.get("attachments"),
    ]
    for output in cell.get("outputs", ()):
        marks += [output, *output.values()]
    return marks


def _is_same(one: Any, other: Any) -> bool:
    # Short texts and numbers may be equal and others; long ones are not compared.
    return one is other or (
        type(one) is type(other) and isinstance(one, str | int) and one == other
    )


def _cell_to_write(cell: dict[str, Any]) -> dict[str, Any]:
    """Bring a cell into the form of files: texts of many lines are lists of them."""
    found = {**cell, "metadata": _without(cell["metadata"], "trusted")}
    found["source"] = _lines(cell["source"])
    if cell.get("outputs"):
        found["outputs"] = [_output_to_write(output) for output in cell["outputs"]]
    if cell.get("attachments"):
        pairs = cell["attachments"].items()
        found["attachments"] = {name: _bundle_to_write(item) for name, item in pairs}
    return found


def _output_to_write(output: dict[str, Any]) -> dict[str, Any]:
    if output["output_type"] == "stream":
        return {**output, "text": _lines(output["text"])}
    if output["output_type"] in ("display_data", "execute_result"):
        return {**output, "data": _bundle_to_write(output.get("data", {}))}
    return output


def _bundle_to_write(data: dict[str, Any]) -> dict[str, Any]:
    return {
        mime: _lines(value)
        if mime.startswith("text/") or mime in _OTHER_TEXTS
        else value
        for mime, value in data.items()
    }


def _without(node: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in node.items() if name not in names}


def _lines(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if len(value) > _LONG and not any(letter in value for letter in _OTHER_ENDS):
        return _LongText(value)
    return value.splitlines(keepends=True)


@dataclass(frozen=True, slots=True)
class _LongText:
    """A text that is written as the list of its lines; no such list is made."""

    text: str

    def written(self, inner: str, outer: str) -> str:
        """Write it: each item begins with `inner`, the list's end with `outer`."""
        mark = _MARK
        while mark in self.text:
            mark += _MARK
        marked = self.text.replace("\n", f"\n{mark}").removesuffix(mark)
        encoded = _encoded(marked).replace(mark, f'",{inner}"')
        return f"[{inner}{encoded}{outer}]"


def _dumped(value: Any, depth: int) -> str:
    """Write a value as ``json.dumps`` with an indent of 1 and sorted keys does.

    With an indent, that is written in Python, letter by letter; here texts, which are
    nearly all of a notebook, go through what is written in C.
    """
    if isinstance(value, dict) and value:
        inner = _INDENTS[depth + 1]
        items = [
            f"{_encoded(key)}: {_dumped(value[key], depth + 1)}"
            for key in sorted(value)
        ]
        return f"{{{inner}{f',{inner}'.join(items)}{_INDENTS[depth]}}}"
    if isinstance(value, list | tuple) and value:
        inner = _INDENTS[depth + 1]
        items = [_dumped(item, depth + 1) for item in value]
        return f"[{inner}{f',{inner}'.join(items)}{_INDENTS[depth]}]"
    if isinstance(value, _LongText):
        return value.written(_INDENTS[depth + 1], _INDENTS[depth])
    return _small(value)


def _small(value: Any) -> str:
    """Write what fits on a line; the encoder would take its time for each."""
    kind = type(value)
    if kind is str:
        return _encoded(value)
    if kind is int or (kind is float and isfinite(value)):
        return repr(value)
    if kind in _WORD_TYPES:
        return _WORDS[value]
    return str(_ENCODER.encode(value))
