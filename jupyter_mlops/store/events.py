"""The lines of a run's journal: how each kind of event is written.

One JSON object a line. Every event has ``e``, its kind, and ``t``, microseconds since
1970; ``events.schema.json`` beside this file says the rest. Kinds that a reader does
not know are passed over, so new ones may be added; the meaning of an old one never
changes. Keys are short because a metric's point is written millions of times.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.records import JsonValue

FORMAT = 1
_now_ns = time.time_ns
_NOT_FINITE = "$float"
_LARGE = "$int"
_INT_LIMIT = 1 << 63


def encode(event_kind: str, /, **fields: Any) -> bytes:
    """Write an event as one line; fields that are None are left out."""
    event: dict[str, Any] = {"e": event_kind, "t": time.time_ns() // 1000}
    event.update((name, value) for name, value in fields.items() if value is not None)
    return dump(event)


def encode_metric(key: str, value: float, step: int) -> bytes:
    """Write one point of a metric; not-a-number and infinities become their names."""
    # The hottest line of the package: no loop, no call that can be spared.
    shown: float | str = value if math.isfinite(value) else float_name(value)
    event = {"e": "metric", "k": key, "v": shown, "s": step, "t": _now_ns() // 1000}
    return orjson.dumps(event, None, orjson.OPT_APPEND_NEWLINE)


def encode_param(key: str, value: JsonValue) -> bytes:
    """Write a param with its JSON type; None is a value, too."""
    return dump(
        {"e": "param", "k": key, "v": to_json(value), "t": time.time_ns() // 1000}
    )


def encode_untag(key: str) -> bytes:
    """Write that a tag is taken off: null is the word for it."""
    return dump({"e": "tag", "k": key, "v": None, "t": time.time_ns() // 1000})


def dump(event: Mapping[str, Any]) -> bytes:
    """Write any event as one line of JSON."""
    try:
        return orjson.dumps(event, None, orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        # orjson refuses integers beyond 64 bits and lone surrogates, which the
        # standard library takes.
        import json

        text = json.dumps(event, separators=(",", ":"), allow_nan=False)
        return text.encode() + b"\n"


def load(line: bytes) -> dict[str, Any]:
    """Read one line.

    Raises
    ------
    ValueError
        When it is no JSON object with a kind.
    """
    try:
        event = orjson.loads(line)
    except orjson.JSONDecodeError:
        import json

        event = json.loads(line)
    if not isinstance(event, dict) or not isinstance(event.get("e"), str):
        raise ValueError("no event")  # noqa: TRY004 - one error for every bad line
    return event


def float_name(value: float) -> str:
    """Name a value that JSON has no number for: NaN, Infinity or -Infinity."""
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def to_json(value: JsonValue) -> JsonValue:
    """Wrap what JSON cannot hold, however deep: ``{"$float": …}``, ``{"$int": …}``."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return {_NOT_FINITE: float_name(value)}
    if isinstance(value, int) and not -_INT_LIMIT <= value < _INT_LIMIT:
        # Most readers of JSON would make it a float.
        return {_LARGE: str(value)}
    if isinstance(value, dict):
        return {key: to_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [to_json(inner) for inner in value]
    return value


def from_json(value: JsonValue) -> JsonValue:
    """Undo `to_json`."""
    if isinstance(value, dict):
        if len(value) == 1 and _NOT_FINITE in value:
            return float(str(value[_NOT_FINITE]))
        if len(value) == 1 and _LARGE in value:
            return int(str(value[_LARGE]))
        return {key: from_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [from_json(inner) for inner in value]
    return value
