"""Which version of a remote file a cell has met: asked after the cell, without it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.capture.files.lakefs import pinned_version
from jupyter_mlops.capture.files.seen import FileEntry, RemoteFile, SeenFile

if TYPE_CHECKING:
    from collections.abc import Sequence

_SECONDS = 30.0
_VERSIONS = (
    ("VersionId", "version"),
    ("version_id", "version"),
    ("generation", "generation"),
    ("ETag", "etag"),
    ("etag", "etag"),
    ("md5Hash", "md5"),
    ("content_md5", "md5"),
    ("Content-MD5", "md5"),
    ("checksum", "checksum"),
    ("Last-Modified", "modified"),
)
"""Where file systems say it, the surest first, and what we call it."""


class _State(NamedTuple):
    version: str | None = None
    size: int | None = None
    is_gone: bool = False


def has_all_details(files: Sequence[SeenFile]) -> bool:
    """Tell whether nothing has to be asked."""
    return all(_is_told(file) for file in files)


def remote_entries(files: Sequence[SeenFile]) -> list[FileEntry]:
    """Make the entries of remote files; those that are gone are left out.

    Whoever does not answer in time leaves a file without version.
    """
    states: dict[str, _State] = {}

    def ask() -> None:
        for file in files:
            states[file.path] = _state(file)

    if has_all_details(files):
        ask()
    else:
        asking = threading.Thread(target=ask, name="mlops-remotes", daemon=True)
        asking.start()
        asking.join(_SECONDS)
    told = [(file, states.get(file.path, _State())) for file in files]
    return [_entry(file, state) for file, state in told if not state.is_gone]


def _entry(file: SeenFile, state: _State) -> FileEntry:
    return FileEntry(
        path=file.path,
        role=file.role,
        digest=None,
        size=state.size,
        version=state.version,
    )


def _is_told(file: SeenFile) -> bool:
    remote = file.remote
    if remote is None or remote.system is None:
        return True
    if _is_lakefs(file.path):
        return False
    # What is in memory answers at once.
    return _version(remote.details or {}) is not None or file.path.startswith("memory:")


def _is_lakefs(url: str) -> bool:
    return url.startswith("lakefs://")


def _state(file: SeenFile) -> _State:
    remote = file.remote or RemoteFile()
    details = remote.details
    if remote.system is not None and _version(details or {}) is None:
        try:
            details = _ask(remote)
        except FileNotFoundError:
            return _State(is_gone=file.role == "written")
        except Exception:  # noqa: BLE001, S110 - a version is not worth a fault
            pass
    details = details or {}
    version = None
    if _is_lakefs(file.path) and remote.system is not None:
        version = pinned_version(remote.system, remote.path, details.get("checksum"))
    size = details.get("size")
    return _State(
        version or _version(details), int(size) if isinstance(size, int) else None
    )


def _ask(remote: RemoteFile) -> dict[str, Any]:
    import inspect

    system = remote.system
    if not hasattr(system, "info"):
        # pyarrow's own file system for the cloud.
        with system.open_input_file(remote.path) as file:
            told = {key: text.decode() for key, text in file.metadata().items()}
            return {**told, "size": file.size()}
    asking = getattr(system, "_info", system.info)
    # What a file system has listed before may be of another time.
    fresh = (
        {"refresh": True} if "refresh" in inspect.signature(asking).parameters else {}
    )
    return dict(system.info(remote.path, **fresh))


def _version(details: dict[str, Any]) -> str | None:
    for key, kind in _VERSIONS:
        said = details.get(key)
        if isinstance(said, (str, int)) and said not in {"", "null"}:
            text = str(said).removeprefix("W/").strip('"')
            return f"{kind}:{text}"
    return None
