"""What is said of a run after its end: note, tags, that it is laid aside."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.values import check_key
from jupyter_mlops.store import events
from jupyter_mlops.tracking.badges import ARCHIVED
from jupyter_mlops.tracking.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jupyter_mlops.records import RunRecord
    from jupyter_mlops.store.store import Store
    from jupyter_mlops.tracking.objects import ObjectFormats


class Afterwords:
    """Adds to a recorded run, through a journal of its own.

    What was read of the run before is not changed by it: read the run anew.
    """

    record: RunRecord
    _store: Store
    _formats: ObjectFormats

    @property
    def is_archived(self) -> bool:
        """Whether lists leave it out."""
        return ARCHIVED in self.record.tags

    def set_tag(self, key: str, value: Any) -> None:
        """Set a tag, also after the run has ended."""
        self.set_tags({key: value})

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set several tags; all are checked first."""
        for key in tags:
            check_key(key, "tag")
        with self._joined() as run:
            run.set_tags(tags)

    def remove_tags(self, keys: Iterable[str]) -> None:
        """Take tags off; what is not there need not be."""
        lines = [events.encode_untag(check_key(key, "tag")) for key in keys]
        with self._joined() as run:
            run.take_over(b"".join(lines))

    def log_note(self, text: str) -> None:
        """Put a note on the run, also after it has ended; empty takes it off."""
        with self._joined() as run:
            run.log_note(text)

    def archive(self) -> None:
        """Lay the run aside: nothing is deleted, but lists leave it out."""
        self.set_tag(ARCHIVED, "archived")

    def restore(self) -> None:
        """Bring it back from where `archive` laid it."""
        self.remove_tags([ARCHIVED])

    @contextmanager
    def _joined(self) -> Iterator[Run]:
        run = Run.join(self._store, self._formats, self.record.run_id)
        try:
            yield run
        finally:
            run.end()
