"""Blobs behind an fsspec URL: object stores and other machines' folders."""

from __future__ import annotations

import contextlib
import hashlib
import os
from typing import TYPE_CHECKING, Any, cast

from jupyter_mlops import errors
from jupyter_mlops.ids import Digest, is_digest
from jupyter_mlops.store import transfer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

_WHOLE_OR_NOT = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "memory"}
"""Protocols whose writes show only when they are complete."""


class BlobRemote:
    """Keeps blobs under ``<url>/sha256/`` of any file system that fsspec knows.

    Parameters
    ----------
    url : str
        Such as ``s3://bucket/blobs``.

    Raises
    ------
    SettingError
        When no installed library knows the URL.
    """

    def __init__(self, url: str) -> None:
        import fsspec

        self._url = url.rstrip("/")
        try:
            self._fs, base = fsspec.core.url_to_fs(self._url)
        except (ImportError, ValueError) as error:
            raise errors.SettingError(
                f"Blobs cannot be kept at {url}: {error}. Install the library it "
                f"names, or change the setting 'blobs_url'.",
                setting="blobs_url",
                value=url,
            ) from error
        self._names = f"{base.rstrip('/')}/sha256"
        protocol = self._fs.protocol
        protocols = {protocol} if isinstance(protocol, str) else set(protocol)
        self._is_whole = bool(protocols & _WHOLE_OR_NOT)

    def where(self, digest: Digest) -> str:
        """Return the URL of a blob."""
        return f"{self._url}/sha256/{digest[:2]}/{digest[2:]}"

    def size(self, digest: Digest) -> int | None:
        """Return how many bytes are kept, None when none are."""
        try:
            return int(self._fs.size(self._path(digest)))
        except FileNotFoundError:
            return None

    def digests(self) -> Iterator[Digest]:
        """List what is kept, sorted."""
        try:
            paths = sorted(self._fs.find(self._names))
        except FileNotFoundError:
            return
        for path in paths:
            digest = "".join(path.split("/")[-2:])
            if is_digest(digest):
                yield Digest(digest)

    def open(self, digest: Digest) -> BinaryIO:
        """Open a blob for reading; its bytes are not checked here."""
        return cast("BinaryIO", self._fs.open(self._path(digest), "rb"))

    def put_bytes(
        self,
        digest: Digest,
        data: bytes | memoryview,
        *,
        sync: bool = True,  # noqa: ARG002 - the protocol's; what it takes is durable
    ) -> None:
        """Keep `data` under its digest, unless as many bytes are there already."""
        with self._guard():
            if self.size(digest) == len(data):
                return
            self._make_folder(digest)
            if self._is_whole:
                self._fs.pipe_file(self._path(digest), bytes(data))
                return
            beside = self._beside()
            self._fs.pipe_file(beside, bytes(data))
            self._fs.mv(beside, self._path(digest))

    def put_file(self, path: Path) -> tuple[Digest, int]:
        """Keep the bytes of a file as they were at one reading of it."""
        source = transfer.open_source(path)
        try:
            size = os.fstat(source).st_size
            digest = transfer.hash_descriptor(source)
            with self._guard():
                if self.size(digest) != size:
                    digest, size = self._upload(source)
        finally:
            os.close(source)
        return digest, size

    def take_file(self, path: Path) -> tuple[Digest, int]:
        """Move a file in that nobody else writes; it is gone afterwards."""
        taken = self.put_file(path)
        path.unlink(missing_ok=True)
        return taken

    def copy_out(self, digest: Digest, target: int, path: Path) -> Digest:  # noqa: ARG002 - the protocol's
        """Write a blob into an open file and return the digest of what it now holds."""
        hasher = hashlib.sha256()
        with self.open(digest) as file:
            while piece := file.read(transfer.CHUNK):
                hasher.update(piece)
                transfer.write_all(target, piece)
        return Digest(hasher.hexdigest())

    def settle(self, digests: Iterable[Digest]) -> None:
        """Do nothing: the other side has said that it keeps them."""

    def _upload(self, source: int) -> tuple[Digest, int]:
        # Hashed once more on its way, since the source may be changing; only what
        # was hashed gets its name.
        hasher = hashlib.sha256()
        beside = self._beside()
        os.lseek(source, 0, os.SEEK_SET)
        try:
            with (
                os.fdopen(source, "rb", buffering=0, closefd=False) as file,
                self._fs.open(beside, "wb") as target,
            ):
                while piece := file.read(transfer.CHUNK):
                    hasher.update(piece)
                    target.write(piece)
            digest = Digest(hasher.hexdigest())
            size = int(self._fs.size(beside))
            self._make_folder(digest)
            self._fs.mv(beside, self._path(digest))
        except BaseException:
            with contextlib.suppress(Exception):
                self._fs.rm_file(beside)
            raise
        return digest, size

    def _path(self, digest: Digest) -> str:
        return f"{self._names}/{digest[:2]}/{digest[2:]}"

    def _beside(self) -> str:
        self._fs.makedirs(self._names, exist_ok=True)
        return f"{self._names}/.{os.getpid()}-{os.urandom(6).hex()}.part"

    def _make_folder(self, digest: Digest) -> None:
        if not self._is_whole:
            self._fs.makedirs(f"{self._names}/{digest[:2]}", exist_ok=True)

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        """Say what a refused write means; each file system has errors of its own."""
        try:
            yield
        except errors.MlopsError:
            raise
        except PermissionError as error:
            raise errors.WorkspaceReadOnlyError(
                f"{self._url} cannot be written: {error}. You may only read there.",
                folder=self._url,
            ) from error
        except Exception as error:
            values: dict[str, Any] = {"folder": self._url}
            raise errors.StoreWriteError(
                f"Nothing was stored at {self._url}: {error}. Check that it can be "
                f"reached, and try again.",
                **values,
            ) from error
