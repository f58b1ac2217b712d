"""What else knows a file's version: DVC, git LFS. Told only where it was checked."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.capture.files.digests import open_unseen

if TYPE_CHECKING:
    from jupyter_mlops.capture.files.digests import DigestCache, Identity
    from jupyter_mlops.capture.files.seen import Role

_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
_POINTER_SIZES = range(115, 1024)
_OID = re.compile(rb"^oid (sha256:[0-9a-f]{64})$", re.MULTILINE)
_FOLDER = ".dir"


class _Tracked(NamedTuple):
    """What a ``.dvc`` file says of what stands beside it.

    Attributes
    ----------
    is_exact : bool
        The md5 is that of the bytes; DVC before 3.0 took that of the text.
    """

    md5: str
    size: int | None
    is_exact: bool


class RecordedVersions:
    """Looks up versions for the files of one cell; each folder is looked at once.

    Parameters
    ----------
    cache : DigestCache
        Knows the md5 of unchanged files.
    """

    def __init__(self, cache: DigestCache) -> None:
        self._cache = cache
        self._of_file: dict[str, _Tracked | None] = {}
        self._of_folder: dict[str, tuple[str, _Tracked] | None] = {}
        self._listed: dict[str, dict[str, str]] = {}
        self._objects: dict[str, str | None] = {}

    def must_read(self, path: str, identity: Identity) -> bool:
        """Tell whether a file must be read to say its version."""
        tracked = self._tracked(path)
        return (
            tracked is not None
            and self._may_match(tracked, identity)
            and tracked.is_exact
            and self._cache.known_md5(identity) is None
        )

    def version(
        self, path: str, role: Role, identity: Identity, digest: str
    ) -> str | None:
        """Return the version, None where nothing keeps one of this state.

        Parameters
        ----------
        digest : str
            sha256 of the file, as `identity` describes it.

        Raises
        ------
        OSError
            When the file cannot be read.
        """
        tracked = self._tracked(path)
        if tracked is not None and self._may_match(tracked, identity):
            if tracked.is_exact:
                if self._cache.md5(path) == tracked.md5:
                    return f"dvc:md5:{tracked.md5}"
            elif role == "read":
                return f"dvc:md5:{tracked.md5}"
        return self._lfs(path, identity, digest)

    def _may_match(self, tracked: _Tracked, identity: Identity) -> bool:
        return tracked.size is None or tracked.size == identity.size

    # --- DVC ---------------------------------------------------------------------

    def _tracked(self, path: str) -> _Tracked | None:
        if path not in self._of_file:
            self._of_file[path] = self._find(path)
        return self._of_file[path]

    def _find(self, path: str) -> _Tracked | None:
        own = _read_dvc(path)
        if own is not None:
            return own
        above = self._above(os.path.dirname(path))  # noqa: PTH120 - a thousand files a cell
        if above is None:
            return None
        folder, tracked = above
        inside = self._inside(folder, tracked.md5)
        if not inside:
            # Without DVC's own list, only the version of the whole folder is known.
            return _Tracked(tracked.md5, None, is_exact=False)
        md5 = inside.get(path[len(folder) + 1 :])
        return None if md5 is None else _Tracked(md5, None, is_exact=tracked.is_exact)

    def _above(self, folder: str) -> tuple[str, _Tracked] | None:
        """Find the tracked folder that holds `folder`."""
        if folder not in self._of_folder:
            parent = os.path.dirname(folder)  # noqa: PTH120 - as above
            tracked = _read_dvc(folder)
            if tracked is not None:
                self._of_folder[folder] = folder, tracked
            else:
                self._of_folder[folder] = None
                if parent != folder:
                    self._of_folder[folder] = self._above(parent)
        return self._of_folder[folder]

    def _inside(self, folder: str, md5: str) -> dict[str, str]:
        """Read which files a tracked folder holds, from DVC's cache."""
        if folder not in self._listed:
            self._listed[folder] = {}
            root = _ancestor_with(folder, ".dvc")
            for cache in ("cache/files/md5", "cache"):
                file = f"{root}/.dvc/{cache}/{md5[:2]}/{md5[2:]}"
                try:
                    with open_unseen(file) as listed:
                        entries = json.loads(listed.read())
                    found = {entry["relpath"]: entry["md5"] for entry in entries}
                except (OSError, ValueError, KeyError, TypeError):
                    continue
                self._listed[folder] = found
        return self._listed[folder]

    # --- git LFS -----------------------------------------------------------------

    def _lfs(self, path: str, identity: Identity, digest: str) -> str | None:
        if identity.size in _POINTER_SIZES:
            with open_unseen(path) as file:
                head = file.read(_POINTER_SIZES.stop)
            oid = _OID.search(head) if head.startswith(_POINTER) else None
            if oid is not None:
                return f"lfs:{oid[1].decode()}"
        objects = self._lfs_objects(os.path.dirname(path))  # noqa: PTH120 - as above
        if objects is None:
            return None
        # git LFS, too, keeps bytes under their sha256: no need to ask git's index.
        kept = f"{objects}/{digest[:2]}/{digest[2:4]}/{digest}"
        return f"lfs:sha256:{digest}" if os.path.isfile(kept) else None  # noqa: PTH113 - as above

    def _lfs_objects(self, folder: str) -> str | None:
        if folder not in self._objects:
            root = _ancestor_with(folder, ".git")
            objects = f"{root}/.git/lfs/objects"
            self._objects[folder] = objects if os.path.isdir(objects) else None  # noqa: PTH112 - as above
        return self._objects[folder]


def _read_dvc(path: str) -> _Tracked | None:
    """Read what the ``.dvc`` file beside `path` says of it."""
    try:
        with open_unseen(f"{path}.dvc") as file:
            text = file.read()
    except OSError:
        return None
    import yaml  # type: ignore[import-untyped]  # ships no types

    try:
        outs = yaml.safe_load(text)["outs"]
        return next(filter(None, (_out(out, path) for out in outs)), None)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError):
        return None


def _out(out: dict[str, Any], path: str) -> _Tracked | None:
    name, md5, size = out["path"], out.get("md5"), out.get("size")
    if name != os.path.basename(path) or not isinstance(md5, str):  # noqa: PTH119 - as above
        return None
    is_folder = md5.endswith(_FOLDER)
    is_sized = isinstance(size, int) and not is_folder
    return _Tracked(md5, size if is_sized else None, out.get("hash") == "md5")


def _ancestor_with(folder: str, name: str) -> str | None:
    while not os.path.isdir(f"{folder}/{name}"):  # noqa: PTH112 - as above
        parent = os.path.dirname(folder)  # noqa: PTH120 - as above
        if parent == folder:
            return None
        folder = parent
    return folder
