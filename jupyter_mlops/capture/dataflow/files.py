"""Files that pass something from one cell to another, as far as the text names them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.heap import NOTHING, Kind, Obj

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.run import CellRun
    from jupyter_mlops.capture.dataflow.world import World

ANY = "?"
"""Stands for a path that is built at run time."""


def read_file(run: CellRun, path: str | None) -> None:
    """Depend on whoever wrote `path`, or any file if the path is not known."""
    _use_place(run, path)
    wanted = _plain(path)
    for known in list(run.world.files):
        if may_be_same(run.world, known, wanted):
            run.read_state(f"$file {known}", _shown(known))


def write_file(run: CellRun, path: str | None, *, is_new: bool) -> Obj:
    """Note that `path` is written.

    Parameters
    ----------
    is_new : bool
        Nothing of what was there before is left.

    Returns
    -------
    Obj
        Stands for the content, for whoever goes on writing through a handle.
    """
    _use_place(run, path)
    wanted = _plain(path)
    for known in list(run.world.files):
        # A folder made, or an archive unpacked, by an earlier cell.
        if known != wanted and may_be_same(run.world, known, wanted):
            run.read_state(f"$file {known}", _shown(known))
    content = Obj(Kind.DATA, is_summary=True)
    run.world.files.add(wanted)
    key = f"$file {wanted}"
    if is_new and wanted != ANY:
        run.replace(key, "writes", frozenset((content,)))
    else:
        run.read_state(key, _shown(wanted))
        run.mark(key, "writes", frozenset((content,)))
    return content


def touch_all(run: CellRun, why: str = "may write") -> None:
    """Note that code runs which may read and write any file."""
    read_file(run, None)
    if run.evidence is not None and run.evidence.rules_out("files"):
        return
    run.world.files.add(ANY)
    run.mark(f"$file {ANY}", why, NOTHING)


def _use_place(run: CellRun, path: str | None) -> None:
    if path is None or not posixpath.isabs(path):
        run.read_state("$cwd", "the working directory")


def _plain(path: str | None) -> str:
    if path is None:
        return ANY
    if "://" in path:
        return path
    return posixpath.normpath(path)


def _shown(path: str) -> str:
    return "files" if path == ANY else path


def may_be_same(world: World, one: str, other: str) -> bool:
    """Tell whether two paths may lead to the same file, or one into the other."""
    if ANY in (one, other):
        return True
    if one == other or _is_within(one, other) or _is_within(other, one):
        return True
    if other.startswith(f"{one}.") or one.startswith(f"{other}."):
        # Some writers add the ending themselves.
        return True
    is_told_apart = posixpath.isabs(one) == posixpath.isabs(other)
    if is_told_apart and "$cwd" not in world.names and ".." not in one + other:
        return any(letter in one + other for letter in "*?[~$")
    return posixpath.basename(one) == posixpath.basename(other) or any(
        letter in one + other for letter in "*?[~$"
    )


def _is_within(path: str, folder: str) -> bool:
    return folder == "." or path.startswith(folder.rstrip("/") + "/")
