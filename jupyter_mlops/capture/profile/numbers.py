"""Describes columns of numbers: quantiles, moments and a histogram."""

from __future__ import annotations

import math
from typing import Any

QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
TOP = 20
_BINS = 20


def describe_numbers(values: Any) -> dict[str, Any]:
    """Describe numbers.

    Parameters
    ----------
    values : ndarray of float64, 1 axis
        NaN stands for a missing value.
    """
    import numpy as np

    # Of what overflows, nothing is to be said to the user.
    with np.errstate(all="ignore"):
        finite = values[np.isfinite(values)]
        missing = int(np.isnan(values).sum())
        found: dict[str, Any] = {
            "kind": "number",
            "missing": missing,
            "count": len(values) - missing,
            "infinite": len(values) - missing - len(finite),
        }
        if not len(finite):
            return found
        ordered = np.sort(finite)
        is_new = np.append(True, ordered[1:] != ordered[:-1])
        starts = np.flatnonzero(is_new)
        found |= {
            "mean": _plain(finite.mean()),
            "std": _plain(finite.std()),
            "distinct": len(starts),
            "quantiles": _named(_quantiles(ordered, np.array(QUANTILES))),
        }
        if len(starts) <= TOP:
            return found | _each(ordered, starts)
        return found | {"histogram": _histogram(ordered)}


def _quantiles(ordered: Any, wanted: Any) -> Any:
    """Interpolate linearly, as NumPy and pandas do by default."""
    import numpy as np

    places = wanted * (len(ordered) - 1)
    below = np.floor(places).astype(np.int64)
    above = np.minimum(below + 1, len(ordered) - 1)
    share = places - below
    return ordered[below] * (1 - share) + ordered[above] * share


def _named(values: Any) -> dict[str, float | None]:
    return {f"{q:g}": _plain(v) for q, v in zip(QUANTILES, values, strict=True)}


def _each(ordered: Any, starts: Any) -> dict[str, Any]:
    """Give each of a few distinct values a bin of its own."""
    import numpy as np

    values = ordered[starts]
    counts = np.diff(np.append(starts, len(ordered))).tolist()
    middles = values[:-1] + (values[1:] - values[:-1]) / 2
    edges = np.concatenate([values[:1], middles, values[-1:]])
    ranked = sorted(
        zip(map(_plain, values), counts, strict=True), key=lambda item: -item[1]
    )
    return {
        "histogram": {"edges": [_plain(edge) for edge in edges], "counts": counts},
        "top": [list(item) for item in ranked],
    }


def _histogram(ordered: Any) -> dict[str, Any]:
    import numpy as np

    edges = _quantiles(ordered, np.linspace(0, 1, _BINS + 1))
    edges = edges[_is_new(edges)]
    places = np.searchsorted(ordered, edges, "left")
    places[-1] = len(ordered)
    counts = np.diff(places).tolist()
    return {"edges": [_plain(edge) for edge in edges], "counts": counts}


def _is_new(ordered: Any) -> Any:
    """Mark the first of each run of equal values."""
    import numpy as np

    found = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=found[1:])
    return found


def _plain(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None
