"""ONNX: graphs as they are, without a file beside them.

A graph that wants its weights from another file is refused: the file would say which.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.kinship import is_of
from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.registry.flavors.described import class_name
from jupyter_mlops.registry.flavors.refusals import refused, unreadable, unstorable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.registry.words import LoadWord

NAME = "onnx"
FILE = "model.onnx"
EXTRA = "onnx"
_EXTERNAL = 1
"""`TensorProto.EXTERNAL`: https://onnx.ai/onnx/repo-docs/ExternalData.html."""


@dataclass(frozen=True, slots=True)
class OnnxBytes:
    """A graph as bytes, or the file that holds it, of whoever wrote it."""

    data: bytes | Path


def matches(value: Any) -> bool:
    """Tell whether `value` is a graph, a session over one, or bytes said to be one."""
    return isinstance(value, OnnxBytes) or is_of(
        value, "onnx.ModelProto", "onnxruntime.InferenceSession"
    )


def describe(value: Any) -> dict[str, Any]:
    """Return class and library; what it was made with is in the graph."""
    made_with = getattr(value, "producer_name", "") or None
    params = {"producer": made_with} if made_with else {}
    return {
        "class": class_name(value),
        "library": "onnx",
        "version": None,
        "params": params,
    }


def save(value: Any, folder: Path) -> dict[str, Any]:
    """Write the graph as one file.

    Raises
    ------
    UnstorableObjectError
        When it keeps weights in other files, or is no graph.
    """
    onnx = _onnx()
    data = _bytes(value)
    try:
        graph = onnx.load_model_from_string(data)
    except Exception as error:
        raise unstorable(value, f"it is no graph ({error})", "Check it.") from error
    if not graph.graph.node:
        raise unstorable(value, "it is no graph: it has no nodes", "Check it.")
    if _first_outside(graph) is not None:
        raise unstorable(
            value,
            "it keeps weights in another file",
            "Read it whole: onnx.load(path, load_external_data=True).",
        )
    (folder / FILE).write_bytes(data)
    return describe(value)


def load(folder: Path, meta: dict[str, Any], word: LoadWord) -> Any:  # noqa: ARG001 - the file says it all
    """Read the graph: an ``onnx.ModelProto``.

    Raises
    ------
    UnsafeModelError
        When it is none, or points to another file.
    """
    onnx = _onnx()
    try:
        graph = onnx.load_model_from_string((folder / FILE).read_bytes())
        outside = _first_outside(graph)
        if outside is None:
            onnx.checker.check_model(graph)
    except Exception as error:
        raise unreadable(error) from error
    if outside is not None:
        raise refused(f"'{outside}' in it points to another file")
    return graph


def predictor(model: Any) -> Any:
    """Return a function that predicts: a session is made once.

    Raises
    ------
    MissingLibraryError
        When onnxruntime is not installed.
    """
    from jupyter_mlops.registry.flavors import library

    runtime = library("onnxruntime", EXTRA)
    session = runtime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return lambda data: _run(session, data)


def inputs(value: Any) -> dict[str, Any]:
    """Return what the graph says of its inputs."""
    graph = value if hasattr(value, "graph") else None
    if graph is None:
        return {}
    known = {item.name for item in graph.graph.initializer}
    wanted = [item for item in graph.graph.input if item.name not in known]
    if len(wanted) != 1:
        return {}
    tensor = wanted[0].type.tensor_type
    shape = [d.dim_value or None for d in tensor.shape.dim]
    dtype = {1: "float32", 11: "float64", 6: "int32", 7: "int64"}.get(tensor.elem_type)
    return {"shape": [None, *shape[1:]], "dtype": dtype} if shape and dtype else {}


def _run(session: Any, data: Any) -> Any:
    import numpy as np

    wanted = session.get_inputs()
    if not isinstance(data, dict):
        is_frame = hasattr(data, "columns") and len(wanted) > 1
        data = (
            {item.name: data[[item.name]].to_numpy() for item in wanted}
            if is_frame
            else {wanted[0].name: np.asarray(data)}
        )
    fed = {
        item.name: _as_type(np.asarray(data[item.name]), item.type) for item in wanted
    }
    found = session.run(None, fed)
    names = [item.name for item in session.get_outputs()]
    return found[0] if len(found) == 1 else dict(zip(names, found, strict=True))


def _as_type(array: Any, name: str) -> Any:
    kind = {"tensor(float)": "float32", "tensor(double)": "float64"}.get(name)
    return array.astype(kind) if kind and array.dtype.kind in "iuf" else array


def _bytes(value: Any) -> bytes:
    if isinstance(value, OnnxBytes):
        return _of_file(value.data)
    if hasattr(value, "SerializeToString"):
        try:
            return bytes(value.SerializeToString())
        except ValueError as error:
            # Protocol buffers end at 2 GB.
            raise unstorable(value, str(error)) from error
    # A session keeps what it was made of, by one of these names.
    data = getattr(value, "_model_bytes", None)
    path = getattr(value, "_model_path", None)
    if data is not None:
        return bytes(data)
    if path is None:
        raise unstorable(value, "the session does not say what it was made of")
    return _of_file(Path(path))


def _of_file(data: bytes | Path) -> bytes:
    if isinstance(data, bytes):
        return data
    try:
        return Path(data).read_bytes()
    except OSError as error:
        raise InvalidInputError(
            f"{data} cannot be read: {error.strerror}.", path=data
        ) from error


def _first_outside(graph: Any) -> str | None:
    """Name a tensor whose values are in another file, wherever in the graph it is."""
    for tensor in _tensors(graph):
        if tensor.data_location == _EXTERNAL or len(tensor.external_data):
            return str(tensor.name) or "a tensor"
    return None


def _tensors(message: Any) -> Iterator[Any]:
    waiting = [message]
    while waiting:
        item = waiting.pop()
        if type(item).__name__ == "TensorProto":
            yield item
            continue
        for field, value in item.ListFields():
            if field.message_type is not None:
                is_many = not hasattr(value, "ListFields")
                waiting.extend(value if is_many else [value])


def _onnx() -> Any:
    from jupyter_mlops.registry.flavors import library

    return library("onnx", EXTRA)
