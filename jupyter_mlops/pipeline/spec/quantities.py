"""Amounts as people write them: ``90s``, ``5m``, ``2GB``."""

from __future__ import annotations

import math
import re

_SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {
    "": 1,
    "b": 1,
    "kb": 10**3,
    "mb": 10**6,
    "gb": 10**9,
    "tb": 10**12,
    "kib": 1 << 10,
    "mib": 1 << 20,
    "gib": 1 << 30,
    "tib": 1 << 40,
}
AMOUNT = r"\s*(\d+(?:\.\d*)?|\.\d+)\s*([A-Za-z]*)\s*"


def seconds_of(value: object) -> float:
    """Read a duration.

    Raises
    ------
    ValueError
        Whose text says what it must be.
    """
    found = _amount(value, _SECONDS)
    if found is None or found <= 0:
        raise ValueError("a duration above 0: seconds, or a text such as 90s, 5m or 2h")
    return found


def bytes_of(value: object) -> int:
    """Read an amount of memory; raises as `seconds_of`."""
    found = _amount(value, _BYTES)
    if found is None or found < 1:
        raise ValueError("an amount of memory: bytes, or a text such as 512MB or 2GB")
    return int(found)


def _amount(value: object, units: dict[str, float] | dict[str, int]) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    match = re.fullmatch(AMOUNT, value) if isinstance(value, str) else None
    if match is None or match[2].lower() not in units:
        return None
    return float(match[1]) * units[match[2].lower()]
