"""The files of a cell as its run's journal has them: at once, and later."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, NamedTuple

from jupyter_mlops.capture.files.digests import Identity, identity_of
from jupyter_mlops.capture.files.remoteversions import (
    has_all_details,
    remote_entries,
)
from jupyter_mlops.capture.files.seen import FileEntry, Role, SeenFile
from jupyter_mlops.capture.files.versions import RecordedVersions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from jupyter_mlops.capture.files.digests import DigestCache

LARGE = 256_000_000


class FileDigests:
    """The files of a cell: those told at once, and those that take longer.

    Attributes
    ----------
    ready : list of FileEntry
        What needed no waiting.
    """

    def __init__(self, ready: list[FileEntry]) -> None:
        self.ready = ready
        self._late: list[FileEntry] = []
        self._threads: list[threading.Thread] = []

    @property
    def is_done(self) -> bool:
        """Whether `wait` returns at once."""
        return not any(thread.is_alive() for thread in self._threads)

    def wait(self, timeout: float | None = None) -> list[FileEntry]:
        """Return the entries of large and of remote files, once all are there.

        Raises
        ------
        TimeoutError
            When they are not after `timeout` seconds.
        """
        for thread in self._threads:
            thread.join(timeout)
            if thread.is_alive():
                raise TimeoutError(f"Still reading files after {timeout} s.")
        return self._late

    def begin(self, work: Callable[[], list[FileEntry]]) -> None:
        """Make entries in a thread of its own."""
        thread = threading.Thread(
            target=lambda: self._late.extend(work()), name="mlops-digests", daemon=True
        )
        self._threads.append(thread)
        thread.start()


class _Job(NamedTuple):
    path: str
    shown: str
    role: Role
    identity: Identity
    cache: DigestCache
    versions: RecordedVersions

    @property
    def is_known(self) -> bool:
        known = self.cache.known(self.identity)
        return known is not None and not self.versions.must_read(
            self.path, self.identity
        )

    def entry(self) -> FileEntry:
        digest = version = None
        try:
            # Between the cell's end and now, another cell may have changed it.
            if identity_of(self.path) == self.identity:
                digest = self.cache.digest(self.path)
            if digest is not None:
                version = self.versions.version(
                    self.path, self.role, self.identity, digest
                )
        except OSError:
            pass
        return FileEntry(
            path=self.shown,
            role=self.role,
            digest=digest,
            size=self.identity.size,
            version=version,
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
        Bytes read at once, all files together; the rest is left to a thread, as are
        remote files.
    """
    later: list[_Job] = []
    remote: list[SeenFile] = []
    room = limit
    bases = _bases(project)
    versions = RecordedVersions(cache)
    found = FileDigests([])
    for file in seen:
        if file.remote is not None:
            remote.append(file)
            continue
        try:
            identity = identity_of(file.path)
        except OSError:
            continue
        shown = _relative(file.path, bases)
        job = _Job(file.path, shown, file.role, identity, cache, versions)
        if job.is_known:
            found.ready.append(job.entry())
        elif identity.size > room:
            later.append(job)
        else:
            room -= identity.size
            found.ready.append(job.entry())
    if has_all_details(remote):
        found.ready.extend(remote_entries(remote))
    else:
        found.begin(lambda: remote_entries(remote))
    if later:
        found.begin(lambda: [job.entry() for job in later])
    return found


def _bases(project: Path | str) -> tuple[str, ...]:
    given = os.path.abspath(project)  # noqa: PTH100 - resolve() would follow a user's links
    # The working directory is told without links, however it was reached.
    return tuple(dict.fromkeys((f"{given}/", f"{os.path.realpath(given)}/")))


def _relative(path: str, bases: tuple[str, ...]) -> str:
    for base in bases:
        if path.startswith(base):
            return path[len(base) :]
    return path
