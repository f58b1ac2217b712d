"""Objects that a run keeps: which format takes which type, and how it comes back.

One file a format, the same names in each: `NAME`, `matches`, and either `write` and
`read` (files in a folder) or `SUFFIX`, `to_bytes` and `from_bytes` (one small file).
Formats never import a library to recognise its types, and never unpickle.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops.errors import StoreWriteError, UnstorableObjectError
from jupyter_mlops.tracking.objects import (
    arrays,
    binaries,
    figures,
    frames,
    structures,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.ids import Digest
    from jupyter_mlops.records import ArtifactRecord
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.store.store import Store


class FolderFormat(Protocol):
    """Keeps objects of some types as files."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a module's constant satisfies it
        """The format's name in the record."""

    def matches(self, value: Any, /) -> bool:
        """Tell whether this format takes `value`."""

    def write(self, value: Any, folder: Path, stem: str, /) -> dict[str, Any]:
        """Write `value` as files into `folder`; what is returned is kept as meta."""

    def read(self, folder: Path, meta: dict[str, Any], /) -> Any:
        """Make the object again from the files in `folder`."""


class BytesFormat(Protocol):
    """Keeps objects of some types as the bytes of one file."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a module's constant satisfies it
        """The format's name in the record."""

    @property
    def SUFFIX(self) -> str:  # noqa: N802 - a module's constant satisfies it
        """The ending of its file's name."""

    def matches(self, value: Any, /) -> bool:
        """Tell whether this format takes `value`."""

    def to_bytes(self, value: Any, /) -> bytes:
        """Write `value`."""

    def from_bytes(self, data: bytes, /) -> Any:
        """Make the object again."""


# Structures come last of all: many a value has a JSON form besides a better one.
_FOLDERS: tuple[FolderFormat, ...] = (frames, arrays, figures)
_BYTES: tuple[BytesFormat, ...] = (texts, binaries, structures)


@dataclass
class ObjectFormats:
    """The formats known here.

    Attributes
    ----------
    further : sequence of FolderFormat
        Formats from upper floors: models, through the registry's flavors.
    """

    further: Sequence[FolderFormat] = ()
    _folders: dict[str, FolderFormat] = field(init=False)
    _bytes: dict[str, BytesFormat] = field(init=False)

    def __post_init__(self) -> None:
        self._folders = {item.NAME: item for item in (*_FOLDERS, *self.further)}
        self._bytes = {item.NAME: item for item in _BYTES}

    def name_for(self, value: Any, name: str) -> str:
        """Find the format for an object, and return the format's name.

        Raises
        ------
        UnstorableObjectError
            When there is none.
        """
        known: list[FolderFormat | BytesFormat] = [*self._folders.values()]
        for item in (*known, *self._bytes.values()):
            if item.matches(value):
                return item.NAME
        raise _unstorable(value, name)

    def keep(
        self, value: Any, name: str, format_name: str, store: Store
    ) -> dict[str, Any]:
        """Write an object into the blobs; small ones reach the disk with the journal.

        Returns
        -------
        dict
            The fields of its ``artifact`` event, but for the name.
        """
        if format_name in self._bytes:
            item = self._bytes[format_name]
            data = item.to_bytes(value)
            meta = {"file": _stem(name) + item.SUFFIX}
            return _kept(format_name, store.put_soon(data), len(data), meta)
        files = self._folders[format_name]
        # Asked for by its name; only tables are made of more than they match.
        if format_name != frames.NAME and not files.matches(value):
            raise _unstorable(value, name)
        return _keep_files(files, value, name, store)

    def make_again(self, artifact: ArtifactRecord, blobs: Blobs) -> Any:
        """Read an object back.

        Raises
        ------
        BlobCorruptError
            When its bytes are not those that were kept.
        """
        if artifact.format in self._bytes:
            data = blobs.get_bytes(artifact.digest)
            return self._bytes[artifact.format].from_bytes(data)
        import tempfile

        with tempfile.TemporaryDirectory(prefix="mlops-") as place:
            folder = Path(place)
            if artifact.is_folder:
                blobs.restore_folder(artifact.digest, folder)
                return self._folders[artifact.format].read(folder, artifact.meta)
            name = file_name(artifact)
            blobs.restore_file(artifact.digest, folder / name)
            meta = artifact.meta | {"file": name}
            return self._folders[artifact.format].read(folder, meta)

    def knows(self, format_name: str) -> bool:
        """Tell whether objects of this format can be made again."""
        return format_name in self._bytes or format_name in self._folders


def file_name(artifact: ArtifactRecord) -> str:
    """Name the one file of an artifact: a name only, whatever its journal says.

    A journal may be a stranger's, and must not lead out of the folder.
    """
    told = artifact.meta.get("file")
    name = Path(told).name if isinstance(told, str) else ""
    return "file" if name in {"", ".."} or "\0" in name else name


def _keep_files(
    item: FolderFormat, value: Any, name: str, store: Store
) -> dict[str, Any]:
    import tempfile

    blobs = store.blobs

    with tempfile.TemporaryDirectory(prefix="mlops-", dir=store.room) as place:
        folder = Path(place)
        try:
            meta = item.write(value, folder, _stem(name))
        except OSError as error:
            # It is written where the blobs are, so that it need not be copied.
            raise StoreWriteError(
                f"'{name}' could not be written to {store.layout.folder}: "
                f"{error.strerror or error}; make room there.",
                name=name,
            ) from error
        files = [path for path in folder.rglob("*") if path.is_file()]
        if len(files) == 1 and files[0].parent == folder:
            meta["file"] = files[0].name
            stored = blobs.take_file(files[0])
            return _kept(item.NAME, stored.digest, stored.size, meta)
        stored = blobs.take_folder(folder)
        kept = _kept(item.NAME, stored.digest, stored.size, meta)
        return kept | {"folder": True}


def _kept(
    format_name: str, digest: Digest, size: int, meta: dict[str, Any]
) -> dict[str, Any]:
    return {"format": format_name, "digest": digest, "size": size, "meta": meta}


def _stem(name: str) -> str:
    """Make a file name from an artifact's name, which may hold anything."""
    kept = "".join(letter if letter.isalnum() else "_" for letter in name[:60])
    return kept or "object"


def _unstorable(value: Any, name: str) -> UnstorableObjectError:
    kind = type(value)
    return UnstorableObjectError(
        f"'{name}' is a {kind.__module__}.{kind.__qualname__}, for which no format is "
        f"known. Keep data frames, arrays, figures, text, JSON values or models; or "
        f"write it to a file and use log_artifact.",
        name=name,
        type=kind,
    )
