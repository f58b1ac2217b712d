"""Values as JSON has them."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from jupyter_mlops.store.events import float_name


def plain(value: Any) -> Any:
    """Turn a user's value into one that JSON takes, NaN and infinities by name."""
    if isinstance(value, float) and not math.isfinite(value):
        return float_name(value)
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def moment(value: datetime | None) -> str | None:
    """Write a time as ISO 8601 in UTC."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
