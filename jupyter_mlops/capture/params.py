"""The JSON form of a param's value.

No array or tensor library is imported: values are known by what they can do.
"""

from __future__ import annotations

import os
from datetime import date, time, timedelta
from math import prod
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import InvalidParamError

if TYPE_CHECKING:
    from jupyter_mlops.records import JsonValue

DEPTH_LIMIT = 20
ITEM_LIMIT = 10_000
"""Values within one param, all levels counted."""
ARRAY_LIMIT = 1_000
_PLAIN_BITS = 64
_DIGIT_LIMIT_BITS = 14_000
"""Python refuses to write integers of more than 4,300 digits."""


def as_param(value: Any, key: str | None = None) -> JsonValue:
    """Turn a value into what JSON can hold, keeping its type as far as it can.

    Tuples, sets, ranges and small arrays become lists; paths, dates and identifiers
    text; enumerations their value; dataclasses objects; types and functions their
    qualified name; missing values None.

    Parameters
    ----------
    value : object
        The value.
    key : str, optional
        The param that it is for; named in the error.

    Raises
    ------
    InvalidParamError
        With `key` and `type`, when it has no such form, is too large, too deep or
        holds itself.
    """
    kind = type(value)
    if kind is float or kind is bool or value is None:
        return value  # type: ignore[no-any-return]  # its exact type is known
    if kind is str and value.isascii():
        return value  # type: ignore[no-any-return]  # its exact type is known
    if kind is int and value.bit_length() < _PLAIN_BITS:
        return value  # type: ignore[no-any-return]  # its exact type is known
    try:
        return _Reader().read(value, 0)
    except _NoParam as error:
        reason, culprit = error.args
    except Exception:  # noqa: BLE001 - a user's class may raise anything here
        reason, culprit = "it cannot be read", value
    inside = "" if culprit is value else f" (within a {kind.__name__})"
    name = "A param" if key is None else f"Param '{key}'"
    raise InvalidParamError(
        f"{name} cannot be of type {type(culprit).__name__}{inside}: {reason}. Log "
        f"str(...) of it, or keep the object itself with log_artifact.",
        key=key,
        type=type(culprit).__name__,
    ) from None


class _NoParam(Exception):  # noqa: N818 - carries the middle of a sentence, never seen
    """Why a value has no JSON form, and the value."""


class _Reader:
    """Walks one value; knows where it has been."""

    __slots__ = ("_above", "_left")

    def __init__(self) -> None:
        self._above: set[int] = set()
        self._left = ITEM_LIMIT

    def read(self, value: Any, depth: int) -> JsonValue:
        if value is None or isinstance(value, bool | float | int | str):
            return _plain(value)
        if isinstance(value, dict | list | tuple | set | frozenset | range):
            return self._container(value, depth)
        if _is_record(value):
            named = {item: getattr(value, item) for item in _field_names(value)}
            return self._guarded(value, named, depth)
        found = _single(value)
        if found is not _UNKNOWN:
            return found  # type: ignore[no-any-return]  # None, a number or a text
        if hasattr(type(value), "tolist") and hasattr(value, "shape"):
            return self._array(value, depth)
        raise _NoParam("that has no JSON form", value)

    def _container(self, value: Any, depth: int) -> JsonValue:
        if len(value) > self._left:
            raise _NoParam(f"more than {ITEM_LIMIT} values are no param", value)
        if isinstance(value, set | frozenset):
            return self._guarded(value, _sorted(value), depth)
        return self._guarded(value, value, depth)

    def _guarded(self, owner: Any, inner: Any, depth: int) -> JsonValue:
        if id(owner) in self._above:
            raise _NoParam("it holds itself", owner)
        if depth >= DEPTH_LIMIT:
            raise _NoParam(f"it is nested more than {DEPTH_LIMIT} deep", owner)
        self._left -= len(inner)
        if self._left < 0:
            raise _NoParam(f"more than {ITEM_LIMIT} values are no param", owner)
        self._above.add(id(owner))
        try:
            if isinstance(inner, dict):
                return self._object(owner, inner, depth)
            return [self.read(item, depth + 1) for item in inner]
        finally:
            self._above.discard(id(owner))

    def _object(self, owner: Any, inner: dict[Any, Any], depth: int) -> JsonValue:
        found = {_key(name): self.read(item, depth + 1) for name, item in inner.items()}
        if len(found) != len(inner):
            raise _NoParam("two of its keys read the same as text", owner)
        return found

    def _array(self, value: Any, depth: int) -> JsonValue:
        count = prod(value.shape)
        if count > ARRAY_LIMIT:
            raise _NoParam(
                f"it holds {count} values, at most {ARRAY_LIMIT} make a param", value
            )
        listed = value.tolist()
        if type(listed) is type(value):
            # NumPy's long double has no twin in Python.
            if value.dtype.kind == "f":
                return float(value)
            raise _NoParam("that has no JSON form", value)
        return self.read(listed, depth)


_UNKNOWN = object()


def _plain(value: Any) -> JsonValue:
    if value is None or isinstance(value, bool):
        return value
    if _is_enum(value):
        return _plain(value.value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, int):
        if value.bit_length() > _DIGIT_LIMIT_BITS:
            raise _NoParam("it has too many digits to be written", value)
        return int.__int__(value)
    # A lone surrogate (a file name's odd byte) cannot be written as UTF-8.
    text = str.__str__(value)
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _single(value: Any) -> Any:
    """Read what becomes one number or text; `_UNKNOWN` when it is nothing such."""
    kind = type(value)
    if kind.__name__ in ("NAType", "NaTType"):
        return None
    if kind.__module__ in ("decimal", "fractions"):
        return float(value)
    if _is_enum(value):
        inner = value.value
        is_json = inner is None or isinstance(inner, bool | float | int | str)
        return _plain(inner if is_json else value.name)
    text = _text(value, kind)
    return _UNKNOWN if text is None else _plain(text)


def _text(value: Any, kind: type) -> str | None:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    if kind.__module__ == "uuid" or isinstance(value, timedelta) or _is_dtype(kind):
        return str(value)
    if isinstance(value, type) or _is_function(value):
        return _qualified_name(value)
    is_time = getattr(getattr(value, "dtype", None), "kind", "") in ("m", "M")
    # As integers NumPy's times would say nothing; their text is ISO 8601.
    return str(value) if is_time and getattr(value, "shape", None) == () else None


def _sorted(value: Any) -> list[Any]:
    try:
        return sorted(value)
    except TypeError:
        return sorted(value, key=repr)


def _key(name: Any) -> str:
    if isinstance(name, bytes):
        return name.decode("utf-8", "backslashreplace")
    return str(_plain(str(name.value if _is_enum(name) else name)))


def _is_enum(value: Any) -> bool:
    # An enumeration's members have both; asking so needs no import of enum.
    return hasattr(type(value), "__members__") and hasattr(value, "_value_")


def _is_record(value: Any) -> bool:
    return not isinstance(value, type) and hasattr(type(value), "__dataclass_fields__")


def _field_names(value: Any) -> list[str]:
    from dataclasses import fields

    return [item.name for item in fields(value)]


def _is_dtype(kind: type) -> bool:
    library = kind.__module__.partition(".")[0]
    name = kind.__name__.lower()
    return library in ("numpy", "torch", "pandas") and (
        name.endswith("dtype") or name == "device"
    )


def _is_function(value: Any) -> bool:
    return callable(value) and isinstance(getattr(value, "__qualname__", None), str)


def _qualified_name(value: Any) -> str:
    module = getattr(value, "__module__", None)
    plain = module in (None, "builtins", "__main__")
    return value.__qualname__ if plain else f"{module}.{value.__qualname__}"
