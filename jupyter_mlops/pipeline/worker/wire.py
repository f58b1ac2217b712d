"""Frames between the processes: a head in JSON and parts in bytes, with lengths.

Standard library only: every side imports this.
"""

from __future__ import annotations

import array
import json
import os
import socket
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COUNT = struct.Struct("!I")
_LENGTH = struct.Struct("!Q")
_MOST_PARTS = 1 << 20
_encoded = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: a head of plain values, and bytes."""

    head: dict[str, Any]
    parts: list[bytes]


def frame_bytes(
    head: dict[str, Any], parts: Sequence[bytes | memoryview] = ()
) -> bytes:
    """Write a frame."""
    first = _encoded(head).encode()
    every = [memoryview(part).cast("B") for part in (first, *parts)]
    lengths = [_LENGTH.pack(len(part)) for part in every]
    return b"".join([_COUNT.pack(len(every)), *lengths, *every])


class FrameReader:
    """Puts frames together from bytes as they come."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> None:
        """Take further bytes."""
        self._held += data

    def __iter__(self) -> Iterator[Frame]:
        while (frame := self._next()) is not None:
            yield frame

    def _next(self) -> Frame | None:
        held = self._held
        if len(held) < _COUNT.size:
            return None
        (count,) = _COUNT.unpack_from(held)
        if not 0 < count <= _MOST_PARTS:
            raise ValueError("bytes that are no frame")
        start = _COUNT.size + count * _LENGTH.size
        if len(held) < start:
            return None
        lengths = [
            _LENGTH.unpack_from(held, _COUNT.size + number * _LENGTH.size)[0]
            for number in range(count)
        ]
        if len(held) < start + sum(lengths):
            return None
        parts = []
        for length in lengths:
            parts.append(bytes(held[start : start + length]))
            start += length
        del held[:start]
        return Frame(json.loads(parts[0].decode()), parts[1:])


def send_with_files(
    connection: socket.socket, head: dict[str, Any], files: Sequence[int]
) -> None:
    """Send a frame and file descriptors with it."""
    data = frame_bytes(head)
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))]
    sent = connection.sendmsg([data], rights)
    connection.sendall(data[sent:])


def receive_with_files(
    connection: socket.socket, count: int
) -> tuple[dict[str, Any], list[int]] | None:
    """Receive what `send_with_files` sent; None when the other end is gone.

    The file descriptors are the caller's to close.
    """
    reader = FrameReader()
    files: list[int] = []
    while True:
        data, more, _, _ = socket.recv_fds(connection, 1 << 16, count)
        files += more
        if not data:
            close_files(files)
            return None
        reader.feed(data)
        for frame in reader:
            return frame.head, files


def close_files(files: Sequence[int]) -> None:
    """Close file descriptors."""
    for number in files:
        os.close(number)
