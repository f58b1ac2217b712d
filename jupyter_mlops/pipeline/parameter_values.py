"""Making a parameter's value of what a person typed, by the kind that is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.records import JsonValue

_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
_NONE = frozenset({"null", "none", "~", ""})

KINDS: dict[str, type] = {
    "int": int,
    "float": float,
    "bool": bool,
    "str": str,
    "list": list,
    "dict": dict,
}
_IN_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "str": "a text",
    "list": "a list, such as [1, 2]",
    "dict": "a mapping, such as {a: 1}",
}


class RawText(str):
    """A value as typed on a command line: its kind is still to be found."""

    __slots__ = ()


def fitted(value: Any, kind: str, *, is_optional: bool = False) -> JsonValue:
    """Return `value` as one of `kind`.

    Raises
    ------
    ValueError
        Whose text says, in words, what it must be.
    """
    if isinstance(value, RawText):
        return _from_text(str(value), kind, is_optional=is_optional)
    plain = _plain(value)
    if not kind or (plain is None and is_optional):
        return plain
    if kind == "float" and type(plain) is int:
        return float(plain)
    if type(plain) is not KINDS[kind]:
        raise ValueError(_IN_WORDS[kind])
    return plain


def _plain(value: Any) -> JsonValue:
    """Bring a Python value into its JSON form, since the notebook gets it as text."""
    from jupyter_mlops.capture.values import as_param
    from jupyter_mlops.errors import InvalidParamError

    try:
        return as_param(value)
    except InvalidParamError:
        raise ValueError("a value with a JSON form") from None


def _from_text(text: str, kind: str, *, is_optional: bool) -> JsonValue:
    if is_optional and text.strip().lower() in _NONE - (
        {""} if kind == "str" else set()
    ):
        return None
    if not kind:
        return _from_yaml(text)
    try:
        return _READERS[kind](text)
    except ValueError:
        raise ValueError(_IN_WORDS[kind]) from None


def _bool(text: str) -> bool:
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(text)


def _from_yaml(text: str) -> JsonValue:
    """Read a text as YAML, of which JSON is a part; dates stay texts."""
    import yaml  # type: ignore[import-untyped]  # ships no types

    try:
        found = yaml.load(text, Loader=_loader())  # noqa: S506 - a SafeLoader without dates
    except yaml.YAMLError:
        raise ValueError("readable as YAML (put texts in quotes)") from None
    return _plain(found)


def _loader() -> type[Any]:
    # papermill reads its own -p values with it, so both command lines agree.
    from papermill.iorw import NoDatesSafeLoader

    return NoDatesSafeLoader  # type: ignore[no-any-return]  # papermill has no types


def _structure(kind: type) -> Callable[[str], JsonValue]:
    def read(text: str) -> JsonValue:
        found = _from_yaml(text)
        if not isinstance(found, kind):
            raise ValueError(text)  # noqa: TRY004 - one error for every unfit text
        return found

    return read


_READERS: dict[str, Callable[[str], JsonValue]] = {
    "int": int,
    "float": float,
    "bool": _bool,
    "str": str,
    "list": _structure(list),
    "dict": _structure(dict),
}
