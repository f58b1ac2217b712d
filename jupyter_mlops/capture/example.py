"""A few rows of what a model is fitted to, as JSON: bounded, masked before stored.

``{"columns": [names], "rows": [[values], ...]}`` of a table, ``{"rows": [...]}`` of an
array, nested as it is; null where a value is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.profile.frame import container_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.capture.masking import Masker

ROWS = 5
_VALUES = 10_000
"""Values of all rows together."""
_LETTERS = 200
_LONGEST = 2_000
"""Letters of a text beyond which none of it is kept: half a secret cannot be masked."""


def example_of(data: Any, signature: dict[str, Any]) -> dict[str, Any] | None:
    """Return a few rows as JSON: ``columns`` (of a table) and ``rows``.

    None when one row alone is too large, or holds what has no JSON form.
    """
    try:
        if "inputs" in signature:
            return _table_rows(data, [item["name"] for item in signature["inputs"]])
        return _array_rows(data)
    except (TypeError, ValueError, AttributeError, KeyError):
        return None


def masked_example(example: Mapping[str, Any], masker: Masker) -> dict[str, Any]:
    """Mask an example's values, by the names of their columns, too."""
    names = example.get("columns")
    if names is None:
        return {"rows": masker.value(example["rows"])}
    rows = [
        [
            _cut(masker.named(name, value))
            for name, value in zip(names, row, strict=True)
        ]
        for row in example["rows"]
    ]
    return {"columns": masker.texts(names), "rows": rows}


def _cut(value: Any) -> Any:
    return value[:_LETTERS] if isinstance(value, str) else value


def _table_rows(data: Any, names: list[str]) -> dict[str, Any] | None:
    count = min(ROWS, _VALUES // max(len(names), 1))
    if not count:
        return None
    head = data[:count]
    if isinstance(data, list):
        is_plain = not isinstance(data[0], dict)
        rows = [[x] if is_plain else [x.get(name) for name in names] for x in head]
    elif getattr(data, "ndim", 2) == 1:
        rows = [[value] for value in head.tolist()]
    elif container_of(data).startswith("polars"):
        rows = [list(row) for row in head.rows()]
    else:
        rows = head.astype(object).to_numpy().tolist()
    return {
        "columns": names,
        "rows": [[plain_value(value) for value in row] for row in rows],
    }


def _array_rows(data: Any) -> dict[str, Any] | None:
    import numpy as np

    shape = shape_of(data) or (0,)
    size = 1
    for length in shape[1:]:
        size *= length
    count = min(ROWS, shape[0], _VALUES // max(size, 1))
    if not count:
        return None
    head = data[:count]
    head = head.toarray() if hasattr(head, "toarray") else head
    head = head.detach() if hasattr(head, "detach") else head
    array = np.asarray(head)
    if array.dtype.kind == "f":
        array = np.where(np.isfinite(array), array.astype(object), None)  # type: ignore[call-overload]  # None is fine among objects
    elif array.dtype.kind not in "biu":
        array = np.vectorize(plain_value, otypes=[object])(array)
    return {"rows": array.tolist()}


def shape_of(data: Any) -> tuple[int, ...] | None:
    """Return the shape of an array, or of a list of rows; None of anything else."""
    shape = getattr(data, "shape", None)
    if shape is not None:
        return tuple(int(size) for size in shape)
    if isinstance(data, list) and data and isinstance(data[0], list | tuple):
        return (len(data), len(data[0]))
    return None


def plain_value(value: Any) -> Any:
    """Return a value of JSON's types; None for what is missing."""
    value = value.item() if getattr(value, "shape", None) == () else value
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124 - NaN alone differs from itself
    if hasattr(value, "isoformat"):
        return value.isoformat()
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else None
