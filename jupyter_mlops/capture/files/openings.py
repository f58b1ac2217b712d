"""Where libraries open files in C, C++ or Rust, of which Python is not told.

Each is the innermost call that still knows the path: it sees functions that a user
has imported by name, too. What was read and what was written is told later, by
whether the file has changed.
"""

from __future__ import annotations

import functools
import glob
import itertools
import sys
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.files import hook, seams
from jupyter_mlops.capture.files.seen import RemoteFile
from jupyter_mlops.capture.files.urls import bare_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from jupyter_mlops.capture.files.seen import Role

_DOWNLOADS = ("http://", "https://", "ftp://")
_GLOB = frozenset("*?[")
_MATCHES = 10_000

# Module: calls, each with the place and the name of the argument that is the path.
_CALLS: dict[str, tuple[tuple[str, int, str], ...]] = {
    "pyarrow.csv": (
        ("read_csv", 0, "input_file"),
        ("open_csv", 0, "input_file"),
        ("write_csv", 1, "output_file"),
    ),
    "pyarrow.json": (
        ("read_json", 0, "input_file"),
        ("open_json", 0, "input_file"),
    ),
    "pyarrow._feather": (
        ("FeatherReader", 0, "source"),
        ("write_feather", 1, "dest"),
    ),
    "pyarrow.orc": (
        ("ORCFile.__init__", 1, "source"),
        ("ORCWriter.__init__", 1, "where"),
    ),
    "pyarrow.ipc": (
        ("RecordBatchFileReader.__init__", 1, "source"),
        ("RecordBatchStreamReader.__init__", 1, "source"),
        ("RecordBatchFileWriter.__init__", 1, "sink"),
        ("RecordBatchStreamWriter.__init__", 1, "sink"),
    ),
    "pyarrow": (
        ("memory_map", 0, "path"),
        ("create_memory_map", 0, "path"),
        ("input_stream", 0, "source"),
        ("output_stream", 0, "source"),
    ),
    # pandas asks for the folder, just before it hands the path to pyarrow.
    "pandas.io.parquet": (("check_parent_directory", 0, "path"),),
    "h5py._hl.files": (("File.__init__", 1, "name"),),
    "tables.file": (("File.__init__", 1, "filename"),),
    "torch.serialization": (("_open_zipfile_writer_file.__init__", 1, "name"),),
    "xgboost.core": (
        ("Booster.save_model", 1, "fname"),
        ("Booster.load_model", 1, "fname"),
        ("DMatrix.save_binary", 1, "fname"),
    ),
    "lightgbm.basic": (
        ("Booster.save_model", 1, "filename"),
        ("Booster.__init__", 3, "model_file"),
    ),
    "safetensors.torch": (
        ("serialize_file", 1, "filename"),
        ("safe_open", 0, "filename"),
    ),
    "safetensors.numpy": (
        ("serialize_file", 1, "filename"),
        ("safe_open", 0, "filename"),
    ),
}

# What becomes of a path and a file system, where pyarrow works it out.
_RESOLVED: dict[str, tuple[str, ...]] = {
    "pyarrow.fs": ("_resolve_filesystem_and_path",),
    "pyarrow.orc": ("_resolve_filesystem_and_path",),
    "pyarrow.parquet.core": ("_resolve_filesystem_and_path",),
    "pyarrow.dataset": ("_ensure_multiple_sources",),
}
_SCHEMES = {"s3": "s3", "gcs": "gs", "abfs": "abfs", "hdfs": "hdfs"}

_POLARS = ("normalize_filepath", "normalise_filepath")


def _find_calls(module: str) -> Iterator[seams.Seam]:
    for dotted, place, keyword in _CALLS[module]:
        owner: Any = sys.modules[module]
        *outer, name = dotted.split(".")
        for part in outer:
            owner = getattr(owner, part, None)
        if owner is not None:
            yield seams.Seam(owner, name, _path_note(place, keyword))


def _path_note(place: int, keyword: str) -> seams.Note:
    def note(args: Sequence[Any], kwargs: dict[str, Any], _result: Any) -> None:
        hook.note_path(args[place] if len(args) > place else kwargs.get(keyword))

    return note


def _find_resolved(module: str) -> Iterator[seams.Seam]:
    for name in _RESOLVED[module]:
        yield seams.Seam(sys.modules[module], name, _note_resolved, is_after=True)


def _note_resolved(_args: Sequence[Any], _kwargs: dict[str, Any], result: Any) -> None:
    system, paths = result
    kind = getattr(system, "type_name", None)
    # Those of fsspec are seen where fsspec opens them.
    for path in paths if isinstance(paths, list) else [paths]:
        if kind == "local":
            hook.note_path(path)
        elif kind in _SCHEMES and isinstance(path, str):
            url = bare_url(f"{_SCHEMES[kind]}://{path}")
            hook.note_remote(url, _role_by_caller(), RemoteFile(system, path))


def _role_by_caller() -> Role:
    """Tell whether pyarrow's function that wants a remote file is a writer."""
    frame = sys._getframe()  # noqa: SLF001 - there is no public way, and inspect's is slow
    while frame.f_back is not None and "pyarrow" not in frame.f_code.co_filename:
        frame = frame.f_back
    # write_dataset, ParquetWriter.__init__
    return "written" if "rite" in frame.f_code.co_qualname else "read"


def _find_polars(_module: str) -> Iterable[seams.Seam]:
    return _polars_seams(len(sys.modules))


@functools.lru_cache(maxsize=1)
def _polars_seams(_modules: int) -> list[seams.Seam]:
    """Find the function that each path goes through, in all modules that hold it.

    Once for each number of modules: a cell that imports nothing adds none.
    """
    found: list[seams.Seam] = []
    for name, module in list(sys.modules.items()):
        if name.startswith("polars.") and name != "polars._utils.various":
            role: Role = "read" if name.startswith("polars.io.") else "written"
            found.extend(
                seams.Seam(module, function, _polars_note(role))
                for function in _POLARS
                if function in vars(module)
            )
    partition = getattr(sys.modules.get("polars.io.partition"), "PartitionBy", None)
    if partition is not None:
        found.append(seams.Seam(partition, "__init__", _path_note(1, "base_path")))
    return found


def _polars_note(role: Role) -> seams.Note:
    def note(args: Sequence[Any], kwargs: dict[str, Any], _result: Any) -> None:
        path = args[0] if args else kwargs.get("path")
        text = str(path)
        if not _GLOB.isdisjoint(text) and "://" not in text:
            for match in itertools.islice(glob.iglob(text, recursive=True), _MATCHES):  # noqa: PTH207 - a text is what polars takes
                hook.note_path(match, role)
        else:
            hook.note_path(text, role)

    return note


def _find_processes(module: str) -> Iterator[seams.Seam]:
    def note(_args: Sequence[Any], _kwargs: dict[str, Any], _result: Any) -> None:
        hook.note_child()

    yield seams.Seam(sys.modules[module].BaseProcess, "start", note)


def _find_requests(module: str) -> Iterator[seams.Seam]:
    yield seams.Seam(
        sys.modules[module].OpenerDirector, "open", _note_request, is_after=True
    )


def _note_request(args: Sequence[Any], kwargs: dict[str, Any], result: Any) -> None:
    """Note what was downloaded by Python's own means: `pandas.read_csv("http…")`."""
    asked = args[1] if len(args) > 1 else kwargs["fullurl"]
    data = args[2] if len(args) > 2 else kwargs.get("data")  # noqa: PLR2004 - self, URL, data
    url = asked if isinstance(asked, str) else asked.full_url
    is_sent = data is not None or getattr(asked, "data", None) is not None
    if is_sent or getattr(asked, "method", None) not in {None, "GET"}:
        return
    if url.startswith(_DOWNLOADS):
        details: dict[str, Any] = dict(result.headers.items())
        length = str(details.get("Content-Length", ""))
        details["size"] = int(length) if length.isdigit() else None
        hook.note_remote(bare_url(url), "read", RemoteFile(details=details))


_SOURCES: tuple[tuple[tuple[str, ...], Callable[[str], Iterable[seams.Seam]]], ...] = (
    (tuple(_CALLS), _find_calls),
    (tuple(_RESOLVED), _find_resolved),
    (("polars",), _find_polars),
    (("multiprocessing.process",), _find_processes),
    (("urllib.request",), _find_requests),
)
for _modules, _find in _SOURCES:
    seams.add_source(_modules, _find)
