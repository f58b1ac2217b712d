"""Where the project's git stands, read from git's own files: no process is started.

Only `git_diff` asks the git command, and nothing calls it around every cell.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_SECONDS = 30
_MARK = "ref: "


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
        found = _find(os.fspath(folder or os.getcwd()))  # noqa: PTH109 - as everywhere here: cheap
        if found is None:
            return None
        git, common = found
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


@dataclass(frozen=True, slots=True)
class GitDiff:
    """How the files differ from the commit that is checked out.

    Attributes
    ----------
    is_dirty : bool
        A tracked file was changed.
    text : str
        The diff, as git writes it.
    untracked : tuple of str
        Files that git neither tracks nor ignores.
    """

    is_dirty: bool
    text: str
    untracked: tuple[str, ...] = ()


def git_diff(folder: Path | str | None = None) -> GitDiff | None:
    """Ask git what differs from the commit; None where there is no git to ask."""
    state = git_state(folder)
    if state is None:
        return None
    at = os.fspath(folder or ".")
    diff = ("diff", "--no-ext-diff", "--no-textconv", "--no-color", "--submodule=short")
    text = _git(at, *diff, state["commit"] or _EMPTY_TREE, "--")
    others = _git(at, "ls-files", "--others", "--exclude-standard", "-z", ":/")
    if text is None or others is None:
        return None
    return GitDiff(bool(text), text, tuple(sorted(filter(None, others.split("\0")))))


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


def _find(folder: str) -> tuple[str, str] | None:
    """Find git's folder for this work tree and the one that all work trees share."""
    while True:
        git = f"{folder.rstrip('/')}/.git"
        if os.path.isdir(git):  # noqa: PTH112 - as everywhere here
            return git, git
        if os.path.isfile(git):  # noqa: PTH113 - as everywhere here
            target = _read(git).partition("gitdir:")[2].strip()
            git = os.path.join(folder, target)  # noqa: PTH118 - as everywhere here
            try:
                common = _read(f"{git}/commondir").strip()
            except OSError:
                return git, git
            return git, os.path.join(git, common)  # noqa: PTH118 - as everywhere here
        folder, last = os.path.dirname(folder), folder  # noqa: PTH120 - as everywhere here
        if folder == last:
            return None


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
        text = _read(f"{common}/config")
    except OSError:
        return None
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
    with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - as everywhere here
        return file.read()


def _git(folder: str, *arguments: str) -> str | None:
    # It must not take the index's lock from under a git that the user runs.
    environ = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "-C", folder, *arguments],
            capture_output=True,
            check=True,
            env=environ,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace")
