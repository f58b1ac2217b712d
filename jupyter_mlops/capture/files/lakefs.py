"""Pins a file of lakeFS to the commit that its branch stood at."""

from __future__ import annotations

from typing import Any


def pinned_version(system: Any, path: str, checksum: str | None) -> str | None:
    """Return ``lakefs:<commit>``, None when the file is in no commit as it was met.

    A branch also shows what was not committed yet, so the file is looked up in the
    commit and must have the same checksum there.

    Parameters
    ----------
    system : lakefs_spec.LakeFSFileSystem
        Any file system with lakeFS's own ``client``.
    path : str
        ``repository/ref/path``.
    checksum : str, optional
        Of the file as it was met.

    References
    ----------
    lakeFS API: ``GET /repositories/{repository}/commits/{ref}`` and
    ``GET /repositories/{repository}/refs/{commit}/objects/stat``.
    """
    repository, _, rest = path.removeprefix("lakefs://").partition("/")
    ref, _, name = rest.partition("/")
    api = getattr(getattr(system, "client", None), "sdk_client", None)
    if api is None or checksum is None:
        return None
    try:
        commit = api.commits_api.get_commit(repository, ref).id
        stat = api.objects_api.stat_object(repository, commit, name)
    except Exception:  # noqa: BLE001 - no such object there, or a server that is gone
        return None
    return f"lakefs:{commit}" if stat.checksum == checksum else None
