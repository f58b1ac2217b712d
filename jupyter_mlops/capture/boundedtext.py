"""Text that may grow without end while only its start and its end are kept."""

from __future__ import annotations

_PIECES = 10_000
"""Small pieces are joined now and then: each costs more than its characters."""


def byte_length(text: str) -> int:
    """Count the bytes of `text` in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


class BoundedText:
    """Collects text up to about twice `limit` bytes, then drops its middle.

    Adding costs the same however much came before.
    """

    __slots__ = ("_head", "_limit", "_pieces", "_size", "dropped")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._head: str | None = None
        self._pieces: list[str] = []
        self._size = 0
        self.dropped = 0

    def add(self, text: str) -> int:
        """Append `text`; return by how much what is kept grew, in bytes."""
        before = self._size
        self._pieces.append(text)
        self._size += byte_length(text)
        if self._size > 2 * self._limit:
            self._trim()
        elif len(self._pieces) > _PIECES:
            self._pieces = ["".join(self._pieces)]
        return self._size - before

    @property
    def size(self) -> int:
        """Bytes held now."""
        return self._size

    def finish(self) -> str:
        """Return what is kept, with a line where something is missing."""
        if self._size > self._limit:
            self._trim()
        tail = "".join(self._pieces)
        if self._head is None:
            return tail
        return f"{self._head}\n[… {self.dropped} bytes are not kept …]\n{tail}"

    def _trim(self) -> None:
        data = "".join(self._pieces).encode("utf-8", "surrogatepass")
        if self._head is None:
            head, data = _split(data, self._limit // 2)
            self._head = head.decode("utf-8", "surrogatepass")
        cut, tail = _split(data, len(data) - (self._limit - self._limit // 2))
        self.dropped += len(cut)
        self._pieces = [tail.decode("utf-8", "surrogatepass")]
        self._size = byte_length(self._head) + len(tail)


def _split(data: bytes, at: int) -> tuple[bytes, bytes]:
    """Cut UTF-8 at or before `at`, never within a character."""
    at = max(at, 0)
    while 0 < at < len(data) and data[at] & 0xC0 == 0x80:  # noqa: PLR2004 - a continuation byte
        at -= 1
    return data[:at], data[at:]
