"""What two runs showed and which pictures they keep, as far as a page can hold it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.inlining import internalise
from jupyter_mlops.errors import StoreError
from jupyter_mlops.ids import Digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jupyter_mlops.records import ArtifactRecord
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.tracking.datadiff import ArtifactChange
    from jupyter_mlops.tracking.outputdiff import OutputChange
    from jupyter_mlops.tracking.recorded import RecordedRun

_ONE = 2_000_000
_ALL = 12_000_000
"""Bytes of one value, and of all that are shown of two runs."""
_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "svg": "image/svg+xml",
}
_FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; `data` is None where it is too large, or gone."""

    mime: str
    size: int
    data: bytes | None


@dataclass(frozen=True, slots=True)
class PicturePair:
    """Two pictures of one name."""

    name: str
    before: Picture
    after: Picture


@dataclass(frozen=True, slots=True)
class ShownPair:
    """Two outputs as nbformat has them, None where a run has none.

    Attributes
    ----------
    omitted : tuple of str
        MIME types of values that are too long to be shown here.
    """

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    omitted: tuple[str, ...] = ()


@dataclass(slots=True)
class Shows:
    """Fetches what was shown, until there is no more room."""

    before: RecordedRun
    after: RecordedRun
    blobs: Blobs
    _room: int = field(default=_ALL, init=False)

    def outputs(self, change: OutputChange) -> ShownPair:
        """Return both outputs of a change."""
        omitted: set[str] = set()
        old, new = (
            self._output(run, cell, number, omitted)
            for run, cell, number in (
                (self.before, change.cell_before, change.output_before),
                (self.after, change.cell_after, change.output_after),
            )
        )
        return ShownPair(old, new, tuple(sorted(omitted)))

    def pictures(self, changes: Iterable[ArtifactChange]) -> Sequence[PicturePair]:
        """Return the pictures among artifacts that changed."""
        found = []
        for change in changes:
            sides = [self._picture(record) for record in (change.before, change.after)]
            if sides[0] is not None and sides[1] is not None:
                found.append(PicturePair(change.name, sides[0], sides[1]))
        return found

    def _output(
        self, run: RecordedRun, position: int, number: int | None, omitted: set[str]
    ) -> dict[str, Any] | None:
        cells = (cell.outputs for cell in run.cells if cell.position == position)
        outputs = next(cells, [])
        if number is None or number >= len(outputs):
            return None
        output = dict(outputs[number])
        if isinstance(output.get("data"), dict):
            output["data"] = {
                mime: value
                for mime, value in output["data"].items()
                if self._fits(value, mime, omitted)
            }
        elif not self._fits(output.get("text"), "text/plain", omitted):
            output["text"] = ""
        try:
            (found,) = internalise([output], self._get)
        except StoreError:
            omitted.add("output")
            return None
        return found

    def _get(self, digest: str) -> bytes:
        return self.blobs.get_bytes(Digest(digest))

    def _fits(self, value: Any, mime: str, omitted: set[str]) -> bool:
        size = value.get("size") if isinstance(value, dict) else None
        if not isinstance(size, int):
            # What is no reference is short.
            return True
        if size > min(_ONE, self._room):
            omitted.add(mime)
            return False
        self._room -= size
        return True

    def _picture(self, record: ArtifactRecord | None) -> Picture | None:
        if record is None:
            return None
        name = str(record.meta.get("file") or record.name)
        digest: Digest | None = record.digest
        size = record.size
        if record.is_folder:
            if record.format != _FIGURE:
                return None
            name = f"{record.meta.get('stem')}.png"
            digest, size = self._inner(record.digest, name)
        mime = _TYPES.get(name.rpartition(".")[2].lower())
        if mime is None:
            return None
        if digest is None or size > min(_ONE, self._room):
            return Picture(mime, size, None)
        try:
            data = self.blobs.get_bytes(digest)
        except StoreError:
            return Picture(mime, size, None)
        self._room -= len(data)
        return Picture(mime, size, data)

    def _inner(self, folder: Digest, name: str) -> tuple[Digest | None, int]:
        try:
            files = self.blobs.files(folder)
        except StoreError:
            return None, 0
        entry = next((one for one in files if one.path == name), None)
        return (None, 0) if entry is None else (entry.digest, entry.size)
