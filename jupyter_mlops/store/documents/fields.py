"""Fields of a document: which there are, and what each takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.store.documents.document import Path


class FieldFaultError(ValueError):
    """A field is unknown, missing, or holds what it cannot.

    Attributes
    ----------
    path : tuple
        Which one.
    is_key : bool
        Its name is at fault, not its value.
    offset : int
        Where in a text, when a text makes no sense.
    """

    def __init__(
        self, reason: str, path: Path, *, is_key: bool = False, offset: int = 0
    ) -> None:
        super().__init__(reason)
        self.path = path
        self.is_key = is_key
        self.offset = offset


@dataclass(frozen=True)
class Field:
    """One field: how its value is read, and whether it must be there."""

    read: Callable[[Any, Path], Any]
    is_required: bool = False


def read_fields(
    value: Any, path: Path, noun: str, known: dict[str, Field]
) -> dict[str, Any]:
    """Read a mapping whose names are all known.

    Raises
    ------
    FieldFaultError
        On an unknown or missing name, or what a field's own reader refuses.
    """
    found = mapping(value, path)
    for name in found:
        if name not in known:
            hint = errors.nearest(name, known)
            raise FieldFaultError(
                f"{noun} has no '{name}'.{hint}", (*path, name), is_key=True
            )
    for name, item in known.items():
        if item.is_required and name not in found:
            raise FieldFaultError(f"{noun} lacks '{name}'.", path, is_key=True)
    return {name: known[name].read(found[name], (*path, name)) for name in found}


def mapping(value: Any, path: Path) -> dict[str, Any]:
    """Take a mapping of names to values."""
    if not isinstance(value, dict):
        raise wrong("names with values, one a line: 'name: value'", value, path)
    return value


def text(value: Any, path: Path) -> str:
    """Take a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise wrong("a text", value, path)
    return value


def boolean(value: Any, path: Path) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise wrong("true or false", value, path)
    return value


def wrong(wanted: str, value: Any, path: Path) -> FieldFaultError:
    """Say what a field must be, and what it is."""
    where = f"'{path[-1]}'" if path and isinstance(path[-1], str) else "This"
    shown = "nothing" if value is None else repr(value)
    return FieldFaultError(f"{where} must be {wanted}, not {_short(shown)}.", path)


def _short(shown: str, limit: int = 60) -> str:
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
