"""Parts of a page, as HTML without script: it stays readable when nobody trusts it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from jupyter_mlops.widgets.palette import (
    FAMILY,
    PLAIN,
    QUIET,
    SIZE,
    STATUS,
    TEXT,
    VERDICT,
    WARM,
)
from jupyter_mlops.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlops.records import Status

_BADGE = 40


def page(parts: Iterable[str], name: str) -> str:
    """Put parts below one another; `name` is for style sheets."""
    style = f"font-family:{FAMILY};font-size:{SIZE};color:{TEXT};line-height:1.5"
    return f'<div class="jp-Mlops-{name}" style="{style}">{"".join(parts)}</div>'


def said(text: str, colour: str = QUIET) -> str:
    """Write a quiet word."""
    return f'<span style="color:{colour}">{escape(text)}</span>'


def line(*words: str) -> str:
    """Put HTML on a line of its own."""
    return f"<div>{' '.join(words)}</div>"


def fold(title: str, body: str, *, is_open: bool = True, count: str = "") -> str:
    """Put a part under a heading that opens and closes it."""
    open_word = " open" if is_open else ""
    return (
        f'<details{open_word} style="margin:4px 0"><summary style="cursor:pointer">'
        f"<b>{escape(title)}</b> {said(count)}</summary>{body}</details>"
    )


def status_word(status: Status) -> str:
    """Write a run's state in its colour."""
    return said(str(status), STATUS.get(status, QUIET))


def badges(words: Mapping[str, str]) -> str:
    """Write verdict and stamp, each in a rounded frame with its name before it."""
    return " ".join(_badge(name, word) for name, word in words.items())


def badge_word(name: str, word: str) -> str:
    """Write the word of a badge alone, in its colour."""
    return said(one_line(word, _BADGE), _colour(name, word, TEXT))


def _colour(name: str, word: str, other: str) -> str:
    # A stamp is a tag only where something is wrong.
    return WARM if name == "stamp" else VERDICT.get(word, other)


def _badge(name: str, word: str) -> str:
    text = f"{name}: {one_line(word, 2 * _BADGE)}"
    return pill(text, _colour(name, word, PLAIN))


def pill(text: str, colour: str) -> str:
    """Write words in a rounded frame."""
    style = (
        f"display:inline-block;border:1px solid {colour};border-radius:9px;"
        f"padding:0 8px;color:{colour}"
    )
    return f'<span style="{style}">{escape(text)}</span>'
