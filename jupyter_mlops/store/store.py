"""The parts of one workspace's store, bundled: whoever records or reads gets these."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jupyter_mlops.store.durability import Flusher
from jupyter_mlops.store.journal import JournalWriter

if TYPE_CHECKING:
    from jupyter_mlops.ids import Digest, RunId
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
        )

    def close(self) -> None:
        """Let go of the index, if it was opened."""
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
