"""Values that have a JSON form: numbers, lists, dicts of those."""

from __future__ import annotations

import json
from typing import Any

from jupyter_mlops.capture.values import as_param
from jupyter_mlops.errors import InvalidParamError
from jupyter_mlops.store.events import from_json, to_json

NAME = "json"
SUFFIX = ".json"


def matches(value: Any) -> bool:
    """Take what JSON can say, NaN and infinities included."""
    if callable(value):
        # A param is content with a function's name; whoever keeps one wants it back.
        return False
    try:
        as_param(value)
    except InvalidParamError:
        return False
    return True


def to_bytes(value: Any) -> bytes:
    """Write JSON that a person can read."""
    text = json.dumps(to_json(as_param(value)), indent=1, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def from_bytes(data: bytes) -> Any:
    """Read the value back; tuples and sets come as lists."""
    return from_json(json.loads(data.decode("utf-8", "surrogatepass")))
