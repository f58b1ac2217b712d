"""Where the project's git stands, read from git's own files: no process is started."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

_MARK = "ref: "


class Worktree(NamedTuple):
    """A work tree, git's folder for it, and the one that all work trees share."""

    folder: str
    git: str
    common: str


def git_state(folder: Path | str | None = None) -> dict[str, str | None] | None:
    """Say which commit is checked out.

    Parameters
    ----------
    folder : Path or str, optional
        Anywhere in the project; the working directory by default.

    Returns
    -------
    dict or None
        ``commit`` (None before the first), ``branch`` (None when detached) and
        ``remote`` without credentials; None where there is no git.
    """
    try:
        tree = find_worktree(folder)
        if tree is None:
            return None
        git, common = tree.git, tree.common
        head = _read(f"{git}/HEAD").strip()
    except OSError:
        return None
    if not head.startswith(_MARK):
        return {"branch": None, "commit": head or None, "remote": _remote(common, None)}
    ref = head[len(_MARK) :]
    branch = ref.removeprefix("refs/heads/")
    return {
        "branch": branch,
        "commit": _resolve(ref, git, common),
        "remote": _remote(common, branch),
    }


def without_credentials(url: str) -> str:
    """Take user, password and query off a URL; leave addresses like git@host:path."""
    scheme, is_url, rest = url.partition("://")
    if not is_url:
        return url
    host, slash, path = rest.partition("/")
    user, at, host = host.rpartition("@")
    if at and scheme.endswith("ssh"):
        host = f"{user.partition(':')[0]}@{host}"
    path = re.split(r"[?#]", path, maxsplit=1)[0]
    return f"{scheme}://{host}{slash}{path}"


def find_worktree(folder: Path | str | None = None) -> Worktree | None:
    """Find the work tree that a folder is in; None where there is no git.

    Raises
    ------
    OSError
        When the working directory is gone.
    """
    at = os.fspath(folder or os.getcwd())  # noqa: PTH109 - as everywhere here: cheap
    while True:
        git = f"{at.rstrip('/')}/.git"
        if os.path.isdir(git):  # noqa: PTH112 - as everywhere here
            return Worktree(at, git, git)
        if os.path.isfile(git):  # noqa: PTH113 - as everywhere here
            return _linked(at, git)
        at, last = os.path.dirname(at), at  # noqa: PTH120 - as everywhere here
        if at == last:
            return None


def _linked(folder: str, file: str) -> Worktree:
    target = _read(file).partition("gitdir:")[2].strip()
    git = os.path.join(folder, target)  # noqa: PTH118 - as everywhere here
    try:
        common = _read(f"{git}/commondir").strip()
    except OSError:
        return Worktree(folder, git, git)
    return Worktree(folder, git, os.path.join(git, common))  # noqa: PTH118 - as everywhere here


def _resolve(ref: str, git: str, common: str) -> str | None:
    for place in (git, common):
        try:
            found = _read(f"{place}/{ref}").strip()
        except OSError:
            continue
        if found.startswith(_MARK):
            return _resolve(found[len(_MARK) :], git, common)
        return found or None
    try:
        packed = _read(f"{common}/packed-refs")
    except OSError:
        return None
    match = re.search(rf"^(\w+) {re.escape(ref)}$", packed, re.MULTILINE)
    return match[1] if match else None


def _remote(common: str, branch: str | None) -> str | None:
    try:
        changed = os.stat(f"{common}/config").st_mtime_ns  # noqa: PTH116 - as everywhere here
        text = _config(f"{common}/config", changed)
    except OSError:
        return None
    return _remote_in(text, branch)


@lru_cache(maxsize=8)
def _config(path: str, changed: int) -> str:
    del changed
    return _read(path)


@lru_cache(maxsize=8)
def _remote_in(text: str, branch: str | None) -> str | None:
    sections = dict(re.findall(r"^\s*\[([^\]]+)\]([^\[]*)", text, re.MULTILINE))
    wanted = _setting(sections.get(f'branch "{branch}"', ""), "remote") or "origin"
    names = [f'remote "{wanted}"', *(name for name in sections if name[:6] == "remote")]
    for name in names:
        url = _setting(sections.get(name, ""), "url")
        if url:
            return without_credentials(url)
    return None


def _setting(section: str, name: str) -> str | None:
    match = re.search(rf"^\s*{name}\s*=\s*(.+?)\s*$", section, re.MULTILINE)
    return match[1].strip('"') if match else None


def _read(path: str) -> str:
    # Without the layers of open(), which cost more than the reading.
    place = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        parts = []
        while part := os.read(place, 65536):
            parts.append(part)
    finally:
        os.close(place)
    return b"".join(parts).decode("utf-8", "replace")
