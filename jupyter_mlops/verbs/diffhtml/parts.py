"""Pieces of the page: everything of the user's is escaped here.

Styles stand with each element: a front end that does not trust a notebook drops style
sheets, and keeps these.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from jupyter_mlops.verbs.diffwords import MARKS
from jupyter_mlops.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Jupyter's own colours; behind the comma what is seen on light and on dark.
QUIET = "var(--jp-ui-font-color2,#808080)"
RULE = "var(--jp-border-color2,rgba(128,128,128,.35))"
GOOD = "var(--jp-success-color1,#3a9b45)"
BAD = "var(--jp-error-color1,#d64545)"
WARM = "var(--jp-warn-color1,#c77d0a)"
PLUS = "rgba(46,160,67,.20)"
MINUS = "rgba(248,81,73,.20)"
_CODE = "var(--jp-code-font-family,ui-monospace,monospace)"
_PAGE = (
    "font-family:var(--jp-ui-font-family,sans-serif);"
    "font-size:var(--jp-ui-font-size1,13px);color:var(--jp-ui-font-color1,inherit);"
    "line-height:1.5;max-width:100%"
)
_COLOURS = {"added": GOOD, "removed": BAD, "changed": WARM, "unknown": QUIET}
_GROUNDS = {"+": PLUS, "-": MINUS}


def whole(parts: Iterable[str]) -> str:
    """Put parts below one another."""
    return f'<div class="jp-Mlops-diff" style="{_PAGE}">{"".join(parts)}</div>'


def fold(title: str, body: str, *, note: str = "", is_open: bool = True) -> str:
    """Put a part under a heading that opens and closes it."""
    word = " open" if is_open else ""
    return (
        f'<details{word} style="margin:6px 0;border-top:1px solid {RULE};'
        f'padding-top:4px"><summary style="cursor:pointer"><b>{escape(title)}</b> '
        f"{quiet(note)}</summary>"
        f'<div style="margin:2px 0 2px 14px">{body}</div></details>'
    )


def quiet(words: str) -> str:
    """Write a word in the background."""
    return f'<span style="color:{QUIET}">{escape(words)}</span>' if words else ""


def coloured(words: str, colour: str) -> str:
    """Write a word in a colour."""
    return f'<span style="color:{colour}">{escape(words)}</span>'


def line(html: str) -> str:
    """Put HTML on a line of its own."""
    return f"<div>{html}</div>"


def mark(how: str) -> str:
    """Write the sign of what happened; those who hear it are told the word."""
    return (
        f'<span title="{how}" aria-label="{how}" style="color:{_COLOURS[how]};'
        f'font-weight:bold;font-family:{_CODE}">{MARKS[how]}</span>'
    )


def heading(how: str, words: str) -> str:
    """Write a line over what follows."""
    return line(f"{mark(how)} {escape(one_line(words))}")


def text(words: str, width: int | None = None) -> str:
    """Write anything of the user's on one line; what is cut off shows on hovering."""
    shown = one_line(words, width)
    if width is None or len(shown) < width:
        return escape(shown)
    return f'<span title="{escape(one_line(words, 1000))}">{escape(shown)}</span>'


def old(words: str) -> str:
    """Write a value that is no more."""
    return _grounded(words, MINUS)


def new(words: str) -> str:
    """Write a value that has come."""
    return _grounded(words, PLUS)


def _grounded(words: str, ground: str) -> str:
    if not words:
        return ""
    style = f"background:{ground};border-radius:3px;padding:0 3px"
    return f'<span style="{style}">{escape(words)}</span>'


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()
) -> str:
    """Write a table of cells that are HTML already.

    Parameters
    ----------
    right : sequence of int
        The columns of numbers.
    """
    ends = set(right)
    head = "".join(
        f'<th style="{_cell(at in ends)}">{escape(word)}</th>'
        for at, word in enumerate(heads)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="{_cell(at in ends)}">{html}</td>'
            for at, html in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    shown = f"<thead><tr>{head}</tr></thead>" if any(heads) else ""
    return (
        '<div style="overflow-x:auto;max-width:100%">'
        '<table style="margin:2px 0;border-collapse:collapse;white-space:nowrap">'
        f"{shown}<tbody>{body}</tbody></table></div>"
    )


def _cell(is_end: bool) -> str:  # noqa: FBT001 - one yes or no
    return f"text-align:{'right' if is_end else 'left'};padding:1px 12px 1px 0"


def lines(found: Sequence[str], most: int) -> str:
    """Write a unified diff: whole lines in colour, blanks as they are."""
    rows = "".join(_line(item) for item in found[:most])
    rest = len(found) - most
    more = quiet(f"… {rest} more lines (--json shows all)") if rest > 0 else ""
    style = (
        f"font-family:{_CODE};font-size:var(--jp-code-font-size,13px);"
        f"white-space:pre;overflow-x:auto;border:1px solid {RULE};border-radius:3px;"
        "margin:3px 0;padding:2px 0;line-height:1.4"
    )
    # As wide as its longest line, so that colours reach as far when it is scrolled.
    inner = f'<div style="display:inline-block;min-width:100%">{rows}</div>'
    return f'<div style="{style}">{inner}</div>{more}' if rows else more


def _line(item: str) -> str:
    sign = item[:1]
    if sign == "@":
        return f'<div style="color:{QUIET};padding:0 6px">{escape(item)}</div>'
    ground = f"background:{_GROUNDS[sign]};" if sign in _GROUNDS else ""
    return f'<div style="{ground}padding:0 6px">{escape(_shown(item)) or " "}</div>'


def _shown(item: str) -> str:
    kept = item.expandtabs(4)
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for letter in kept
    )
