"""Bytes, kept as they are."""

from __future__ import annotations

from typing import Any

NAME = "bytes"
SUFFIX = ".bin"


def matches(value: Any) -> bool:
    """Take bytes."""
    return isinstance(value, bytes | bytearray)


def to_bytes(value: Any) -> bytes:
    """Take the bytes as they are."""
    return bytes(value)


def from_bytes(data: bytes) -> bytes:
    """Give the bytes back."""
    return data
