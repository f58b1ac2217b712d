"""How values look in a terminal: short, aligned, and never read as markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.records import Status
from jupyter_mlops.wording import (
    SHORT_ID,
    ago,
    counted,
    number,
    one_line,
    safe_line,
    short_ids,
    size,
    took,
    value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table
    from rich.text import Text

__all__ = [
    "SHORT_ID",
    "ago",
    "counted",
    "make_table",
    "number",
    "one_line",
    "safe_line",
    "short_ids",
    "size",
    "status",
    "text",
    "took",
    "value",
]

_STYLES = {
    Status.FINISHED: "green",
    Status.FAILED: "red",
    Status.CANCELLED: "yellow",
    Status.RUNNING: "cyan",
    Status.LOST: "yellow",
}


def text(value: str, style: str = "", *, width: int | None = None) -> Text:
    """Wrap anything of the user's: no markup, no control codes, one line."""
    from rich.text import Text

    return Text(one_line(value, width), style=style)


def status(found: Status) -> Text:
    """Write a run's or a cell's state."""
    return text(str(found), _STYLES.get(found, ""))


def make_table(*headers: str, right: Iterable[str] = (), title: str = "") -> Table:
    """Make a table without rules; columns named in `right` hold numbers."""
    from rich.table import Table

    table = Table(
        box=None,
        pad_edge=False,
        title=text(title, "bold") if title else None,
        title_justify="left",
        header_style="bold",
    )
    ends = set(right)
    for header in headers:
        table.add_column(
            text(header), justify="right" if header in ends else "left", no_wrap=True
        )
    return table
