"""Digests of files and folders, kept between processes while nothing changes.

A file is taken for unchanged when size, inode and both its times are what they were,
and it was not changed so shortly before it was read that a further change could have
left the same times: git's rule for racy entries,
https://git-scm.com/docs/racy-git. A folder's digest is that of the list of its files,
as blobs keep it; of one that is unchanged no file is opened.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.store import manifest
from jupyter_mlops.store.transfer import hash_bytes, hash_descriptor, open_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.ids import Digest

_TICK = 100_000_000
_COARSE_TICK = 2_000_000_000
_WHOLE_SECOND = 1_000_000_000
_MOST = 200_000

Stamp = tuple[int, int, int, int]
"""Size, time of change, inode, time of change of the inode."""


@dataclass
class FileDigests:
    """Digests by what the file system says of a file.

    Parameters
    ----------
    folder : Path or None
        Where they are kept; it may be deleted at any time. None: nowhere.
    """

    folder: Path | None = None
    _files: dict[str, list[Any]] | None = None
    _is_changed: bool = field(default=False, init=False)

    def file(self, path: str) -> Digest:
        """Return the sha256 of a file.

        Raises
        ------
        InvalidInputError
            When it cannot be read.
        """
        try:
            before = _stamp(os.stat(path))  # noqa: PTH116 - texts are at hand, and many
        except OSError as error:
            raise InvalidInputError(
                f"{path} cannot be read: {error.strerror}."
            ) from error
        known = self._known.get(path)
        if known is not None and tuple(known[:4]) == before:
            found: Digest = known[4]
            return found
        return self._read(path, before)

    def folder_digest(self, path: str) -> Digest:
        """Return the digest of a folder's list of files; raises as `file`."""
        home = os.path.realpath(path)
        now = time.time_ns()
        signature, is_racy = _signature(home, now)
        key = f"{home}/"
        known = self._known.get(key)
        if known is not None and known[0] == signature:
            found: Digest = known[1]
            return found
        digest = self._listed(home)
        if not is_racy and _signature(home, now)[0] == signature:
            self._known[key] = [signature, digest]
        else:
            self._known.pop(key, None)
        self._is_changed = True
        return digest

    def any(self, path: str) -> Digest:
        """Return the digest of a file or a folder."""
        return self.folder_digest(path) if os.path.isdir(path) else self.file(path)  # noqa: PTH112 - texts are at hand, and many

    def save(self) -> None:
        """Keep what was learnt; that it cannot be kept is no harm."""
        if self.folder is None or not self._is_changed:
            return
        self._is_changed = False
        file = self.folder / "files.json"
        beside = file.with_name(f"{file.name}.{os.getpid()}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(orjson.dumps(dict(list(self._known.items())[-_MOST:])))
            beside.replace(file)
        except OSError:
            beside.unlink(missing_ok=True)

    @property
    def _known(self) -> dict[str, list[Any]]:
        if self._files is None:
            self._files = {}
            try:
                if self.folder is not None:
                    found = orjson.loads((self.folder / "files.json").read_bytes())
                    self._files = found if isinstance(found, dict) else {}
            except (OSError, ValueError):
                pass
        return self._files

    def _read(self, path: str, before: Stamp) -> Digest:
        now = time.time_ns()
        fd = open_source(Path(path))
        try:
            digest = hash_descriptor(fd)
            after = _stamp(os.fstat(fd))
        finally:
            os.close(fd)
        if after == before and not _is_racy(before, now):
            self._known.pop(path, None)
            self._known[path] = [*before, digest]
        else:
            self._known.pop(path, None)
        self._is_changed = True
        return digest

    def _listed(self, home: str) -> Digest:
        """Make the list of a folder's files, of which many may be known."""
        details = self._details(home)
        entries, kept, now = [], {}, time.time_ns()
        for logical, file, stamp in _files_in(home):
            known = details.get(logical)
            if known is not None and tuple(known[:4]) == stamp:
                digest = known[4]
            else:
                digest = self._hashed(file)
            if not _is_racy(stamp, now):
                kept[logical] = [*stamp, digest]
            entries.append(
                manifest.ManifestEntry(path=logical, digest=digest, size=stamp[0])
            )
        self._keep_details(home, kept)
        return hash_bytes(manifest.write_manifest(entries))

    @staticmethod
    def _hashed(path: str) -> Digest:
        fd = open_source(Path(path))
        try:
            return hash_descriptor(fd)
        finally:
            os.close(fd)

    def _details_file(self, home: str) -> Path | None:
        name = hashlib.sha256(os.fsencode(home)).hexdigest()[:32]
        return None if self.folder is None else self.folder / "folders" / f"{name}.json"

    def _details(self, home: str) -> dict[str, list[Any]]:
        file = self._details_file(home)
        try:
            found = orjson.loads(file.read_bytes()) if file is not None else {}
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _keep_details(self, home: str, kept: dict[str, list[Any]]) -> None:
        file = self._details_file(home)
        if file is None:
            return
        beside = file.with_name(f"{file.name}.{os.getpid()}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(orjson.dumps(kept))
            beside.replace(file)
        except (OSError, TypeError, ValueError):
            beside.unlink(missing_ok=True)


def _stamp(found: os.stat_result) -> Stamp:
    return found.st_size, found.st_mtime_ns, found.st_ino, found.st_ctime_ns


def _is_racy(stamp: Stamp, now: int) -> bool:
    # The inode's time is the system's own: nobody can set it back.
    changed = stamp[3]
    tick = _COARSE_TICK if changed % _WHOLE_SECOND == 0 else _TICK
    return now - changed <= tick


def _files_in(home: str) -> Iterator[tuple[str, str, Stamp]]:
    """List a folder's files: path within it, path to read, what tells its state."""
    if any(entry.is_symlink() for _, entries in _scan(home) for entry in entries):
        # Where links lead, and may lead, is known to those who store folders.
        yield from _files_behind_links(home)
        return
    for inner, entries in _scan(home):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                stamp = _stamp(entry.stat(follow_symlinks=False))
                yield f"{inner}{entry.name}", entry.path, stamp


def _files_behind_links(home: str) -> Iterator[tuple[str, str, Stamp]]:
    for logical, file in manifest.walk_folder(Path(home)):
        yield logical, str(file), _stamp(file.stat())


def _scan(home: str) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
    """List a folder and all in it: path within it, ending in a slash, and entries."""
    pending = [""]
    while pending:
        inner = pending.pop()
        try:
            with os.scandir(f"{home}/{inner}") as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            raise InvalidInputError(
                f"{home}/{inner} cannot be listed: {error.strerror}.", path=home
            ) from error
        pending += [
            f"{inner}{entry.name}/"
            for entry in entries
            if entry.is_dir(follow_symlinks=False)
        ]
        yield inner, entries


def _signature(home: str, now: int) -> tuple[str, bool]:
    """Return one text for all that the file system says, and whether it may be racy."""
    hasher = hashlib.sha256()
    newest = 0
    for inner, entries in _scan(home):
        lines = [f"{inner}\n"]
        for entry in entries:
            found = entry.stat(follow_symlinks=False)
            mode = found.st_mode
            if stat.S_ISDIR(mode):
                continue
            if stat.S_ISLNK(mode):
                found = _behind(entry)
            changed = found.st_ctime_ns
            newest = max(newest, changed)
            lines.append(
                f"{entry.name}\0{found.st_size} {found.st_mtime_ns} {found.st_ino} "
                f"{changed}\n"
            )
        hasher.update(os.fsencode("".join(lines)))
    return hasher.hexdigest(), _is_racy((0, 0, 0, newest), now)


def _behind(entry: os.DirEntry[str]) -> os.stat_result:
    try:
        return entry.stat()
    except OSError:
        # A link to nothing: whoever lists the folder in earnest says so.
        return entry.stat(follow_symlinks=False)
