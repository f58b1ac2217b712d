"""An example of a model's input: a few rows, masked, and the signature they give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from jupyter_mlops.capture.example import example_of, masked_example
from jupyter_mlops.capture.masking import Masker
from jupyter_mlops.capture.profile import profile
from jupyter_mlops.capture.signature import signature_of
from jupyter_mlops.errors import InvalidModelInputError
from jupyter_mlops.registry.signatures.signature import Signature

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_mlops.ids import Digest


def kept_example(
    data: Any, put: Callable[[bytes], Digest], target: Any = None
) -> dict[str, Digest]:
    """Store the signature that data gives, and a few rows of it.

    Returns
    -------
    dict
        Digests: ``signature``, and ``example`` where rows could be kept.

    Raises
    ------
    InvalidModelInputError
        When the data has neither columns nor a shape.
    """
    described = profile(data, target)
    document = None if described is None else signature_of(data, described)
    if document is None:
        raise InvalidModelInputError(
            f"A {type(data).__name__} is no example of a model's input: give a frame, "
            f"an array, or a list of rows.",
            problems={},
            columns=[],
        )
    return stored(document, example_of(data, document), put)


def stored(
    document: Mapping[str, Any],
    example: Mapping[str, Any] | None,
    put: Callable[[bytes], Digest],
) -> dict[str, Digest]:
    """Store a signature and an example, secrets masked.

    One whose columns are called by secrets is not stored: it would fit no data.
    """
    masker = Masker()
    signature = Signature.from_json(document)
    masked = masker.texts(signature.to_json())
    if Signature.from_json(masked).names != signature.names:
        return {}
    found = {"signature": put(_bytes(masked))}
    if example is not None:
        found["example"] = put(_bytes(masked_example(example, masker)))
    return found


def rows_of(example: Mapping[str, Any], signature: Signature) -> Any:
    """Return an example as the model takes it.

    Raises
    ------
    InvalidModelInputError
        When it does not fit the signature.
    """
    if "columns" in example:
        names = example["columns"]
        rows = [dict(zip(names, row, strict=True)) for row in example["rows"]]
        return signature.converted(rows)
    return signature.converted(example["rows"])


def _bytes(document: Mapping[str, Any]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
