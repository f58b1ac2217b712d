"""A model from a place: every byte is checked before any of it is taken over."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.errors import (
    BlobCorruptError,
    HistoryConflictError,
    MlopsError,
    RemoteError,
)
from jupyter_mlops.interop.publication import (
    blob_name,
    read_history,
    read_part,
)
from jupyter_mlops.registry.adoption import (
    ForeignHistory,
    Relation,
    adopt,
    compare,
    whole_lines,
)
from jupyter_mlops.registry.binding import binding_from
from jupyter_mlops.registry.chain import alone
from jupyter_mlops.store import events
from jupyter_mlops.store.journal import ring
from jupyter_mlops.store.placing import placed_file
from jupyter_mlops.store.references import Need, needs_of

if TYPE_CHECKING:
    from jupyter_mlops.ids import Digest, RunId
    from jupyter_mlops.interop.places import Place
    from jupyter_mlops.interop.publication import Publication
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.store.store import Store


@dataclass(slots=True, kw_only=True)
class Pulled:
    """What was brought here.

    Attributes
    ----------
    versions : tuple of int
        Those whose files are here now.
    without_files : tuple of int
        Those that the history names, but whose files were not at the place.
    events : int
        How many the history here has now more than before.
    """

    model: str
    relation: Relation
    versions: tuple[int, ...] = ()
    without_files: tuple[int, ...] = ()
    events: int = 0
    runs: int = 0
    blobs: int = 0
    missing: list[Digest] = field(default_factory=list)


def pull(store: Store, place: Place, found: Publication) -> Pulled:
    """Bring a published model here, with its history and runs.

    Nothing shows before all of it is here: the history comes last.

    Raises
    ------
    ChainBrokenError, RemoteError, BlobCorruptError
        When something there is not what was published.
    HistoryConflictError
        When there is another history of this model, or run, here.
    """
    data = read_history(place, found)
    theirs = ForeignHistory.read(found.model, data, place.where)
    path = store.layout.model_chain(found.model)
    ours = whole_lines(path)
    relation = compare(ours, theirs, place.where)
    every = theirs.state.versions()
    chosen = [version for version in every if version.version in set(found.versions)]
    fetch = _Fetch(store, place)
    for version in chosen:
        fetch.version(version)
    told = Pulled(model=found.model, relation=relation)
    path.parent.mkdir(parents=True, exist_ok=True)
    for run, files in found.journals.items():
        parts = {
            name: read_part(place, found.journal_name(run, name), part)
            for name, part in files.items()
        }
        fetch.run_blobs(run, parts)
        # Of two that pull at once, the one with less must not write over the other's.
        with alone(path):
            told.runs += _keep_journals(store, run, parts, place.where)
    adopt(path, theirs, place.where, lambda: store.blobs.settle(fetch.digests))
    told.versions = tuple(version.version for version in chosen)
    lacking = [v for v in every if not _has_files(store, v)]
    told.without_files = tuple(version.version for version in lacking)
    if relation is Relation.AHEAD:
        told.events = data.count(b"\n") - ours.count(b"\n")
    told.blobs, told.missing = fetch.count, fetch.missing
    return told


class _Fetch:
    """Blobs that are brought here, each checked against its name."""

    def __init__(self, store: Store, place: Place) -> None:
        self._store = store
        self._place = place
        self.digests: list[Digest] = []
        self.missing: list[Digest] = []
        self.count = 0

    def version(self, version: VersionRecord) -> None:
        """Bring everything that a version binds."""
        from jupyter_mlops.registry.binding import check_binding

        self.blob(version.digest)
        check_binding(version, self._store.blobs)
        self.folder(version.files)
        for digest in binding_from(version).parts.values():
            self.blob(digest)

    def folder(self, digest: Digest) -> None:
        """Bring a folder: its list, then the files on it."""
        self.blob(digest)
        # Every path on it is checked when it is read.
        for entry in self._store.blobs.files(digest):
            self.blob(entry.digest)

    def run_blobs(self, run: RunId, journals: dict[str, bytes]) -> None:
        """Bring what a run's journals refer to, as far as it is there."""
        for name, data in journals.items():
            for line in data.splitlines():
                if not line.strip():
                    continue
                try:
                    needed = list(needs_of(events.load(line)))
                except ValueError as error:
                    raise RemoteError(
                        f"The journal {name} of run {run} at {self._place.where} "
                        f"holds a line that is no event. Nothing was taken over.",
                        name=name,
                        where=self._place.where,
                    ) from error
                for need in needed:
                    self._if_there(need)

    def _if_there(self, need: Need) -> None:
        try:
            (self.folder if need.is_folder else self.blob)(need.digest)
        except RemoteError as error:
            if not getattr(error, "is_gone", False):
                raise
            self.missing.append(need.digest)

    def blob(self, digest: Digest) -> None:
        """Bring one blob, unless it is here.

        Raises
        ------
        RemoteError
            When it is not there.
        BlobCorruptError
            When its bytes are others.
        """
        if self._store.blobs.exists(digest):
            return
        with tempfile.TemporaryDirectory(
            prefix=".pull-", dir=self._store.layout.folder
        ) as folder:
            path = Path(folder) / "blob"
            self._download(digest, path)
            self._store.blobs.take_file(path)
        self.digests.append(digest)
        self.count += 1

    def _download(self, digest: Digest, path: Path) -> None:
        hasher = hashlib.sha256()
        where = self._place.where
        try:
            with path.open("wb") as file:
                for piece in self._place.pieces(blob_name(digest)):
                    hasher.update(piece)
                    file.write(piece)
        except FileNotFoundError as error:
            raise RemoteError(
                f"Blob {digest} is not at {where}: what was published is incomplete. "
                f"Publish it again.",
                digest=digest,
                where=where,
                is_gone=True,
            ) from error
        if hasher.hexdigest() != digest:
            raise BlobCorruptError(
                f"Blob {digest} at {where} is damaged: its bytes have the digest "
                f"{hasher.hexdigest()}. It was not taken over; publish it again.",
                digest=digest,
                found=hasher.hexdigest(),
                path=where,
            )


def _keep_journals(
    store: Store, run: RunId, journals: dict[str, bytes], where: str
) -> int:
    """Put a run's journals here; return 1 when that brought anything."""
    folder = store.layout.journal_folder(run)
    is_new = 0
    for name, data in journals.items():
        path = folder / name
        ours = path.read_bytes() if path.is_file() else b""
        if ours.startswith(data):
            continue
        if not data.startswith(ours):
            raise HistoryConflictError(
                f"Run {run} is here and at {where}, but its journal {name} differs. "
                f"They cannot be one; take another workspace.",
                run_id=run,
                where=where,
            )
        folder.mkdir(parents=True, exist_ok=True)
        with placed_file(path) as beside:
            beside.write_bytes(data)
        is_new = 1
    if is_new:
        ring(store.layout, run)
    return is_new


def _has_files(store: Store, version: VersionRecord) -> bool:
    try:
        files = store.blobs.files(version.files)
    except MlopsError:
        return False
    return all(store.blobs.exists(entry.digest) for entry in files)
