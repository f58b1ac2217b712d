"""Text, kept as a file to read."""

from __future__ import annotations

from typing import Any

NAME = "text"
SUFFIX = ".txt"


def matches(value: Any) -> bool:
    """Take text."""
    return isinstance(value, str)


def to_bytes(value: Any) -> bytes:
    """Write UTF-8; lone surrogates, which file names bring, survive."""
    return bytes(value.encode("utf-8", "surrogatepass"))


def from_bytes(data: bytes) -> str:
    """Read the text back."""
    return data.decode("utf-8", "surrogatepass")
