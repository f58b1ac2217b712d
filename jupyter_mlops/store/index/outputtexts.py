"""What a person would read of a cell's recorded outputs, as text."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Peek = Callable[[str, int, int], str]

HEAD = 8192
TAIL = 4096
"""Bytes from the beginning and the end of a text that is a blob."""
_BLOBS = 16
"""Blobs of one cell that are looked into."""
_READABLE = ("text/markdown", "text/latex")
_PLAIN = "text/plain"
_HTML = "text/html"
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_SILENT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>?")
_OBJECT = re.compile(r"\s*<[\w.]+ (?:object|at 0x)[^<>]*>\s*")
"""How objects are written that say nothing in plain text."""


class OutputReader:
    """Reads outputs of one cell.

    Parameters
    ----------
    peek : callable or None
        Returns the beginning and the end of a blob's text; without, blobs are no
        text.
    """

    def __init__(self, peek: Peek | None) -> None:
        self._peek = peek
        self._left = _BLOBS

    def text(self, output: Any) -> str:
        """Return an output's words, without colours and tags."""
        if not isinstance(output, dict):
            return ""
        shown = "\n".join(filter(None, self._parts(output)))
        return _COLOURS.sub("", shown)

    def _parts(self, output: dict[str, Any]) -> Iterator[str]:
        yield self._read(output.get("text"))
        if isinstance(data := output.get("data"), dict):
            plain = self._read(data.get(_PLAIN))
            if _HTML in data and (not plain or _OBJECT.fullmatch(plain)):
                yield words_of_html(self._read(data[_HTML]))
            else:
                yield plain
            yield from (self._read(data.get(kind)) for kind in _READABLE)
        if output.get("output_type") == "error":
            yield from (joined(output.get(n)) for n in ("ename", "evalue", "traceback"))

    def _read(self, value: Any) -> str:
        """Return a text, or what can be had of one that is a blob."""
        if not isinstance(value, dict):
            return joined(value)
        digest = value.get("blob")
        if self._peek is None or not isinstance(digest, str) or "encoding" in value:
            return ""
        self._left -= 1
        return self._peek(digest, HEAD, TAIL) if self._left >= 0 else ""


def words_of_html(text: str) -> str:
    """Return what a page says, without its tags, scripts and styles."""
    return html.unescape(_TAG.sub(" ", _SILENT.sub(" ", text)))


def without_colours(text: str) -> str:
    """Take out what colours a terminal."""
    return _COLOURS.sub("", text)


def joined(value: Any) -> str:
    """Return a text that may be written as its lines, as nbformat does."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
