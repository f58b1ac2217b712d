"""Tables as HTML: static where nothing may run, sorted by a click where it may."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import isnan
from typing import TYPE_CHECKING, Any

from jupyter_mlops.widgets.palette import GROUND, QUIET
from jupyter_mlops.widgets.sorting import HEAD
from jupyter_mlops.wording import number, value

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = 32
TIGHT = "white-space:nowrap;padding:.25em .7em"
"""Of each cell: front ends have more room between rows, and break names."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes
    ----------
    html : str
        What it shows: escaped.
    key : str or None
        What it is sorted by, where that is not its text; empty ones come last.
    """

    html: str
    key: str | None = None

    @classmethod
    def of(cls, found: Any, *, style: str = "") -> Cell:
        """Make the cell of any value that is recorded."""
        if found is None:
            return cls("", "")
        text = escape(value(found, _WIDTH))
        html = f'<span style="{style}">{text}</span>' if style else text
        if isinstance(found, bool) or not isinstance(found, int | float):
            return cls(html)
        return cls(html, _key(found))


def is_numeric(values: Sequence[Any]) -> bool:
    """Tell whether all values that are there are numbers."""
    found = [item for item in values if item is not None]
    return bool(found) and all(type(item) in (int, float) for item in found)


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    right: Sequence[int] = (),
    label: str,
    most_height: int = 560,
) -> str:
    """Write a table.

    Parameters
    ----------
    right : sequence of int
        The columns of numbers.
    label : str
        What it is a table of, for those who hear it.
    most_height : int
        In pixels; a longer one is scrolled, its head staying.
    """
    ends = set(right)
    head = "".join(_head(text, at in ends) for at, text in enumerate(heads))
    body = "".join(f"<tr>{_row(row, ends)}</tr>" for row in rows)
    sorts = HEAD if len(rows) > 1 else ""
    return (
        f'<div style="overflow:auto;max-height:{most_height}px;max-width:100%">'
        f'<table aria-label="{escape(label)}" style="margin:2px 0">'
        f"<thead {sorts}><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _head(text: str, is_right: bool) -> str:  # noqa: FBT001 - said at its only caller
    side = "right" if is_right else "left"
    style = f"text-align:{side};{TIGHT};position:sticky;top:0;background:{GROUND}"
    return (
        f'<th scope="col" tabindex="0" style="{style}">'
        f"<span>{escape(text)}</span><span></span></th>"
    )


def _row(row: Sequence[Cell], ends: set[int]) -> str:
    return "".join(_cell(cell, at in ends) for at, cell in enumerate(row))


def _cell(cell: Cell, is_right: bool) -> str:  # noqa: FBT001 - said at its only caller
    side = "right" if is_right else "left"
    style = f' style="text-align:{side};{TIGHT}"'
    key = "" if cell.key is None else f' data-v="{escape(cell.key)}"'
    return f"<td{style}{key}>{cell.html}</td>"


def pairs(rows: Sequence[tuple[str, str]], label: str) -> str:
    """Write names with what belongs to them, as HTML, without a head."""
    cells = "".join(
        f'<tr><td style="text-align:left;color:{QUIET};{TIGHT}">{escape(name)}</td>'
        f'<td style="text-align:left;padding:.25em .7em">{html}</td></tr>'
        for name, html in rows
    )
    return (
        f'<table aria-label="{escape(label)}" style="margin:2px 0">'
        f"<tbody>{cells}</tbody></table>"
    )


def numbers(*found: float) -> list[Cell]:
    """Make cells of numbers."""
    return [Cell(escape(number(item)), _key(item)) for item in found]


def _key(found: float) -> str:
    return "" if isnan(found) else repr(found)
