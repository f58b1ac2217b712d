"""Single values on their way from a journal into the index, and back."""

from __future__ import annotations

import json
import math
from typing import Any

import orjson

from jupyter_mlops.ids import run_id_prefix
from jupyter_mlops.store import events as journal_events

NULL, BOOL, INT, FLOAT, TEXT, JSON = range(6)
"""Types of a param's value."""

LATEST = 253_402_300_799_000_000
"""The last microsecond that a datetime can hold."""

LONG = 2**63 - 1
_EXACT = 2**53
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_LETTERS = 10


class BadEventError(ValueError):
    """An event of a known kind lacks what that kind needs."""


def base_of(run_id: str) -> int:
    """Return the microseconds at which a run's id was made."""
    number = 0
    for letter in run_id_prefix(run_id)[:_TIME_LETTERS]:
        number = number << 5 | _ALPHABET.index(letter)
    return number * 1000


def clean(text: Any) -> str:
    """Return a text that every database takes; what cannot be written becomes �."""
    if type(text) is not str:
        raise BadEventError
    if text.isascii() and "\0" not in text:
        return text
    return (
        text.encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
        .replace("\0", "\ufffd")
    )


def to_text(value: Any) -> str:
    """Write a value as JSON text; NUL stays escaped, so databases take it."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        # Integers beyond 64 bits and lone surrogates.
        return json.dumps(value)


def param_row(value: Any) -> tuple[int, float | None, str | None]:  # noqa: PLR0911 - one line a type
    """Split a param's value into type, number and text as they are stored."""
    if value is None:
        return NULL, None, None
    if value is True or value is False:
        return BOOL, float(value), None
    if type(value) is int:
        if abs(value) <= _EXACT:
            return INT, float(value), None
        return INT, _as_float(value), str(value)
    if type(value) is float:
        return (FLOAT, None, "NaN") if math.isnan(value) else (FLOAT, value, None)
    if type(value) is str:
        return TEXT, None, clean(value)
    return JSON, None, to_text(journal_events.to_json(value))


def param_value(kind: int, number: float | None, text: str | None) -> Any:
    """Undo `param_row`."""
    if kind == NULL:
        return None
    if kind == FLOAT:
        return math.nan if number is None else float(number)
    if kind == INT:
        return int(text) if text is not None else int(number or 0)
    if kind == BOOL:
        return bool(number)
    if kind == JSON:
        return journal_events.from_json(json.loads(text or "null"))
    return text


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def number(value: Any) -> float | None:
    """Return a float, None for NaN: no database sorts NaN as another does."""
    if type(value) is int:
        return float(value)
    if type(value) is str and value in {"NaN", "Infinity", "-Infinity"}:
        value = float(value)
    if type(value) is not float:
        raise BadEventError
    return None if math.isnan(value) else value


def size_of(value: Any) -> int:
    """Return a count of bytes as an event gives it, checked."""
    if type(value) is not int or not 0 <= value <= LONG:
        raise BadEventError
    return value


def digest_bytes(value: Any) -> bytes:
    """Return the bytes of a sha256 in hexadecimal."""
    if type(value) is not str or len(value) != 64:  # noqa: PLR2004 - sha256 in hex
        raise BadEventError
    return bytes.fromhex(value)


def error_text(value: Any) -> str | None:
    """Return an exception as an event tells of it, checked, as JSON text."""
    if value is None:
        return None
    if not all(type(value[part]) is str for part in ("name", "value")):
        raise BadEventError
    return to_text(value)
