"""Describes columns of Python objects: categories, texts, times, mixtures."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from numbers import Real
from typing import Any

from jupyter_mlops.capture.profile.numbers import TOP, describe_numbers

_FEW = 50
_WIDTH = 80


def describe_values(values: list[Any], *, is_secret: bool = False) -> dict[str, Any]:
    """Describe a column by the Python objects that it holds.

    Parameters
    ----------
    is_secret : bool
        Count only; keep no value.
    """
    try:
        counts = Counter(values)
    except TypeError:
        return _other(values)
    gone = [value for value in counts if _is_missing(value)]
    missing = sum(counts.pop(value) for value in gone)
    seen = {"missing": missing, "count": len(values) - missing}
    if is_secret:
        return {"kind": "category", **seen, "distinct": len(counts), "masked": True}
    return _by_kind(values, counts, seen)


def _by_kind(
    values: list[Any], counts: Counter[Any], seen: dict[str, int]
) -> dict[str, Any]:
    kinds = {type(value) for value in counts}
    if kinds and kinds <= {bool}:
        return {"kind": "bool", **seen} | truths(counts[True], counts[False])
    if kinds and bool not in kinds and all(issubclass(kind, Real) for kind in kinds):
        return describe_numbers(_floats(values))
    if kinds and all(issubclass(kind, date) for kind in kinds):
        return {"kind": "time", **seen} | _span(counts)
    if all(issubclass(kind, str) for kind in kinds) and _is_text(counts, seen["count"]):
        return _text(values, len(counts), seen)
    return {"kind": "category", **seen} | _categories(counts)


def truths(true: int, false: int) -> dict[str, int]:
    """Say how often a column is true and false."""
    return {"true": int(true), "false": int(false)}


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and value != value  # noqa: PLR0124 - NaN alone does so


def _floats(values: list[Any]) -> Any:
    import numpy as np

    found = [float("nan") if _is_missing(value) else float(value) for value in values]
    return np.array(found, dtype=np.float64)


def _span(counts: Counter[Any]) -> dict[str, Any]:
    texts = [_iso(value) for value in counts]
    return {"min": min(texts), "max": max(texts)}


def _iso(value: Any) -> str:
    return str(value.isoformat() if isinstance(value, date | datetime) else value)


def _is_text(counts: Counter[Any], count: int) -> bool:
    return len(counts) > _FEW and len(counts) > count / 2


def _text(values: list[Any], distinct: int, seen: dict[str, int]) -> dict[str, Any]:
    import numpy as np

    found = [len(value) for value in values if isinstance(value, str)]
    lengths = describe_numbers(np.array(found, dtype=np.float64))
    lengths.pop("kind")
    return {"kind": "text", **seen, "distinct": distinct, "lengths": lengths}


def _categories(counts: Counter[Any]) -> dict[str, Any]:
    top = counts.most_common(TOP)
    return {
        "distinct": len(counts),
        "top": [[_shown(value), number] for value, number in top],
        "others": counts.total() - sum(number for _, number in top),
    }


def _shown(value: Any) -> Any:
    if isinstance(value, bool | int) and abs(value) < 1 << 53:
        return value
    try:
        text = str(value)
    except Exception:  # noqa: BLE001 - a user's __str__ may raise anything
        text = f"<{type(value).__name__}>"
    text = text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _other(values: list[Any]) -> dict[str, Any]:
    types = Counter(type(value).__name__ for value in values if value is not None)
    return {
        "kind": "other",
        "missing": len(values) - types.total(),
        "count": types.total(),
        "types": dict(types.most_common(TOP)),
    }
