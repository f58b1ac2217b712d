"""A run beside another one, and one thing that differs between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.inlining import internalise
from jupyter_mlops.tracking.displayed import ShownFrame, shown_frames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_mlops.records import ArtifactRecord, CellRecord, JsonValue
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.tracking.recorded import RecordedRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as it was.

    Attributes
    ----------
    kind : str
        ``status``, ``error``, ``param``, ``metric``, ``cell``, ``output``,
        ``artifact``, ``model`` or ``run`` (one begun within).
    name : str
        Which one; empty where there is only one.
    change : str
        What differs, and by how much.
    recorded, rerun : JSON value
        Both sides of a param or the last values of a metric.
    """

    kind: str
    name: str
    change: str
    recorded: JsonValue = None
    rerun: JsonValue = None

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.change}".replace(" :", ":")


@dataclass(frozen=True, slots=True)
class RunSide:
    """A run, and the blobs in which it is kept."""

    run: RecordedRun
    blobs: Blobs

    def outputs(self, cell: CellRecord) -> list[dict[str, Any]]:
        """Return what a cell showed, whole."""
        return internalise(list(cell.outputs), self.blobs.get_bytes)  # type: ignore[arg-type]  # digests, read from records

    def frames(self) -> dict[tuple[int, int], ShownFrame]:
        """Return the tables that its cells showed, by cell and place of the output."""
        found = shown_frames(self.run.observations, self.blobs.get_bytes)
        return {(frame.cell, frame.output): frame for frame in found}

    def files(self, artifact: ArtifactRecord) -> dict[str, bytes]:
        """Return the bytes of an artifact's files, by path."""
        if not artifact.is_folder:
            return {"": self.blobs.get_bytes(artifact.digest)}
        entries = self.blobs.files(artifact.digest)
        return {entry.path: self.blobs.get_bytes(entry.digest) for entry in entries}

    def children(self) -> list[RunSide]:
        """Return the runs begun within it."""
        return [RunSide(child, self.blobs) for child in self.run.children]


def missing(
    kind: str, then: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[Difference]:
    """Tell what only one of two runs has."""
    for name in sorted(then.keys() ^ now.keys()):
        change = "only then, not now" if name in then else "only now, not then"
        yield Difference(kind=kind, name=name, change=change)
