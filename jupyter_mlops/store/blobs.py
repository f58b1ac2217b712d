"""Blobs: bytes and folders kept under their sha256, checked whenever they are read.

Where the bytes lie is known to `BlobFolder` and `BlobRemote`; what they mean, to
nobody here.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol, cast

from jupyter_mlops import errors
from jupyter_mlops.ids import Digest, is_digest
from jupyter_mlops.store import manifest, placing, transfer
from jupyter_mlops.store.blob_folder import BlobFolder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from jupyter_mlops.store.manifest import ManifestEntry


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """What was stored: its name, and its bytes in all."""

    digest: Digest
    size: int


class BlobBackend(Protocol):
    """A place that keeps bytes under digests; it does not check them on reading."""

    def where(self, digest: Digest) -> str:
        """Say where a blob lies, for people."""

    def size(self, digest: Digest) -> int | None:
        """Return how many bytes are kept, None when none are."""

    def digests(self) -> Iterator[Digest]:
        """List what is kept, sorted."""

    def open(self, digest: Digest) -> BinaryIO:
        """Open a blob for reading, FileNotFoundError when there is none."""

    def put_bytes(
        self, digest: Digest, data: bytes | memoryview, *, sync: bool = True
    ) -> None:
        """Keep `data`, whose digest this is."""

    def put_file(self, path: Path) -> tuple[Digest, int]:
        """Keep the bytes of a file as they were at one reading of it."""

    def take_file(self, path: Path) -> tuple[Digest, int]:
        """Move a file in."""

    def copy_out(self, digest: Digest, target: int, path: Path) -> Digest:
        """Write a blob into an open file; return the digest of what it now holds."""

    def settle(self, digests: Iterable[Digest]) -> None:
        """Force the names of blobs to disk."""


class Blobs:
    """The blobs of a workspace.

    Parameters
    ----------
    root : Path
        The folder that keeps them; made when the first one is stored.
    url : str
        An fsspec URL that keeps them instead; ``file://`` is a folder, too.
    """

    def __init__(self, root: Path, url: str = "") -> None:
        self._backend = _backend(root, url)

    # --- storing ---------------------------------------------------------------------

    def put_bytes(self, data: bytes | memoryview, *, sync: bool = True) -> Digest:
        """Store `data`; what is there already is not written again.

        Parameters
        ----------
        data : bytes
            What to store.
        sync : bool
            Force it to disk before returning; without, the caller does so soon.

        Raises
        ------
        StoreWriteError
            When the disk does not take it; nothing half is left.
        WorkspaceReadOnlyError
            When this process may not write.
        """
        digest = transfer.hash_bytes(data)
        self._backend.put_bytes(digest, data, sync=sync)
        return digest

    def put_file(self, path: Path) -> StoredBlob:
        """Store a file's bytes, as they were at one reading of it.

        A file that changes meanwhile may be stored in a state between the two, but
        always under the digest of exactly what was stored.

        Raises
        ------
        InvalidInputError
            When there is no file at `path`, or it cannot be read.
        StoreWriteError, WorkspaceReadOnlyError
            As `put_bytes`.
        """
        return StoredBlob(*self._backend.put_file(path))

    def take_file(self, path: Path) -> StoredBlob:
        """Store a file that is ours and that nobody else writes; it is gone then.

        On the same file system it is renamed, not copied.
        """
        return StoredBlob(*self._backend.take_file(path))

    def put_folder(self, path: Path) -> StoredBlob:
        """Store a folder: each file as a blob, and the list of them as one more.

        Returns
        -------
        StoredBlob
            Digest of the list; size of all files together.

        Raises
        ------
        InvalidInputError
            When a link leads out of the folder, or something in it is no plain file.
        InvalidNameError
            When a file's name cannot be on the list.
        """
        # All names are looked at before the first byte is stored.
        entries = [
            _entry(logical, self.put_file(file))
            for logical, file in list(manifest.walk_folder(path))
        ]
        digest = self.put_bytes(manifest.write_manifest(entries))
        return StoredBlob(digest, sum(entry.size for entry in entries))

    def take_folder(self, path: Path) -> StoredBlob:
        """Store a folder that is ours, as `put_folder`; its files are gone then."""
        entries = [
            _entry(logical, self.take_file(file))
            for logical, file in list(manifest.walk_folder(path))
        ]
        digest = self.put_bytes(manifest.write_manifest(entries))
        return StoredBlob(digest, sum(entry.size for entry in entries))

    def settle(self, digests: Iterable[Digest]) -> None:
        """Force the names of blobs to disk, as their bytes are once they are stored.

        Needed before something durable refers to them: after a power cut a file
        system may have forgotten a rename.
        """
        self._backend.settle(digests)

    # --- reading ---------------------------------------------------------------------

    def get_bytes(self, digest: Digest, *, verify: bool = True) -> bytes:
        """Return the bytes of a blob.

        Raises
        ------
        BlobNotFoundError
            When none is kept under this digest.
        BlobCorruptError
            When its bytes are not those that were stored.
        """
        with self._raw(digest) as file:
            data = file.read()
        if verify:
            self._check(digest, transfer.hash_bytes(data))
        return data

    def open(self, digest: Digest) -> BinaryIO:
        """Open a blob for reading, seekable, after checking all of its bytes.

        Raises
        ------
        BlobNotFoundError, BlobCorruptError
            As `get_bytes`, before the first byte is handed out.
        """
        file = self._raw(digest)
        if not isinstance(self._backend, BlobFolder):
            return self._fetched(digest, file)
        try:
            self._check(digest, transfer.hash_stream(file))
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def restore_file(self, digest: Digest, target: Path) -> None:
        """Put a blob's bytes at `target`, whole and checked or not at all.

        An existing file is replaced; a link is replaced, not followed.

        Raises
        ------
        BlobNotFoundError, BlobCorruptError
            As `get_bytes`; `target` is left as it was.
        StoreWriteError, WorkspaceReadOnlyError
            When `target` cannot be written.
        """
        self._require(digest)
        with placing.placed_file(target) as beside:
            self._copy_out(digest, beside)

    def restore_folder(
        self, digest: Digest, target: Path, *, replace: bool = False
    ) -> None:
        """Put a stored folder at `target`, whole and checked or not at all.

        Parameters
        ----------
        digest : Digest
            Of the list of its files, as `put_folder` returned it.
        target : Path
            Must not exist, or be an empty folder, unless `replace`.
        replace : bool
            Put it in the place of a folder that is there.

        Raises
        ------
        InvalidInputError
            When something is at `target` already.
        InvalidNameError
            When a path of the list would leave the folder.
        BlobNotFoundError, BlobCorruptError, StoreWriteError
            As `restore_file`.
        """
        entries = self.files(digest)
        with placing.placed_folder(target, replace=replace) as beside:
            for entry in entries:
                self._require(entry.digest)
                file = beside / entry.path
                file.parent.mkdir(parents=True, exist_ok=True)
                self._copy_out(entry.digest, file)

    def files(self, digest: Digest) -> list[ManifestEntry]:
        """Return the files of a stored folder, every path checked."""
        return manifest.read_manifest(self.get_bytes(digest), digest)

    def exists(self, digest: Digest) -> bool:
        """Tell whether bytes are kept under this digest; they are not read."""
        return self._backend.size(digest) is not None

    def size(self, digest: Digest) -> int:
        """Return the number of a blob's bytes, BlobNotFoundError when none are kept."""
        size = self._backend.size(digest)
        return size if size is not None else self._missing(digest)

    def verify(self, digest: Digest) -> None:
        """Read a blob and raise if it is missing or not what was stored."""
        with self._raw(digest) as file:
            self._check(digest, transfer.hash_stream(file))

    def digests(self) -> Iterator[Digest]:
        """List all blobs, sorted."""
        return self._backend.digests()

    def where(self, digest: Digest) -> str:
        """Say where a blob lies, for people."""
        return self._backend.where(digest)

    # --- parts -----------------------------------------------------------------------

    def _raw(self, digest: Digest) -> BinaryIO:
        if not is_digest(digest):
            self._missing(digest)
        try:
            return self._backend.open(digest)
        except FileNotFoundError:
            self._missing(digest)

    def _require(self, digest: Digest) -> None:
        if not is_digest(digest) or not self.exists(digest):
            self._missing(digest)

    def _missing(self, digest: Digest) -> NoReturn:
        raise errors.BlobNotFoundError(
            f"No bytes are kept under {digest!r} in {self._backend.where(digest)}. "
            f"They were removed, or this copy of the workspace is incomplete.",
            digest=digest,
        )

    def _check(self, digest: Digest, found: Digest) -> None:
        if found != digest:
            path = self._backend.where(digest)
            raise errors.BlobCorruptError(
                f"Blob {digest} at {path} is damaged: its bytes have the digest "
                f"{found}. Bring the file back from a copy, or remove it and store "
                f"the bytes again.",
                digest=digest,
                found=found,
                path=path,
            )

    def _copy_out(self, digest: Digest, target: Path) -> None:
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC
        fd = os.open(target, flags, 0o666)
        try:
            found = self._backend.copy_out(digest, fd, target)
        except FileNotFoundError:
            self._missing(digest)
        finally:
            os.close(fd)
        self._check(digest, found)

    def _fetched(self, digest: Digest, file: BinaryIO) -> BinaryIO:
        local = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes
        try:
            with file:
                shutil.copyfileobj(file, local, transfer.CHUNK)
            local.seek(0)
            self._check(digest, transfer.hash_stream(local))
        except BaseException:
            local.close()
            raise
        local.seek(0)
        return local


def _backend(root: Path, url: str) -> BlobBackend:
    if not url:
        return BlobFolder(root)
    if url.startswith("file://"):
        return BlobFolder(Path(url.removeprefix("file://")))
    from jupyter_mlops.store.blob_remote import BlobRemote

    return BlobRemote(url)


def _entry(path: str, stored: StoredBlob) -> ManifestEntry:
    return manifest.ManifestEntry(path=path, digest=stored.digest, size=stored.size)
