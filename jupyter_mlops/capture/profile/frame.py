"""A frame-like value as profiles see it: rows, and columns that can be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.capture.profile.columns import Column

COLUMN_LIMIT = 256
STORED_LIMIT = 5_000_000
"""Values of a sparse matrix or of a library's own data set, above which it is not
read: they can only be copied whole."""


@dataclass(frozen=True)
class Frame:
    """A value that has rows and columns.

    Attributes
    ----------
    names : list of str
        Of the columns that are read, at most `COLUMN_LIMIT`.
    width : int
        How many columns there are.
    objects : int
        How many of `names` hold Python objects.
    read : callable
        Takes the rows to read (None: all), gives the columns.
    target : Frame or None
        Comes with the features in data sets of XGBoost and LightGBM.
    """

    container: str
    rows: int
    width: int
    names: list[str]
    read: Callable[[Any | None], Iterable[Column]]
    objects: int = 0
    extra: dict[str, Any] = field(default_factory=dict)
    target: Frame | None = None


Look = Callable[[Any, str], Frame | None]
"""Looks at a value as a frame; takes the name of the only column that names none."""


def container_of(value: Any) -> str:
    """Name the type of a value, ``pandas.DataFrame``."""
    kind = type(value)
    return f"{kind.__module__.partition('.')[0]}.{kind.__name__}"


def text_of(value: Any) -> str:
    """Return a column's name as text that can be written."""
    text = value if isinstance(value, str) else str(value)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
