"""Digests of files, computed once while a file is unchanged."""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from jupyter_mlops.ids import Digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import FileIO

_Text = TypeVar("_Text", bound=str)
OWN_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY
"""How we open files: no plain file needs O_NOCTTY, so the watch knows us by it."""
_TICK = 100_000_000
_COARSE_TICK = 2_000_000_000
_WHOLE_SECOND = 1_000_000_000


class Identity(NamedTuple):
    """What the file system says of a file, without reading it."""

    device: int
    inode: int
    size: int
    modified: int


class DigestCache:
    """Digests by what a file's entry in its folder says of it.

    A file that was changed only just now is not kept: it could be changed again
    within the same tick of the file system's clock, and look the same.
    """

    def __init__(self) -> None:
        self._digests: dict[Identity, Digest] = {}
        self._md5s: dict[Identity, str] = {}

    def known(self, identity: Identity) -> Digest | None:
        """Return the digest of an unchanged file, None when it must be read."""
        return self._digests.get(identity)

    def known_md5(self, identity: Identity) -> str | None:
        """Return the md5 of an unchanged file, None when it must be read."""
        return self._md5s.get(identity)

    def digest(self, path: str) -> Digest | None:
        """Return the file's sha256, None when it changes while it is read.

        Raises
        ------
        OSError
            When it cannot be read.
        """
        return self._kept(path, self._digests, _sha256)

    def md5(self, path: str) -> str | None:
        """Return the file's md5, which others know it by; else as `digest`."""
        return self._kept(path, self._md5s, _md5)

    def _kept(
        self, path: str, known: dict[Identity, _Text], read: Callable[[str], _Text]
    ) -> _Text | None:
        before = identity_of(path)
        if before in known:
            return known[before]
        now = time.time_ns()
        found = read(path)
        if identity_of(path) != before:
            return None
        is_coarse = before.modified % _WHOLE_SECOND == 0
        if now - before.modified > (_COARSE_TICK if is_coarse else _TICK):
            known[before] = found
        return found


def identity_of(path: str) -> Identity:
    """Look up what tells one state of a file from another.

    Raises
    ------
    OSError
        When there is no file.
    """
    found = os.stat(path)  # noqa: PTH116 - a text is what the watch gives
    return Identity(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def open_unseen(path: str) -> FileIO:
    """Open a file to read so that no watch takes it for the user's doing."""
    return os.fdopen(os.open(path, OWN_FLAGS), "rb", buffering=0)


def _sha256(path: str) -> Digest:
    with open_unseen(path) as file:
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())


def _md5(path: str) -> str:
    with open_unseen(path) as file:
        md5 = hashlib.md5(usedforsecurity=False)
        while block := file.read(1 << 20):
            md5.update(block)
        return md5.hexdigest()
