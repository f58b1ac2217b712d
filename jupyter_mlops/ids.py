"""Identifiers: how runs and writers are named, and nothing about what they hold."""

from __future__ import annotations

import os
import re
import threading
import time
from typing import NewType

RunId = NewType("RunId", str)
WriterId = NewType("WriterId", str)
Digest = NewType("Digest", str)

RUN_ID_LENGTH = 26
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RUN_ID = re.compile(rf"[0-7][{_ALPHABET}]{{25}}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_RANDOM_BITS = 80

_lock = threading.Lock()
_last = 0


def new_run_id() -> RunId:
    """Make a run id: a ULID in lower case, so that ids sort by time.

    48 bits of milliseconds and 80 random bits, in Crockford's base 32
    (https://github.com/ulid/spec). Ids made by one process always increase,
    also within a millisecond and when the clock is set back.
    """
    global _last  # noqa: PLW0603 - one clock a process, under its lock
    fresh = time.time_ns() // 1_000_000 << _RANDOM_BITS
    fresh |= int.from_bytes(os.urandom(_RANDOM_BITS // 8), "big")
    with _lock:
        if fresh <= _last:
            # Keep some randomness apart from the last id: a forked twin that
            # counts on from the same number must not meet it.
            fresh = _last + 1 + int.from_bytes(os.urandom(4), "big")
        _last = fresh
    return RunId(_base32(fresh, RUN_ID_LENGTH))


def new_writer_id() -> WriterId:
    """Make the name of one process's journal within a run."""
    return WriterId(f"{os.getpid()}-{os.urandom(4).hex()}")


def is_run_id(text: str) -> bool:
    """Tell whether `text` has the form of a run id."""
    return _RUN_ID.fullmatch(text) is not None


def is_digest(text: str) -> bool:
    """Tell whether `text` has the form of a sha256 in hexadecimal."""
    return _DIGEST.fullmatch(text) is not None


def run_id_prefix(text: str) -> str:
    """Bring what a person typed into the form of ids: ``O`` is 0, ``I`` is 1."""
    return text.strip().lower().translate(str.maketrans("oil", "011"))


def _base32(number: int, length: int) -> str:
    letters = []
    for _ in range(length):
        letters.append(_ALPHABET[number & 31])
        number >>= 5
    return "".join(reversed(letters))
