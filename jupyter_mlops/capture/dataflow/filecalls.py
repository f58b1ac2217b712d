"""Calls that read, write or open files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import files
from jupyter_mlops.capture.dataflow.constants import text_of
from jupyter_mlops.capture.dataflow.heap import Kind, Obj, Value
from jupyter_mlops.capture.dataflow.knowledge import paths as known

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.arguments import Args
    from jupyter_mlops.capture.dataflow.callsite import Call
    from jupyter_mlops.capture.dataflow.run import CellRun


def use_files(run: CellRun, call: Call) -> None:
    """Note the files that a call reads and writes."""
    path, args = call.path, call.args
    if path in known.READS_PATH:
        place, name = known.READS_PATH[path]
        _read(run, args, place, name)
    elif call.root == "pandas" and call.last.startswith("read_"):
        _read(run, args, 0, "filepath_or_buffer")
    if path in known.WRITES_PATH:
        place, name = known.WRITES_PATH[path]
        if not any(obj.kind is Kind.HANDLE for obj in args.value(place, name)):
            target = text_of(run, args.node(place, name))
            files.write_file(run, target, is_new=path in known.WRITES_NEW)
    if path in ("shutil.move", "os.rename", "os.replace"):
        files.write_file(run, text_of(run, args.node(0, "src")), is_new=False)


def _read(run: CellRun, args: Args, place: int, name: str) -> None:
    given = args.node(place, name)
    handles = [obj for obj in args.value(place, name) if obj.kind is Kind.HANDLE]
    if not handles:
        path = text_of(run, given)
        files.read_file(run, path if given is not None else ".")


def open_file(run: CellRun, path: str, args: Args, node: object) -> Value:
    """Open a file: what is written through the handle later is written to it."""
    place, name = known.OPENS[path]
    handle = run.make(node, Kind.HANDLE)
    value = frozenset((handle,))
    if path in known.NO_FILE:
        run.hold(value, args.everything)
        return value
    given = text_of(run, args.node(place, name))
    mode_node = args.node(1, "mode")
    mode = "r" if mode_node is None else text_of(run, mode_node)
    if path in ("sqlite3.connect", "pandas.HDFStore"):
        mode = "a"
    elif path == "pandas.ExcelWriter":
        mode = "w"
    return open_mode(run, handle, given, mode)


def open_mode(run: CellRun, handle: Obj, given: str | None, mode: str | None) -> Value:
    """Let `handle` be opened on a path in a mode, either None if not known."""
    value = frozenset((handle,))
    if mode is None or any(letter in mode for letter in "ra+"):
        files.read_file(run, given)
    if mode is None or any(letter in mode for letter in "wax+"):
        is_new = mode is not None and "w" in mode
        content = files.write_file(run, given, is_new=is_new)
        run.link(handle, content)
    return value
