"""Files that go to a cluster and come back: by a URL that all reach, or with a job."""

from __future__ import annotations

import platform
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops import errors
from jupyter_mlops.ids import Digest
from jupyter_mlops.pipeline.limits.memory import amount
from jupyter_mlops.store import manifest
from jupyter_mlops.store.blobs import Blobs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_BYTES = 32_000_000
"""What goes through the scheduler with one job, in each direction."""
_BLOBS = ".mlops/blobs/sha256/"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file or folder of a project.

    Attributes
    ----------
    path : str
        Relative to the project.
    digest : str
        Under which its bytes, or a folder's list of files, are in the parcel.
    """

    path: str
    digest: str
    is_folder: bool = False


@dataclass(kw_only=True)
class Parcel:
    """Bytes under their digests.

    Attributes
    ----------
    via : str
        An fsspec URL that keeps them; empty: they are in `held`.
    held : dict
        Bytes by digest.
    entries : list of Entry
        Where they belong.
    """

    via: str = ""
    held: dict[str, bytes] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def add(self, root: Path, paths: Iterable[Path]) -> None:
        """Put files and folders of a project in.

        Raises
        ------
        ClusterError
            When one lies outside of it, or they are too many bytes for the scheduler.
        """
        wanted = list(dict.fromkeys(paths))
        for path in wanted:
            if not path.is_relative_to(root):
                raise errors.ClusterError(
                    f"{path} cannot go to the cluster: it lies outside of {root}. Put "
                    f"it into the project, or have the notebook read it by a URL.",
                    path=str(path),
                )
        if not self.via:
            _check_size({str(path.relative_to(root)): _size(path) for path in wanted})
        with self.box() as box:
            for path in wanted:
                is_folder = path.is_dir()
                stored = box.put_folder(path) if is_folder else box.put_file(path)
                shown = str(path.relative_to(root))
                self.entries.append(
                    Entry(path=shown, digest=stored.digest, is_folder=is_folder)
                )

    def add_blobs(self, blobs: Blobs, digests: Iterable[Digest]) -> None:
        """Put blobs of a store in; raises as `add`."""
        wanted = list(digests)
        if not self.via:
            _check_size({blobs.where(item): blobs.size(item) for item in wanted})
        with self.box() as box:
            for digest in wanted:
                if not box.exists(digest):
                    _copy(blobs, box, digest)

    def add_stored(self, blobs: Blobs, digests: Iterable[Digest]) -> None:
        """Put blobs in that are to be blobs there, too; raises as `add`."""
        wanted = list(digests)
        self.add_blobs(blobs, wanted)
        self.entries += [
            Entry(path=f"{_BLOBS}{item[:2]}/{item[2:]}", digest=item) for item in wanted
        ]

    @property
    def stored(self) -> set[str]:
        """The digests that were put in by `add_stored`."""
        return {entry.digest for entry in self.entries if entry.path.startswith(_BLOBS)}

    def unpack(self, root: Path) -> None:
        """Put all entries in their places below `root`.

        Raises
        ------
        ClusterError
            When the URL does not lead to them from here.
        """
        with self.box() as box:
            for entry in self.entries:
                target = root / manifest.checked_path(entry.path)
                target.parent.mkdir(parents=True, exist_ok=True)
                with self._explained():
                    if entry.is_folder:
                        box.restore_folder(Digest(entry.digest), target)
                    else:
                        box.restore_file(Digest(entry.digest), target)

    def hand_over(self, digests: Iterable[Digest], blobs: Blobs) -> None:
        """Put bytes into a store; raises as `unpack`."""
        with self.box() as box:
            for digest in digests:
                if not blobs.exists(digest):
                    with self._explained():
                        _copy(box, blobs, digest)

    @contextmanager
    def box(self) -> Iterator[Blobs]:
        """Lend the bytes as blobs; what is put in is in the parcel afterwards."""
        if self.via:
            yield Blobs(Path(), self.via)
            return
        with tempfile.TemporaryDirectory(prefix="mlops-parcel-") as folder:
            box = Blobs(Path(folder))
            for data in self.held.values():
                box.put_bytes(data, sync=False)
            yield box
            for digest in box.digests():
                if digest not in self.held:
                    self.held[digest] = box.get_bytes(digest)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except errors.BlobNotFoundError as error:
            raise errors.ClusterError(
                f"What was put at {self.via} is not there for {platform.node()}: name "
                f"a URL with '--via' that leads to one place from all machines.",
                via=self.via,
            ) from error


def _copy(source: Blobs, target: Blobs, digest: Digest) -> None:
    with tempfile.TemporaryDirectory(prefix="mlops-blob-") as folder:
        file = Path(folder) / digest
        source.restore_file(digest, file)
        target.put_file(file)


def _size(path: Path) -> int:
    if not path.is_dir():
        return path.stat().st_size
    return sum(file.stat().st_size for _, file in manifest.walk_folder(path))


def _check_size(sizes: dict[str, int]) -> None:
    total = sum(sizes.values())
    if total > MOST_BYTES:
        largest = max(sizes, key=lambda name: sizes[name])
        raise errors.ClusterError(
            f"{amount(total)} are to go through the cluster's scheduler, which gets "
            f"{amount(MOST_BYTES)} at most; the largest is {largest} with "
            f"{amount(sizes[largest])}. Name a place that all machines reach: "
            f"'--via s3://bucket/folder', or 'file:///shared/folder'.",
            size=total,
            limit=MOST_BYTES,
        )
