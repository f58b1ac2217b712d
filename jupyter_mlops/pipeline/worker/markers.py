"""Markers in a pipe of text, and taking them out again. Standard library only."""

from __future__ import annotations

import codecs
from collections import deque

_DIGITS = 12
TOKEN_BYTES = 18


def marker(token: bytes, number: int) -> bytes:
    """Return the bytes that stand for message `number`; a pipe takes them whole."""
    return token + b"%0*d" % (_DIGITS, number)


class MarkedText:
    """Takes the bytes of a pipe apart into text and markers.

    Attributes
    ----------
    items : deque of str or int
        Text, and numbers of messages, as they came.
    """

    def __init__(self, token: bytes) -> None:
        self.items: deque[str | int] = deque()
        self._token = token
        self._held = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data: bytes) -> None:
        """Take further bytes."""
        data = self._held + data
        start = 0
        while (found := data.find(self._token, start)) >= 0:
            end = found + len(self._token) + _DIGITS
            if end > len(data):
                break
            self._add(data[start:found])
            self.items.append(int(data[found + len(self._token) : end]))
            start = end
        else:
            found = self._tail(data, start)
        self._add(data[start:found])
        self._held = data[found:]

    def finish(self) -> None:
        """Take what was held back for text, since nothing follows."""
        held, self._held = self._held, b""
        if text := self._decoder.decode(held, final=True):
            self.items.append(text)

    def _add(self, data: bytes) -> None:
        if data and (text := self._decoder.decode(data)):
            self.items.append(text)

    def _tail(self, data: bytes, start: int) -> int:
        """Say where the beginning of a marker may be at the end."""
        first = self._token[:1]
        at = data.find(first, max(start, len(data) - len(self._token) + 1))
        while at >= 0:
            if self._token.startswith(data[at:]):
                return at
            at = data.find(first, at + 1)
        return len(data)
