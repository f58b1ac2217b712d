"""How the work tree differs from the commit that is checked out, as git tells it.

It asks the git command, so nothing here may stand in the way of a cell.
"""

from __future__ import annotations

import os
import subprocess
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from jupyter_mlops.capture.diffmask import mask_diff
from jupyter_mlops.capture.files.digests import DigestCache
from jupyter_mlops.capture.git import find_worktree, git_state
from jupyter_mlops.capture.secretnames import SECRET_FILES, is_secret_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jupyter_mlops.ids import Digest

LIMIT = 1_000_000
"""Bytes of a diff that are kept."""
_MARGIN = 100_000
"""Bytes read beyond the limit: a secret that is cut is not recognised."""
_TAIL = _MARGIN // 4
"""Letters thrown away where the reading stopped; one has four bytes at the most."""
_NAMES = 100
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_SECONDS = 20
_DIFF = (
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-renames",
    "--submodule=short",
)
_OTHERS = ("--others", "--exclude-standard", "--directory", "--no-empty-directory")
_digests = DigestCache()


class BinaryFile(NamedTuple):
    """A changed file that has no lines; its bytes are not kept.

    `digest` is None when it is gone.
    """

    path: str
    digest: Digest | None
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GitDiff:
    """How the files differ from the commit that is checked out.

    Attributes
    ----------
    text : str
        The diff as git writes it, secrets masked, notebooks last. Files that are
        known to hold secrets (``.env``, ``*.pem``) are not in it.
    changed : tuple of str
        The tracked files that differ.
    untracked : tuple of str
        Files that git neither tracks nor ignores; of a folder of such its name.
    is_cut : bool
        The diff was longer than what is kept.
    masked : int
        How many secrets were masked in it.
    """

    text: str = ""
    changed: tuple[str, ...] = ()
    untracked: tuple[str, ...] = ()
    binary: tuple[BinaryFile, ...] = ()
    is_cut: bool = False
    masked: int = 0

    @property
    def is_dirty(self) -> bool:
        """A tracked file was changed."""
        return bool(self.changed)

    def facts(self) -> dict[str, object]:
        """Return all but the text as plain values, long lists shortened and counted."""
        facts: dict[str, object] = {"dirty": self.is_dirty}
        for noun, names in (("changed", self.changed), ("untracked", self.untracked)):
            if names:
                facts[noun] = list(names[:_NAMES])
                facts[f"{noun}_count"] = len(names)
        if self.binary:
            facts["binary"] = [file._asdict() for file in self.binary[:_NAMES]]
        withheld = [path for path in self.changed if is_secret_file(path)]
        if withheld:
            facts["withheld"] = withheld[:_NAMES]
        if self.is_cut:
            facts["cut"] = True
        return facts


def git_diff(folder: Path | str | None = None, *, limit: int = LIMIT) -> GitDiff | None:
    """Ask git what differs from the commit; None where there is no git to ask.

    Parameters
    ----------
    folder : Path or str, optional
        Anywhere in the work tree; the working directory by default.
    limit : int
        How many bytes of the diff are kept.
    """
    state = git_state(folder)
    tree = find_worktree(folder)
    if state is None or tree is None:
        return None
    commit = state["commit"] or _EMPTY_TREE
    listed = _git(tree.folder, "diff", *_DIFF, "--numstat", "-z", commit, "--")
    others = _git(tree.folder, "ls-files", *_OTHERS, "-z")
    if listed is None or others is None:
        return None
    untracked = tuple(sorted(filter(None, others.split("\0"))))
    lines = [line.split("\t", 2) for line in listed.split("\0") if line]
    if not lines:
        return GitDiff(untracked=untracked)
    text, is_whole = _text(tree.folder, commit, limit + _MARGIN)
    shown, masked = mask_diff(text)
    kept = shown if is_whole else shown[:-_TAIL]
    is_cut = not is_whole or len(kept) > limit
    if is_cut:
        kept = kept[: kept.rfind("\n", 0, limit) + 1]
    return GitDiff(
        text=kept,
        changed=tuple(path for *_, path in lines),
        untracked=untracked,
        binary=_binary(tree.folder, [path for plus, _, path in lines if plus == "-"]),
        is_cut=is_cut,
        masked=masked,
    )


def tracked_files(folder: str) -> list[str] | None:
    """Return the files that git knows of; None when it cannot be asked."""
    listed = _git(folder, "ls-files", "-z")
    return None if listed is None else list(filter(None, listed.split("\0")))


def _text(folder: str, commit: str, room: int) -> tuple[str, bool]:
    """Return the diff, but no more than there is room for, and whether it is whole.

    Notebooks come last: their outputs are long, and must not push out the code.
    """
    secret = [f":(top,exclude,icase,glob)**/{name}" for name in SECRET_FILES]
    data = b""
    for paths in ":(top,exclude,glob)**/*.ipynb", ":(top,glob)**/*.ipynb":
        if len(data) < room:
            arguments = ("diff", *_DIFF, commit, "--", paths, *secret)
            data += _bounded(folder, room - len(data), *arguments)
    return data.decode("utf-8", "replace"), len(data) < room


def _binary(folder: str, paths: Iterable[str]) -> tuple[BinaryFile, ...]:
    found = []
    for path in paths:
        place = f"{folder}/{path}"
        try:
            size = os.stat(place).st_size  # noqa: PTH116 - as git gives it
            found.append(BinaryFile(path, _digests.digest(place), size))
        except OSError:
            found.append(BinaryFile(path, None, 0))
    return tuple(found)


def _environ() -> dict[str, str]:
    # It must not take the index's lock from under a git that the user runs.
    return {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


def _git(folder: str, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", folder, *arguments],
            capture_output=True,
            check=True,
            env=_environ(),
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace")


def _bounded(folder: str, limit: int, *arguments: str) -> bytes:
    """Return what git says, but no more of it than `limit`, nor after a while."""
    process = subprocess.Popen(
        ["git", "-C", folder, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environ(),
    )
    clock = threading.Timer(_SECONDS, process.kill)
    clock.daemon = True
    clock.start()
    try:
        assert process.stdout is not None
        with process.stdout as pipe:
            return pipe.read(limit)
    finally:
        clock.cancel()
        process.kill()
        process.wait()
