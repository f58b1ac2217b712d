"""The kinds of output that a cell shows, each held within its budget."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.boundedtext import BoundedText, byte_length
from jupyter_mlops.capture.inlining import is_binary_mime, is_json_mime
from jupyter_mlops.capture.overwriting import LINE_LIMIT, overwritten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.capture.frames import FrameHead

NOTE = "jupyter_mlops"
"""Where our words about an output are in its metadata."""


class Entry:
    """One output.

    Attributes
    ----------
    size : int
        Bytes held.
    dropped : int
        Bytes left out.
    """

    __slots__ = ("display_id", "dropped", "size")

    def __init__(self) -> None:
        self.size = 0
        self.dropped = 0
        self.display_id: Any = None

    def finish(self) -> dict[str, Any]:
        """Return the output as nbformat has it."""
        raise NotImplementedError


class Stream(Entry):
    """What was printed to one stream without anything else in between.

    Carriage returns and backspaces are obeyed, as a notebook obeys them: a progress
    bar of ten thousand steps is one line.
    """

    __slots__ = ("_at", "_limit", "_line", "_line_size", "_text", "name")

    def __init__(self, name: str, limit: int) -> None:
        super().__init__()
        self.name = name
        self._text = BoundedText(limit)
        self._limit = min(LINE_LIMIT, limit // 8)
        self._line: list[str] = []
        self._line_size = 0
        # Where the next letter goes in the open line; None: at its end.
        self._at: int | None = None

    def add(self, text: str) -> int:
        """Append `text`; return by how much the entry grew."""
        before = self.size
        if self._at is None and "\r" not in text and "\b" not in text:
            self._append(text)
        else:
            self._overwrite(text)
        self.size = self._text.size + self._line_size
        self.dropped = self._text.dropped
        return self.size - before

    def _append(self, text: str) -> None:
        end = text.rfind("\n") + 1
        if end:
            self._text.add("".join((*self._line, text[:end])))
            self._line, self._line_size = [], 0
            text = text[end:]
        if text:
            self._line.append(text)
            self._line_size += byte_length(text)
            if self._line_size > self._limit:
                self._text.add("".join(self._line))
                self._line, self._line_size = [], 0

    def _overwrite(self, text: str) -> None:
        done, line, at = overwritten("".join(self._line), self._at, text, self._limit)
        if done:
            self._text.add(done)
        self._line, self._line_size = [line], byte_length(line)
        self._at = at if at < len(line) else None

    def finish(self) -> dict[str, Any]:
        """Return the output, its text in one piece."""
        text = self._text.finish() + "".join(self._line)
        self.dropped = self._text.dropped
        output = {"output_type": "stream", "name": self.name, "text": printable(text)}
        return _noted(output, self.dropped)


class Bundle(Entry):
    """A value in several MIME types; a snapshot, since JSON values may change."""

    __slots__ = ("_data", "_metadata", "execution_count", "frame", "is_foreign", "kind")

    def __init__(
        self,
        kind: str,
        data: Mapping[str, Any],
        metadata: Mapping[str, Any] | None,
        limit: int,
    ) -> None:
        super().__init__()
        self.kind = kind
        self.execution_count: int | None = None
        # The head of the table that it shows; and whether it was shown in the place
        # of another cell's display.
        self.frame: FrameHead | None = None
        self.is_foreign = False
        self._metadata = _json_text(dict(metadata or {}))
        self._data: dict[str, str] = {}
        texts = {str(mime): _mime_text(str(mime), data[mime]) for mime in data}
        # The small ones first: they say most for their bytes.
        kept = {}
        for mime in sorted(texts, key=lambda name: len(texts[name])):
            kept[mime] = self._fit(mime, texts[mime], limit - self.size)
        self._data = {mime: kept[mime] for mime in texts if kept[mime] is not None}

    def _fit(self, mime: str, text: str, room: int) -> Any:
        size = byte_length(text)
        if size > room:
            if mime != "text/plain":
                # Half an image or half a table's HTML is nothing.
                self.dropped += size
                return None
            cut = BoundedText(max(room, 0))
            cut.add(text)
            text = cut.finish()
            self.dropped += cut.dropped
        self.size += byte_length(text)
        return text

    def finish(self) -> dict[str, Any]:
        """Return the output, its JSON values as values again."""
        data = {
            mime: _from_json(text) if is_json_mime(mime) else text
            for mime, text in self._data.items()
        }
        if self.dropped and not data:
            data["text/plain"] = f"[{self.dropped} bytes are not kept]"
        output = {
            "output_type": self.kind,
            "data": data,
            "metadata": _from_json(self._metadata),
        }
        if self.kind == "execute_result":
            output["execution_count"] = self.execution_count
        if self.is_foreign:
            output["metadata"][NOTE] = {"updates": str(self.display_id)}
        return _noted(output, self.dropped)


class Failure(Entry):
    """The exception that ended the cell."""

    __slots__ = ("_ename", "_evalue", "_traceback")

    def __init__(
        self, ename: str, evalue: str, traceback: list[str], limit: int
    ) -> None:
        super().__init__()
        self._ename = str(ename)
        self._evalue = self._cut(str(evalue), limit // 4)
        self._traceback = [str(line) for line in traceback]
        room = limit - limit // 4
        if sum(map(byte_length, self._traceback)) > room:
            self._traceback = [self._cut("\n".join(self._traceback), room)]
        self.size = byte_length(self._evalue) + sum(map(byte_length, self._traceback))

    def _cut(self, text: str, limit: int) -> str:
        bounded = BoundedText(limit)
        bounded.add(text)
        text = bounded.finish()
        self.dropped += bounded.dropped
        return text

    def finish(self) -> dict[str, Any]:
        """Return the output."""
        output = {
            "output_type": "error",
            "ename": printable(self._ename),
            "evalue": printable(self._evalue),
            "traceback": [printable(line) for line in self._traceback],
        }
        return _noted(output, self.dropped)


class Gap(Entry):
    """Stands where whole outputs were left out."""

    __slots__ = ("_count",)

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def take(self, entry: Entry) -> None:
        """Count `entry` as left out."""
        self._count += 1
        self.dropped += entry.size + entry.dropped

    def finish(self) -> dict[str, Any]:
        """Return the words that stand in the place."""
        text = f"[{self._count} outputs, {self.dropped} bytes, are not kept]"
        note = {"dropped_bytes": self.dropped, "dropped_outputs": self._count}
        return {
            "output_type": "display_data",
            "data": {"text/plain": text},
            "metadata": {NOTE: note},
        }


def printable(text: str) -> str:
    """Write lone surrogates, which no file can hold, as escapes."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _noted(output: dict[str, Any], dropped: int) -> dict[str, Any]:
    if dropped:
        note = output.setdefault("metadata", {}).setdefault(NOTE, {})
        note["dropped_bytes"] = dropped
    return output


def _mime_text(mime: str, value: Any) -> str:
    """Bring a MIME value into the text that is kept: nbformat's own, or JSON."""
    if is_json_mime(mime):
        return _json_text(value)
    if isinstance(value, bytes | bytearray | memoryview):
        if mime.startswith("text/") or mime.endswith("+xml"):
            return bytes(value).decode("utf-8", "replace")
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, list | tuple) and all(isinstance(line, str) for line in value):
        value = "".join(value)
    if not isinstance(value, str):
        value = _json_text(value)
    if is_binary_mime(mime):
        # Some writers wrap their base64: one form for all.
        return "".join(value.split())
    return printable(value)


def _json_text(value: Any) -> str:
    try:
        return json.dumps(value, default=str, skipkeys=True)
    except (ValueError, RecursionError):
        # It holds itself.
        return json.dumps(repr(value))


def _from_json(text: str) -> Any:
    # JSON has no NaN; browsers show null in its place.
    return json.loads(text, parse_constant=lambda _: None)
