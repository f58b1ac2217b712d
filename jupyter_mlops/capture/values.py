"""What a value is worth as a metric, and whether a name or a step can be used.

No array or tensor library is imported: their values say by themselves, through
``item()`` or ``__float__``, which number they are. Params are in ``params``.
"""

from __future__ import annotations

import operator
import reprlib
from datetime import date, timedelta
from math import prod
from typing import Any, NoReturn

from jupyter_mlops.capture.params import as_param
from jupyter_mlops.errors import InvalidMetricError, InvalidNameError

__all__ = ["as_number", "as_param", "check_key", "check_step", "is_number"]

KEY_LIMIT = 250
_INT_LIMIT = 1 << 63
_SHOWN = 80
_NEVER = (str, bytes, bytearray, complex, date, timedelta)
"""Types that are no number though some of their kin can turn into one."""
_FAST_NAMES = frozenset(
    {"float32", "float16", "int64", "int32", "int16", "int8", "uint32", "uint8"}
)
_fast_types: set[type] = set()
"""NumPy's scalar types, as they are met, whose item() always is what we want."""
_LONG = (list, tuple, dict, set, frozenset, str, bytes)
_short = reprlib.Repr()
_short.maxstring = _short.maxother = _SHOWN
_PLAIN = (str, bytes, int, float, complex, bool, type(None))


def as_number(value: Any, key: str | None = None) -> float | int:
    """Turn what stands for exactly one number into it.

    Parameters
    ----------
    value : object
        A number of Python, NumPy, pandas, ``decimal`` or ``fractions``, or an array
        or tensor that holds one value.
    key : str, optional
        The metric that it is for; named in the error.

    Returns
    -------
    float or int
        Integers beyond 64 bits become floats; NaN and infinities stay.

    Raises
    ------
    InvalidMetricError
        With `key`, `value` (the text of its repr unless it is plain) and `type`.
    """
    kind = type(value)
    if kind is float:
        return value  # type: ignore[no-any-return]  # its exact type is known
    # Written out, so that the hot path looks up and computes nothing.
    if kind is int and -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:  # noqa: PLR2004 - see above
        return value  # type: ignore[no-any-return]  # its exact type is known
    if kind in _fast_types:
        return value.item()  # type: ignore[no-any-return]  # a float or an int
    try:
        return _convert(value)
    except _NoNumber as error:
        _refuse(value, key, str(error))
    except OverflowError:
        _refuse(value, key, "it is larger than any float. Log its logarithm")
    except Exception:  # noqa: BLE001 - a user's class may raise anything here
        _refuse(value, key, "it does not turn into one. Log float(...) of it")


def is_number(value: Any) -> bool:
    """Tell whether a value met in a namespace is one number.

    Stricter than `as_number`: booleans and arrays with axes are none, and nothing
    is computed that was not asked for (lazy values stay lazy). Never raises.
    """
    kind = type(value)
    if kind is float or kind is int:
        return kind is float or -_INT_LIMIT <= value < _INT_LIMIT or _fits(value)
    try:
        if isinstance(value, (bool, *_NEVER)):
            return False
        if not isinstance(value, float | int):
            if not _is_scalar(kind, value):
                return False
            if isinstance(_unwrap(value), bool):
                return False
        _convert(value)
    except Exception:  # noqa: BLE001 - a user's class may raise anything here
        return False
    return True


def check_key(key: Any, noun: str) -> str:
    """Return `key` if it can name a metric, a param or a tag.

    Raises
    ------
    InvalidNameError
        When it is no text, empty, longer than 250 characters or holds control
        characters.
    """
    if (
        type(key) is str
        and 0 < len(key) <= KEY_LIMIT
        and key.isprintable()
        # All spaces is the one printable text that names nothing.
        and (key[0] != " " or key.strip())
    ):
        return key
    if not isinstance(key, str):
        reason = f"it is of type {type(key).__name__}, not a text"
    elif not key.strip():
        reason = "it is empty"
    elif len(key) > KEY_LIMIT:
        reason = f"it has {len(key)} characters, at most {KEY_LIMIT} are kept"
    elif any(_is_control(letter) for letter in key):
        reason = "it holds control characters or line breaks"
    else:
        return str(key)
    raise InvalidNameError(
        f"{_shown(key)} cannot name a {noun}: {reason}. Use a short text such as "
        f"'auc' or 'val/loss'.",
        name=key if isinstance(key, str) else _shown(key),
        noun=noun,
    )


def check_step(step: Any, key: str | None = None) -> int:
    """Return a metric's step as an integer.

    Raises
    ------
    InvalidMetricError
        When it is no integer, or one beyond 64 bits.
    """
    if type(step) is int and -_INT_LIMIT <= step < _INT_LIMIT:
        return step
    try:
        if not isinstance(step, bool):
            found = operator.index(step)
            if -_INT_LIMIT <= found < _INT_LIMIT:
                return found
    except Exception:  # noqa: BLE001, S110 - what has no index is refused below
        pass
    raise InvalidMetricError(
        f"The step of {_named(key)} is {_shown(step)}, of type "
        f"{type(step).__name__}; it must be an integer of at most 64 bits. "
        f"Pass step=int(...).",
        key=key,
        step=step if isinstance(step, _PLAIN) else _shown(step),
        type=type(step).__name__,
    )


class _NoNumber(Exception):  # noqa: N818 - carries the end of a sentence, never seen
    """Why a value is not one number, and what to do."""


def _convert(value: Any) -> float | int:
    if isinstance(value, int):
        whole = int.__int__(value)
        return whole if -_INT_LIMIT <= whole < _INT_LIMIT else float(whole)
    if isinstance(value, float):
        return float.__float__(value)
    value = _unwrap(value)
    if isinstance(value, int):
        return _convert(value)
    if isinstance(value, _NEVER) or not hasattr(type(value), "__float__"):
        raise _NoNumber(_advice(value))
    return float(value)


def _unwrap(value: Any) -> Any:
    """Take the one element out of an array, a series or a tensor."""
    kind = type(value)
    if isinstance(value, _NEVER):
        return value
    if not hasattr(kind, "item") and not hasattr(kind, "numpy"):
        return value
    count = _count(value)
    if count != 1:
        raise _NoNumber(
            f"it holds {count} values. Log one of them, or a summary such as its mean"
        )
    if not hasattr(kind, "item"):
        # TensorFlow's tensors have none, and float() of one with axes warns.
        return value.numpy().item()
    letter = getattr(getattr(value, "dtype", None), "kind", "")
    if letter in ("m", "M"):
        raise _NoNumber("log a time with log_param, or a duration in seconds")
    if hasattr(kind, "filled") and bool(value.mask):
        raise _NoNumber("it is masked, that is, missing. Log it only when it is there")
    inner = value.item()
    if type(inner) is kind:
        # NumPy's long double has no twin in Python.
        return float(inner)
    if kind.__module__ == "numpy" and kind.__name__ in _FAST_NAMES:
        _fast_types.add(kind)
    return inner


def _count(value: Any) -> int:
    shape = getattr(value, "shape", None)
    return len(value) if shape is None else prod(shape)


def _is_scalar(kind: type[Any], value: Any) -> bool:
    if hasattr(kind, "item") or hasattr(kind, "numpy"):
        return getattr(value, "shape", None) == ()
    return kind.__module__ in ("decimal", "fractions")


def _fits(value: int) -> bool:
    try:
        float(value)
    except OverflowError:
        return False
    return True


def _advice(value: Any) -> str:
    for kinds, advice in _ADVICE:
        if isinstance(value, kinds):
            return advice
    return "log float(...) of what it stands for"


_ADVICE: tuple[tuple[tuple[type, ...], str], ...] = (
    ((type(None),), "nothing was computed. Log it only when there is a value"),
    ((str,), "log a text with log_param or set_tag, or float(...) of it"),
    ((complex,), "log its real part or abs(...) of it"),
    ((dict,), "log its entries with log_metrics"),
    ((list, tuple, set, frozenset), "log its values one by one, each with its step"),
    ((date, timedelta), "log a time with log_param, or a duration in seconds"),
)


def _refuse(value: Any, key: str | None, advice: str) -> NoReturn:
    kind = type(value)
    raise InvalidMetricError(
        f"{_named(key)} must be one number, but {_shown(value)} is of type "
        f"{kind.__name__}: {advice}.",
        key=key,
        # Errors travel between processes: nothing that may not pickle goes along.
        value=value if kind in _PLAIN else _shown(value),
        type=kind.__name__,
    )


def _named(key: str | None) -> str:
    return "A metric" if key is None else f"Metric '{key}'"


def _shown(value: Any) -> str:
    try:
        # reprlib writes only the start of a long container.
        text = _short.repr(value) if type(value) in _LONG else repr(value)
        text = " ".join(text.split())
    except Exception:  # noqa: BLE001 - a user's __repr__ may raise anything
        text = f"<{type(value).__name__}>"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _is_control(letter: str) -> bool:
    code = ord(letter)
    return code < 32 or 127 <= code < 160 or 0xD800 <= code < 0xE000  # noqa: PLR2004 - C0, C1, surrogates
