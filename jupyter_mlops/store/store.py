"""The parts of one workspace's store, bundled: whoever records or reads gets these."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.ids import Digest, is_digest
from jupyter_mlops.store.durability import Flusher
from jupyter_mlops.store.journal import JournalWriter

if TYPE_CHECKING:
    from jupyter_mlops.ids import RunId
    from jupyter_mlops.settings import Settings
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.store.index import Index
    from jupyter_mlops.store.layout import Layout


@dataclass(frozen=True)
class _FreshBlob:
    """A blob that is with the system, but not yet on the disk."""

    where: str

    def sync(self) -> None:
        # One that is kept elsewhere, by URL, is durable and opens nothing here.
        with contextlib.suppress(OSError):
            fd = os.open(self.where, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)


@dataclass
class Store:
    """Journals, blobs and index of one workspace.

    The index is made when it is first asked: a process that only records never
    imports a database.
    """

    layout: Layout
    settings: Settings

    @cached_property
    def flusher(self) -> Flusher:
        """What forces journals to disk."""
        return Flusher(self.settings.sync_seconds)

    @cached_property
    def blobs(self) -> Blobs:
        """The bytes kept under their digest."""
        from jupyter_mlops.store.blobs import Blobs

        return Blobs(self.layout.blobs, self.settings.blobs_url)

    @cached_property
    def index(self) -> Index:
        """The index over the journals; not yet brought up to date."""
        from jupyter_mlops.store.index import Index

        return Index(
            self.layout,
            self.settings.index_url,
            wait_seconds=self.settings.index_wait_seconds,
            peek=self._peek if self._has_blobs_here else None,
        )

    @property
    def room(self) -> str | None:
        """Where to write what the blobs are to take in; None: the system's own place.

        From another file system than theirs a file could only be copied in.
        """
        root = self.layout.blobs
        if not root.is_dir() or self.settings.blobs_url:
            return None
        is_near = root.stat().st_dev == Path(tempfile.gettempdir()).stat().st_dev
        return None if is_near else str(root)

    @property
    def _has_blobs_here(self) -> bool:
        """Whether blobs are files: elsewhere a look at each would be waited for."""
        url = self.settings.blobs_url
        return not url or url.startswith("file://")

    def _peek(self, digest: str, head: int, tail: int) -> str:
        """Return the beginning and the end of a blob's text; nothing of a lost one."""
        if not is_digest(digest):
            return ""
        try:
            with open(self.blobs.where(Digest(digest)), "rb") as file:  # noqa: PTH123 - read by the thousand
                found = file.read(head)
                end = file.seek(0, os.SEEK_END)
                if end > head:
                    file.seek(max(head, end - tail))
                    found += b"\n\xe2\x80\xa6\n" + file.read(tail)
        except OSError:
            return ""
        return found.decode("utf-8", "replace")

    def close(self) -> None:
        """Force to disk what is on its way, and let go of the index."""
        self.flusher.flush()
        index = self.__dict__.pop("index", None)
        if index is not None:
            index.close()

    def put_soon(self, data: bytes) -> Digest:
        """Store what was captured; it is forced to disk with the journals, not now.

        A cell must not wait for the disk once for each of its outputs.
        """
        digest = self.blobs.put_bytes(data, sync=False)
        self.flusher.mark(_FreshBlob(self.blobs.where(digest)))
        return digest

    def journal(self, run_id: RunId, *, joins: bool = False) -> JournalWriter:
        """Make this process's writer for a run; its first line makes the file."""
        return JournalWriter(self.layout, run_id, self.flusher, joins=joins)
