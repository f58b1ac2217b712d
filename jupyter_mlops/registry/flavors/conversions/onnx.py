"""Models as ONNX, by the converters of their libraries."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MlopsError, NotExportableError
from jupyter_mlops.registry.flavors import flavor_named, library

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.signatures import Signature
    from jupyter_mlops.registry.words import LoadWord

_EXTRA = "onnx"
_KINDS = frozenset({"bool", "category", "float", "integer", "text"})


def to_onnx(
    flavor: str,
    folder: Path,
    meta: dict[str, Any],
    signature: Signature | None,
    word: LoadWord,
) -> bytes | Path:
    """Return a model as ONNX: its bytes, or the file that is one already.

    Raises
    ------
    NotExportableError
        When its converter does not know a part of it.
    MissingLibraryError
        When the converter is not installed.
    """
    files = sorted(folder.glob("*.onnx"))
    if files:
        return files[0]
    model = flavor_named(flavor).load(folder, meta, word)
    try:
        return _CONVERTERS[flavor](model, signature)
    except NotExportableError:
        raise
    except Exception as error:
        if isinstance(error, MlopsError) and getattr(error, "module", None):
            # A converter that is not installed says how to get it.
            raise
        # A converter raises whatever its library does on what it does not know.
        said = " ".join(str(getattr(error, "reason", error)).split())[:300]
        raise NotExportableError(
            f"This {meta.get('class', flavor)} cannot be written as ONNX: {said}",
            reason=said,
        ) from error


def known_columns(signature: Signature | None) -> Signature | None:
    """Return a signature that tells the type of each column, else None.

    Where names alone are known, the input is one matrix, if it can be.
    """
    columns = signature.columns if signature else ()
    are_known = all(column.kind in _KINDS for column in columns)
    return signature if are_known else None


def _sklearn(model: Any, signature: Signature | None) -> bytes:
    from jupyter_mlops.registry.flavors.sklearn_onnx import graph_of

    return graph_of(model, known_columns(signature))


def _xgboost(model: Any, signature: Signature | None) -> bytes:  # noqa: ARG001 - the booster knows its width
    tools, shape = _tools()
    booster = model.get_booster() if hasattr(model, "get_booster") else model
    # Its converter knows features by number only.
    booster.feature_names = None
    made = tools.convert_xgboost(
        model, initial_types=[("input", shape([None, booster.num_features()]))]
    )
    return bytes(made.SerializeToString())


def _lightgbm(model: Any, signature: Signature | None) -> bytes:  # noqa: ARG001 - as above
    tools, shape = _tools()
    width = getattr(model, "booster_", model).num_feature()
    made = tools.convert_lightgbm(
        model, initial_types=[("input", shape([None, width]))], zipmap=False
    )
    return bytes(made.SerializeToString())


def _tools() -> tuple[Any, Any]:
    tools = library("onnxmltools", _EXTRA)
    types = library("onnxmltools.convert.common.data_types", _EXTRA)
    return tools, types.FloatTensorType


def _torch(model: Any, signature: Signature | None) -> bytes:
    from jupyter_mlops.registry.flavors.conversions.torch_program import example_for

    torch = library("torch", _EXTRA)
    library("onnxscript", _EXTRA)
    example = example_for(model, signature)
    shapes = ({0: torch.export.Dim.DYNAMIC},)
    made = torch.onnx.export(
        model.eval(), (example,), dynamo=True, dynamic_shapes=shapes, verbose=False
    )
    taken = io.BytesIO()
    made.save(taken)
    return taken.getvalue()


def _torch_program(model: Any, signature: Signature | None) -> bytes:  # noqa: ARG001 - the program knows its input
    torch = library("torch", _EXTRA)
    library("onnxscript", _EXTRA)
    made = torch.onnx.export(model, dynamo=True, verbose=False)
    taken = io.BytesIO()
    made.save(taken)
    return taken.getvalue()


_CONVERTERS = {
    "sklearn": _sklearn,
    "xgboost": _xgboost,
    "lightgbm": _lightgbm,
    "torch": _torch,
    "torch_program": _torch_program,
}
