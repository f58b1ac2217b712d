"""scikit-learn models as ONNX graphs: beside the model, or when it is exported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MlopsError
from jupyter_mlops.registry.flavors.refusals import unstorable

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.signatures import Signature

FILE = "model.onnx"
_ADVICE = "Keep it without onnx=True, or give example=… with rows that it takes."
_NUMBERS = ("FloatTensorType", "DoubleTensorType", "Int64TensorType")
"""Tried in turn: not every operator is there for every type."""


def write_beside(model: Any, example: Any, folder: Path) -> str:
    """Write a model as ONNX into `folder`, and return the file's name.

    Parameters
    ----------
    example : frame-like or None
        Rows that it takes; without, it takes numbers only.

    Raises
    ------
    UnstorableObjectError
        When it cannot be converted, or the graph predicts otherwise.
    """
    data = graph_of(model, _signature(example), example)
    (folder / FILE).write_bytes(data)
    return FILE


def graph_of(model: Any, signature: Signature | None, example: Any = None) -> bytes:
    """Convert a scikit-learn model, and return the graph's bytes.

    Parameters
    ----------
    signature : Signature or None
        What it takes: each column of a table is an input of the graph.
    example : frame-like, optional
        Rows on which the graph must predict as the model does.

    Raises
    ------
    UnstorableObjectError
        As `write_beside`.
    MissingLibraryError
        When skl2onnx is not installed.
    """
    from jupyter_mlops.registry.flavors import library

    skl2onnx = library("skl2onnx", "onnx")
    options = {id(model): {"zipmap": False}} if hasattr(model, "classes_") else None

    failure: Exception | None = None
    for numbers in _NUMBERS:
        try:
            types = _types(model, signature, numbers)
            graph = skl2onnx.convert_sklearn(
                model, initial_types=types, options=options
            )
            if example is not None:
                _compare(model, graph, example)
        except MlopsError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a converter does not know, in whichever way it says so
            failure = failure or error
        else:
            return bytes(graph.SerializeToString())
    reason = f"it cannot be converted to ONNX ({failure})"
    raise unstorable(model, reason, _ADVICE) from failure


def _signature(example: Any) -> Signature | None:
    from jupyter_mlops.capture.profile import profile
    from jupyter_mlops.capture.signature import signature_of
    from jupyter_mlops.registry.signatures import Signature

    described = None if example is None else profile(example)
    found = None if described is None else signature_of(example, described)
    return None if found is None else Signature.from_json(found)


def _types(
    model: Any, signature: Signature | None, numbers: str
) -> list[tuple[str, Any]]:
    from skl2onnx.common import data_types  # type: ignore[import-untyped]  # it ships no types

    if signature is None or not signature.columns:
        width = int(model.n_features_in_)
        return [("input", getattr(data_types, numbers)([None, width]))]
    kinds = {
        "bool": data_types.BooleanTensorType,
        "category": data_types.StringTensorType,
        "float": getattr(data_types, numbers),
        "integer": getattr(data_types, numbers),
        "text": data_types.StringTensorType,
    }
    are_numbers = all(item.kind in ("float", "integer") for item in signature.columns)
    if are_numbers and not _takes_columns(model):
        width = len(signature.columns)
        return [("input", getattr(data_types, numbers)([None, width]))]
    return [
        (column.name, kinds[column.kind]([None, 1])) for column in signature.columns
    ]


def _takes_columns(model: Any) -> bool:
    """Tell whether a part of a model chooses columns by their names."""
    steps = [step for _, step in getattr(model, "steps", ())]
    return hasattr(model, "transformers") or any(map(_takes_columns, steps))


def _compare(model: Any, graph: Any, example: Any) -> None:
    import numpy as np

    from jupyter_mlops.registry.flavors.onnx import predictor

    found = predictor(graph)(example)
    first = next(iter(found.values())) if isinstance(found, dict) else found
    told = np.asarray(model.predict(example))
    ours = np.asarray(first).reshape(told.shape)
    if told.dtype.kind == "f":
        is_same = np.allclose(told, ours, rtol=1e-3, atol=1e-5)
    else:
        is_same = bool((told == ours).mean() >= 1 - 1e-3)
    if not is_same:
        raise ValueError("the graph predicts otherwise")
