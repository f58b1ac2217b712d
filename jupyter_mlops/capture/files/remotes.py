"""Files that fsspec opens somewhere else: s3://, gs://, http://, lakefs://, memory://."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.files import hook, seams
from jupyter_mlops.capture.files.seen import RemoteFile
from jupyter_mlops.capture.files.urls import bare_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlops.capture.files.seen import Role

# What these open is seen as what it is: a plain file, or a file of another system.
_LAYERS = frozenset(
    {"file", "local", "dir", "reference", "zip", "tar", "libarchive", "asyncwrapper"}
)
_OPEN = "open"
# Method: place and name of each argument that is a path over there, and its role.
_METHODS: dict[str, tuple[tuple[int, str, Role], ...]] = {
    "cat_file": ((1, "path", "read"),),
    "get_file": ((1, "rpath", "read"),),
    "pipe_file": ((1, "path", "written"),),
    "put_file": ((2, "rpath", "written"),),
    "cp_file": ((1, "path1", "read"), (2, "path2", "written")),
}
_METHODS |= {f"_{name}": places for name, places in _METHODS.items()}


def _find(module: str) -> Iterator[seams.Seam]:
    held = sys.modules[module]
    if module == "fsspec.asyn":
        yield seams.Seam(held, "sync", _note_sync)
        return
    yield seams.Seam(held._Cached, "__call__", _note_class)  # noqa: SLF001 - where fsspec makes each of its file systems
    waiting = [held.AbstractFileSystem]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        yield from _of_class(kind)


def _of_class(kind: type) -> Iterator[seams.Seam]:
    own = vars(kind)
    if _OPEN in own:
        yield seams.Seam(kind, _OPEN, _note_open, is_after=True)
    for name in _METHODS:
        if name in own:
            yield seams.Seam(kind, name, _method_note(name))


def _note_class(args: Sequence[Any], _kwargs: dict[str, Any], _result: Any) -> None:
    """Put notes to a file system that was imported since: the first use imports it."""
    for kind in args[0].__mro__[:-1]:
        seams.put(_of_class(kind))


def _note_open(args: Sequence[Any], kwargs: dict[str, Any], result: Any) -> None:
    mode = args[2] if len(args) > 2 else kwargs.get("mode", "rb")  # noqa: PLR2004 - self, path, mode
    path = args[1] if len(args) > 1 else kwargs["path"]
    if mode.strip("bt") == "r":
        # What a file system has asked anyway; nothing is asked of it here.
        details = getattr(result, "__dict__", {}).get("_details")
        _note(args[0], path, "read", details)
    else:
        _note(args[0], path, "written")


def _method_note(name: str) -> seams.Note:
    places = _METHODS[name]

    def note(args: Sequence[Any], kwargs: dict[str, Any], _result: Any) -> None:
        for place, keyword, role in places:
            path = args[place] if len(args) > place else kwargs[keyword]
            _note(args[0], path, role)

    return note


def _note_sync(args: Sequence[Any], kwargs: dict[str, Any], _result: Any) -> None:
    """Note a call that an asynchronous file system, made earlier, passes on."""
    call = args[1]
    name = getattr(call, "__name__", "")
    if name in _METHODS and hasattr(call, "__self__"):
        _method_note(name)((call.__self__, *args[2:]), kwargs, None)


def _note(
    system: Any, path: Any, role: Role, details: dict[str, Any] | None = None
) -> None:
    protocol = system.protocol
    names = {protocol} if isinstance(protocol, str) else set(protocol)
    if hasattr(system, "_mapper") and hasattr(system, "storage"):
        # It keeps copies of another one's files here.
        hook.note_left_out([folder for folder in system.storage if folder != "TMP"])
        system, names = system.fs, set()
    if names & _LAYERS or not isinstance(path, str):
        return
    url = system.unstrip_protocol(path)
    host = getattr(system, "host", None)
    if isinstance(host, str) and ":///" in url:
        url = url.replace(":///", f"://{host}/", 1)
    own_path = system._strip_protocol(path)  # noqa: SLF001 - what each fsspec method begins with
    kept = dict(details) if isinstance(details, dict) else None
    hook.note_remote(bare_url(url), role, RemoteFile(system, own_path, kept))


seams.add_source(("fsspec.spec", "fsspec.asyn"), _find)
