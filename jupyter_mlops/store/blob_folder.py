"""Blobs in a folder: each written beside its place, forced to disk and renamed in.

``sizes/`` holds the size of every large blob as an empty file: a large file of a size
never seen is new for certain, and is hashed while it is copied instead of before.
The sizes are a hint only; without them a copy is made and thrown away.
"""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING

from jupyter_mlops import errors
from jupyter_mlops.ids import Digest, is_digest
from jupyter_mlops.store import transfer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

LARGE = 4 << 20
_NEW_FILE = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC
_READ_ONLY = 0o444
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}


class BlobFolder:
    """Keeps blobs as read-only files under ``<root>/sha256/``.

    Any number of processes may write at once: names are unique until the rename, and
    whoever renames last puts the same bytes there.

    Parameters
    ----------
    root : Path
        Made when the first blob is.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names = root / "sha256"
        self._sizes = root / "sizes"
        self._can_clone: dict[int, bool] = {}

    def where(self, digest: Digest) -> str:
        """Return the path of a blob."""
        return f"{self._names}/{digest[:2]}/{digest[2:]}"

    def size(self, digest: Digest) -> int | None:
        """Return how many bytes are kept, None when none are."""
        try:
            return os.stat(self.where(digest)).st_size  # noqa: PTH116 - a text is at hand and this is hot
        except (FileNotFoundError, NotADirectoryError):
            return None

    def digests(self) -> Iterator[Digest]:
        """List what is kept, sorted."""
        for folder in _names_in(self._names):
            for name in _names_in(self._names / folder):
                if is_digest(folder + name):
                    yield Digest(folder + name)

    def open(self, digest: Digest) -> BinaryIO:
        """Open a blob for reading; its bytes are not checked here."""
        return open(self.where(digest), "rb")  # noqa: PTH123 - a text is at hand

    def put_bytes(
        self, digest: Digest, data: bytes | memoryview, *, sync: bool = True
    ) -> None:
        """Keep `data` under its digest, unless as many bytes are there already."""
        with self._guard():
            if self.size(digest) == len(data):
                return
        with self._beside(digest) as (fd, beside), self._guard():
            transfer.write_all(fd, data)
            self._commit(fd, beside, digest, sync=sync)

    def put_file(self, path: Path) -> tuple[Digest, int]:
        """Keep the bytes of a file as they were at one reading of it."""
        source = transfer.open_source(path)
        try:
            size = os.fstat(source).st_size
            if size >= LARGE:
                return self._put_large(source, size, path)
            with os.fdopen(source, "rb", closefd=False) as file:
                data = file.read()
            digest = transfer.hash_bytes(data)
            self.put_bytes(digest, data)
            return digest, len(data)
        finally:
            os.close(source)

    def _put_large(self, source: int, size: int, path: Path) -> tuple[Digest, int]:
        if self._may_clone(source):
            with self._beside() as (fd, beside), self._guard():
                if self._clones(source, fd):
                    digest = transfer.hash_descriptor(fd)
                    return digest, self._commit(fd, beside, digest)
        if (self._sizes / str(size)).exists():
            digest = transfer.hash_descriptor(source)
            if self.size(digest) == size:
                return digest, size
        with self._beside() as (fd, beside), self._guard():
            digest, size = transfer.copy_hashed(source, fd, path, is_lasting=True)
            return digest, self._commit(fd, beside, digest)

    def take_file(self, path: Path) -> tuple[Digest, int]:
        """Move a file in that nobody else writes; it is gone afterwards."""
        taken = self._moved_in(path) or self.put_file(path)
        path.unlink(missing_ok=True)
        return taken

    def _moved_in(self, path: Path) -> tuple[Digest, int] | None:
        fd = transfer.open_source(path)
        try:
            if os.fstat(fd).st_nlink > 1:
                # Under its other name it could still be written.
                return None
            digest = transfer.hash_descriptor(fd)
            folder = self._folder(digest)
            folder.mkdir(parents=True, exist_ok=True)
            os.fchmod(fd, _READ_ONLY & folder.stat().st_mode)
            return digest, self._commit(fd, str(path), digest)
        except OSError:
            # Another file system, another owner: the copy works, or says why not.
            return None
        finally:
            os.close(fd)

    def copy_out(self, digest: Digest, target: int, path: Path) -> Digest:
        """Write a blob into an open file and return the digest of what it now holds."""
        with self.open(digest) as file:
            if transfer.clone(file.fileno(), target):
                return transfer.hash_descriptor(target)
            return transfer.copy_hashed(file.fileno(), target, path)[0]

    def settle(self, digests: Iterable[Digest]) -> None:
        """Force the names of these blobs to disk, as their bytes already are."""
        for folder in {self._folder(digest) for digest in digests}:
            fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)

    # --- writing ---------------------------------------------------------------------

    @contextlib.contextmanager
    def _beside(self, digest: Digest | None = None) -> Iterator[tuple[int, str]]:
        """Open a new file in the blob's folder; it is removed unless renamed."""
        # Before the digest is known any place on the same file system will do.
        folder = self._folder(digest) if digest else self._names
        beside = f"{folder}/.{os.getpid()}-{os.urandom(6).hex()}.part"
        with self._guard():
            try:
                fd = os.open(beside, _NEW_FILE, _READ_ONLY)
            except FileNotFoundError:
                folder.mkdir(parents=True, exist_ok=True)
                fd = os.open(beside, _NEW_FILE, _READ_ONLY)
        try:
            yield fd, beside
        finally:
            os.close(fd)
            # Gone already when it was renamed into its place.
            with contextlib.suppress(OSError):
                os.unlink(beside)  # noqa: PTH108 - a text is at hand and this is hot

    def _commit(
        self, fd: int, beside: str, digest: Digest, *, sync: bool = True
    ) -> int:
        """Give a finished file its name, and return its size."""
        size = os.fstat(fd).st_size
        if self.size(digest) == size:
            os.unlink(beside)  # noqa: PTH108 - a text is at hand and this is hot
            return size
        if sync:
            os.fsync(fd)
        target = self.where(digest)
        try:
            os.rename(beside, target)  # noqa: PTH104 - a text is at hand and this is hot
        except FileNotFoundError:
            self._folder(digest).mkdir(parents=True, exist_ok=True)
            os.rename(beside, target)  # noqa: PTH104 - a text is at hand
        if size >= LARGE:
            self._sizes.mkdir(exist_ok=True)
            (self._sizes / str(size)).touch()
        return size

    def _folder(self, digest: Digest) -> Path:
        return self._names / digest[:2]

    def _may_clone(self, source: int) -> bool:
        return self._can_clone.get(os.fstat(source).st_dev, True)

    def _clones(self, source: int, target: int) -> bool:
        done = transfer.clone(source, target)
        self._can_clone[os.fstat(source).st_dev] = done
        return done

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        """Say what a refused write means."""
        try:
            yield
        except OSError as error:
            if error.errno in _DENIED:
                raise errors.WorkspaceReadOnlyError(
                    f"{self._root} cannot be written ({error.strerror}): you may only "
                    f"read this workspace.",
                    folder=self._root,
                ) from error
            raise errors.StoreWriteError(
                f"Nothing was stored in {self._root}: {error.strerror}. What was there "
                f"before is safe; make room and try again.",
                folder=self._root,
                errno=error.errno,
            ) from error


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names are all that is wanted
    except (FileNotFoundError, NotADirectoryError):
        return []
