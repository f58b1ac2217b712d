"""The parts of one workspace's store, bundled: whoever records or reads gets these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jupyter_mlops.store.durability import Flusher
from jupyter_mlops.store.journal import JournalWriter

if TYPE_CHECKING:
    from jupyter_mlops.ids import RunId
    from jupyter_mlops.settings import Settings
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.store.index import Index
    from jupyter_mlops.store.layout import Layout


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

    def journal(self, run_id: RunId, *, joins: bool = False) -> JournalWriter:
        """Make this process's writer for a run; its first line makes the file."""
        return JournalWriter(self.layout, run_id, self.flusher, joins=joins)
