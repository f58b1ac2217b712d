"""Records as plain values for ``--json``: no type that JSON does not have."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from jupyter_mlops.store.events import float_name


def plain(value: Any) -> Any:  # noqa: PLR0911 - one way out a type
    """Turn a value into one that any reader of JSON takes.

    Times become ISO 8601, records objects; NaN and infinities their names, as in
    journals, since JSON has no numbers for them.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return float_name(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, PurePath | StrEnum):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return value
