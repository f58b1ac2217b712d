"""Digests of the files that runs read and wrote, computed once while unchanged."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict

from jupyter_mlops.ids import Digest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGE = 256_000_000
OWN_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY
"""How we open files: no plain file needs O_NOCTTY, so the watch knows us by it."""
_TICK = 100_000_000
_COARSE_TICK = 2_000_000_000
_WHOLE_SECOND = 1_000_000_000


Role = Literal["read", "written"]


class SeenFile(NamedTuple):
    """A file that was opened, and is still there.

    Attributes
    ----------
    path : str
        Absolute.
    role : str
        ``written`` when it was opened for writing at least once, else ``read``.
    """

    path: str
    role: Role


class FileEntry(TypedDict):
    """One file as a run's journal has it.

    ``path`` is relative within the project. ``digest`` is None when the file could
    not be read, or was changed meanwhile.
    """

    path: str
    role: Role
    digest: Digest | None
    size: int


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

    def known(self, identity: Identity) -> Digest | None:
        """Return the digest of an unchanged file, None when it must be read."""
        return self._digests.get(identity)

    def digest(self, path: str) -> Digest | None:
        """Return the file's sha256, None when it changes while it is read.

        Raises
        ------
        OSError
            When it cannot be read.
        """
        before = identity_of(path)
        known = self._digests.get(before)
        if known is not None:
            return known
        now = time.time_ns()
        found = _sha256(path)
        if identity_of(path) != before:
            return None
        is_coarse = before.modified % _WHOLE_SECOND == 0
        if now - before.modified > (_COARSE_TICK if is_coarse else _TICK):
            self._digests[before] = found
        return found


class FileDigests:
    """The files of a cell: those digested at once, and the large ones later.

    Attributes
    ----------
    ready : list of FileEntry
        What needed no waiting.
    """

    def __init__(self, ready: list[FileEntry]) -> None:
        self.ready = ready
        self._late: list[FileEntry] = []
        self._thread: threading.Thread | None = None

    @property
    def is_done(self) -> bool:
        """Whether `wait` returns at once."""
        return self._thread is None or not self._thread.is_alive()

    def wait(self, timeout: float | None = None) -> list[FileEntry]:
        """Return the entries of the large files, once they are all there.

        Raises
        ------
        TimeoutError
            When they are not after `timeout` seconds.
        """
        if self._thread is not None:
            self._thread.join(timeout)
            if self._thread.is_alive():
                raise TimeoutError(f"Still reading files after {timeout} s.")
        return self._late

    def begin(self, later: list[_Job], cache: DigestCache) -> None:
        """Digest `later` in a thread of its own."""
        self._thread = threading.Thread(
            target=self._run, args=(later, cache), name="mlops-digests", daemon=True
        )
        self._thread.start()

    def _run(self, later: list[_Job], cache: DigestCache) -> None:
        for job in later:
            self._late.append(job.entry(cache))


class _Job(NamedTuple):
    path: str
    shown: str
    role: Role
    identity: Identity

    def entry(self, cache: DigestCache) -> FileEntry:
        try:
            # Between the cell's end and now, another cell may have changed it.
            is_same = identity_of(self.path) == self.identity
            digest = cache.digest(self.path) if is_same else None
        except OSError:
            digest = None
        return self.told(digest)

    def told(self, digest: Digest | None) -> FileEntry:
        return FileEntry(
            path=self.shown, role=self.role, digest=digest, size=self.identity.size
        )


def digest_files(
    seen: Iterable[SeenFile],
    project: Path | str,
    cache: DigestCache,
    *,
    limit: int = LARGE,
) -> FileDigests:
    """Digest the files that a cell opened.

    Parameters
    ----------
    seen : iterable of SeenFile
        What `FileWatch.stop` returned.
    project : Path or str
        Paths within it are told relative to it.
    cache : DigestCache
        Kept by the caller from cell to cell.
    limit : int
        Bytes read at once, all files together; the rest is left to a thread.
    """
    ready: list[FileEntry] = []
    later: list[_Job] = []
    room = limit
    bases = _bases(project)
    for file in seen:
        try:
            identity = identity_of(file.path)
        except OSError:
            continue
        job = _Job(file.path, _relative(file.path, bases), file.role, identity)
        known = cache.known(identity)
        if known is not None:
            ready.append(job.told(known))
        elif identity.size > room:
            later.append(job)
        else:
            room -= identity.size
            ready.append(job.entry(cache))
    found = FileDigests(ready)
    if later:
        found.begin(later, cache)
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


def _sha256(path: str) -> Digest:
    with os.fdopen(os.open(path, OWN_FLAGS), "rb", buffering=0) as file:
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())


def _bases(project: Path | str) -> tuple[str, ...]:
    given = os.path.abspath(project)  # noqa: PTH100 - resolve() would follow a user's links
    # The working directory is told without links, however it was reached.
    return tuple(dict.fromkeys((f"{given}/", f"{os.path.realpath(given)}/")))


def _relative(path: str, bases: tuple[str, ...]) -> str:
    for base in bases:
        if path.startswith(base):
            return path[len(base) :]
    return path
