"""Places that keep published files under names; what is in them is not known here."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops.errors import MlopsError, RemoteError, SettingError
from jupyter_mlops.store.manifest import checked_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

CHUNK = 4 << 20
_CREATING = Lock()
"""A file system within this process has threads to be kept apart."""


class Place(Protocol):
    """Keeps files under names with ``/`` between their parts."""

    @property
    def where(self) -> str:
        """Say where it is, without credentials."""

    def size(self, name: str, /) -> int | None:
        """Return how many bytes are kept, None when none are."""

    def pieces(self, name: str, /) -> Iterator[bytes]:
        """Read a file in pieces, FileNotFoundError when there is none."""

    def put(self, name: str, source: Path, /) -> None:
        """Keep a file whole or not at all, in the place of one that is there."""

    def create(self, name: str, data: bytes, /) -> bool:
        """Keep `data` under a name that is free; False when somebody was faster."""

    def names(self, folder: str, /) -> list[str]:
        """List the names of the files right in a folder, sorted."""


def read_small(place: Place, name: str, limit: int) -> bytes:
    """Read a file of at most `limit` bytes, FileNotFoundError when there is none.

    Raises
    ------
    RemoteError
        When it is longer.
    """
    found = bytearray()
    for piece in place.pieces(name):
        found += piece
        if len(found) > limit:
            raise RemoteError(
                f"{name} at {place.where} is longer than {limit} bytes; it was not "
                f"taken over.",
                name=name,
                where=place.where,
            )
    return bytes(found)


class FsspecPlace:
    """Any file system that fsspec knows, from a folder of it on.

    Raises
    ------
    SettingError
        When no installed library knows the URL.
    """

    def __init__(self, url: str) -> None:
        import fsspec

        from jupyter_mlops.capture.git import without_credentials

        self.where = without_credentials(url.rstrip("/"))
        try:
            self._fs, base = fsspec.core.url_to_fs(url.rstrip("/"))
        except (ImportError, ValueError) as error:
            raise SettingError(
                f"{self.where} cannot be reached: {error}. Install the library that "
                f"it names.",
                value=self.where,
            ) from error
        self._base = str(base).rstrip("/")
        protocol = self._fs.protocol
        protocols = {protocol} if isinstance(protocol, str) else set(protocol)
        self._is_local = bool(protocols & {"file", "local"})

    def size(self, name: str) -> int | None:
        """Return how many bytes are kept, None when none are."""
        with self._guard():
            try:
                return int(self._fs.size(self._path(name)))
            except FileNotFoundError:
                return None

    def pieces(self, name: str) -> Iterator[bytes]:
        """Read a file in pieces; links are not followed."""
        path = self._path(name)
        self._refuse_links(name)
        with self._guard(), self._fs.open(path, "rb") as file:
            while piece := file.read(CHUNK):
                yield piece

    def put(self, name: str, source: Path) -> None:
        """Keep a file whole or not at all."""
        path = self._path(name)
        self._refuse_links(name)
        with self._guard(), source.open("rb") as data:
            if not self._is_local:
                # Object stores show what is written only when it is complete.
                self._upload(path, data)
                return
            folder = path.rpartition("/")[0]
            self._fs.makedirs(folder, exist_ok=True)
            beside = f"{folder}/.{os.getpid()}-{os.urandom(6).hex()}.part"
            try:
                self._upload(beside, data)
                os.replace(beside, path)  # noqa: PTH105 - paths of fsspec are texts
            finally:
                with contextlib.suppress(FileNotFoundError):
                    self._fs.rm_file(beside)

    def create(self, name: str, data: bytes) -> bool:
        """Keep `data` under a name that is free; False when somebody was faster.

        Folders and most object stores decide that in one step. Where one cannot, what
        is there afterwards decides.
        """
        path = self._path(name)
        self._refuse_links(name)
        with self._guard(), _CREATING:
            if self._is_local:
                return _create_file(Path(path), data)
            if self._fs.exists(path):
                return False
            try:
                self._fs.pipe_file(path, data, mode="create")
            except Exception:
                # Each has an error of its own for what is taken.
                self._fs.invalidate_cache()
                if not self._fs.exists(path):
                    raise
            return bool(self._fs.cat_file(path) == data)

    def names(self, folder: str) -> list[str]:
        """List the names of the files right in a folder, sorted."""
        with self._guard():
            try:
                self._fs.invalidate_cache()
                found = self._fs.ls(self._path(folder), detail=False)
            except FileNotFoundError:
                return []
        return sorted({str(path).rstrip("/").rpartition("/")[2] for path in found})

    def _upload(self, path: str, data: BinaryIO) -> None:
        with self._fs.open(path, "wb") as target:
            while piece := data.read(CHUNK):
                target.write(piece)

    def _path(self, name: str) -> str:
        return f"{self._base}/{checked_path(name)}"

    def _refuse_links(self, name: str) -> None:
        """Refuse a link anywhere below the base: it could lead out of it."""
        if not self._is_local:
            return
        path = self._base
        for part in name.split("/"):
            path = f"{path}/{part}"
            if os.path.islink(path):  # noqa: PTH114 - paths of fsspec are texts
                raise RemoteError(
                    f"{path} is a link, which nothing that we publish is; it was not "
                    f"followed.",
                    path=path,
                    where=self.where,
                )

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        """Say what went wrong; each file system has errors of its own."""
        try:
            yield
        except (MlopsError, FileNotFoundError, GeneratorExit):
            raise
        except Exception as error:
            values: dict[str, Any] = {"where": self.where}
            raise RemoteError(
                f"{self.where} does not answer as it should: {type(error).__name__}: "
                f"{error}. Check that it can be reached and used.",
                **values,
            ) from error


def _create_file(path: Path, data: bytes) -> bool:
    """Put a whole file where none is: a name is linked, or taken, only once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{os.getpid()}-{os.urandom(6).hex()}.part")
    try:
        beside.write_bytes(data)
        try:
            path.hardlink_to(beside)
        except FileExistsError:
            return False
        except OSError:
            # A file system without links: made alone, though not in one step.
            try:
                with path.open("xb") as file:
                    file.write(data)
            except FileExistsError:
                return False
        return True
    finally:
        beside.unlink(missing_ok=True)
