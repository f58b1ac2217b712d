"""Folders as blobs: the list of a folder's files, and which paths may be on it.

No bytes are stored or restored here.
"""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import BlobCorruptError, InvalidInputError, InvalidNameError
from jupyter_mlops.ids import Digest, is_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_PART_LIMIT = 255
_PATH_LIMIT = 4096
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestEntry:
    """One file of a folder, by its path within it, with ``/`` between the parts."""

    path: str
    digest: Digest
    size: int


def write_manifest(entries: Iterable[ManifestEntry]) -> bytes:
    """Write the one JSON text that stands for these files: same files, same bytes."""
    files = [
        {"digest": entry.digest, "path": entry.path, "size": entry.size}
        for entry in sorted(entries, key=lambda entry: entry.path)
    ]
    text = json.dumps(
        {"files": files}, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )
    return text.encode()


def read_manifest(data: bytes, digest: Digest) -> list[ManifestEntry]:
    """Read a manifest and check every path in it.

    Parameters
    ----------
    data : bytes
        What `write_manifest` wrote, or what an attacker did.
    digest : Digest
        Of the manifest, for the error.

    Raises
    ------
    BlobCorruptError
        When it is no manifest.
    InvalidNameError
        When a path would leave the folder or meets another one.
    """
    try:
        files = json.loads(data)["files"]
        entries = [_entry(item) for item in files]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BlobCorruptError(
            f"Blob {digest} does not list the files of a folder.", digest=digest
        ) from error
    _check_tree(entry.path for entry in entries)
    return entries


def _entry(item: dict[str, Any]) -> ManifestEntry:
    path, digest, size = item["path"], item["digest"], item["size"]
    is_fine = isinstance(path, str) and isinstance(digest, str) and type(size) is int
    if not (is_fine and is_digest(digest) and size >= 0):
        raise ValueError(item)
    return ManifestEntry(path=path, digest=Digest(digest), size=size)


def _check_tree(paths: Iterable[str]) -> None:
    files: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        checked_path(path)
        if path in files:
            raise _refused(path, "it is there twice")
        files.add(path)
        parts = path.split("/")
        folders.update("/".join(parts[:end]) for end in range(1, len(parts)))
    for path in files & folders:
        raise _refused(path, "it is a file and a folder at once")


def checked_path(path: str) -> str:
    """Return `path` if it stays within the folder that it is relative to.

    Raises
    ------
    InvalidNameError
        On absolute paths, ``..``, backslashes, drives, control characters, names that
        are not UTF-8, and undue length.
    """
    parts = path.split("/")
    if not path or path.startswith("/") or _DRIVE.match(path):
        raise _refused(path, "it is not relative")
    if any(part in ("", ".", "..") for part in parts):
        raise _refused(path, "it has an empty part, '.' or '..'")
    if "\\" in path or _CONTROL.search(path):
        raise _refused(path, "it has a backslash or a control character")
    try:
        is_long = len(path.encode()) > _PATH_LIMIT or any(
            len(part.encode()) > _PART_LIMIT for part in parts
        )
    except UnicodeEncodeError:
        raise _refused(path, "its name is not UTF-8") from None
    if is_long:
        raise _refused(path, "it is too long")
    return path


def _refused(path: str, reason: str) -> InvalidNameError:
    return InvalidNameError(
        f"The path {path!r} cannot be in a stored folder: {reason}.",
        name=path,
        reason=reason,
    )


def walk_folder(folder: Path) -> Iterator[tuple[str, Path]]:
    """List the files of a folder as (logical path, path to read).

    A link to a file within the folder stands for that file's bytes.

    Raises
    ------
    InvalidInputError
        When `folder` is none, or a link leads out of it or to a folder, or something
        in it is neither file nor folder.
    InvalidNameError
        When a name cannot be in a manifest.
    """
    if not folder.is_dir():
        raise InvalidInputError(f"There is no folder at {folder}.", path=folder)
    home = os.path.realpath(folder)
    # The link may be the folder itself: only links within it are questionable.
    for parent, folders, names in os.walk(home, onerror=_cannot_list):
        for name in folders:
            if os.path.islink(os.path.join(parent, name)):  # noqa: PTH114, PTH118 - os.walk speaks in texts
                raise _unwalkable(folder, parent, name, "is a link to a folder")
        for name in names:
            yield _walked(folder, home, parent, name)


def _walked(folder: Path, home: str, parent: str, name: str) -> tuple[str, Path]:
    path = os.path.join(parent, name)  # noqa: PTH118 - os.walk speaks in texts
    real = os.path.realpath(path)
    if real != path and os.path.commonpath([home, real]) != home:
        raise _unwalkable(folder, parent, name, "is a link that leads out of it")
    try:
        mode = os.stat(real).st_mode  # noqa: PTH116 - os.walk speaks in texts
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        raise _unwalkable(folder, parent, name, reason) from error
    if not stat.S_ISREG(mode):
        raise _unwalkable(folder, parent, name, "is neither a file nor a folder")
    logical = os.path.relpath(path, home).replace(os.sep, "/")
    return checked_path(logical), type(folder)(real)


def _unwalkable(folder: Path, parent: str, name: str, reason: str) -> InvalidInputError:
    return InvalidInputError(
        f"The folder {folder} was not stored: {name!r} in {parent} {reason}. "
        f"Replace it by a plain file, or store the folder without it.",
        path=folder,
        name=name,
    )


def _cannot_list(error: OSError) -> None:
    raise InvalidInputError(
        f"{error.filename} cannot be listed and was not stored: {error.strerror}.",
        path=error.filename,
    ) from error
