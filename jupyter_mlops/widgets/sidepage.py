"""Runs side by side as a page: a column a run, what differs first."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from jupyter_mlops.tracking.sidebyside import MISSING, NOUNS
from jupyter_mlops.widgets.page import badge_word, fold, page, said, status_word
from jupyter_mlops.widgets.palette import GOOD, GROUND, QUIET
from jupyter_mlops.widgets.table import TIGHT
from jupyter_mlops.wording import day_and_time, named_values, short_ids, took, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlops.tracking.sidebyside import SideBySide

_WIDTH = 60
_TITLES = {"badges": "", "params": "params", "metrics": "metrics", "tags": "tags"}


def side_page(found: SideBySide) -> str:
    """Lay runs out side by side; what is equal in all is folded away."""
    rows = "".join(_rows(found))
    table = (
        f'<div style="overflow:auto;max-width:100%"><table aria-label="Runs side by '
        f'side" style="margin:2px 0">{_head(found)}<tbody>{rows}</tbody></table></div>'
    )
    parts = [table]
    for noun in NOUNS:
        equal = found.equal[noun]
        if equal:
            body = f"<div>{escape(named_values(equal, most=len(equal)))}</div>"
            title = f"Equal {_TITLES[noun]}".strip()
            parts.append(fold(title, body, is_open=False, count=str(len(equal))))
    return page(parts, "compare")


def _head(found: SideBySide) -> str:
    short = short_ids(run.run_id for run in found.runs)
    heads = "".join(
        f'<th scope="col" style="text-align:right;background:{GROUND}">'
        f"{escape(value(run.name, _WIDTH))}<br>"
        f'<code title="{escape(run.run_id)}">{escape(short[run.run_id])}</code></th>'
        for run in found.runs
    )
    return f"<thead><tr><th></th>{heads}</tr></thead>"


def _rows(found: SideBySide) -> Iterator[str]:
    runs = found.runs
    if len({run.experiment for run in runs}) > 1:
        words = [escape(value(run.experiment, _WIDTH)) for run in runs]
        yield _row("experiment", words)
    yield _row("status", [status_word(run.status) for run in runs])
    yield _row("started", [day_and_time(run.started) for run in runs])
    yield _row("took", [escape(took(run.seconds)) for run in runs])
    for noun in NOUNS:
        differing = found.differing[noun]
        if differing and _TITLES[noun]:
            yield _title(_TITLES[noun], len(runs))
        for name, values in differing.items():
            best = found.best.get(name, []) if noun == "metrics" else []
            if noun == "badges":
                cells = [_badge(name, word) for word in values]
            else:
                cells = [_cell(v, is_best=at in best) for at, v in enumerate(values)]
            yield _row(name, cells)


def _title(text: str, count: int) -> str:
    style = "text-align:left"
    return f'<tr><th colspan="{count + 1}" style="{style}">{escape(text)}</th></tr>'


def _row(name: str, cells: Sequence[str]) -> str:
    words = "".join(
        f'<td style="text-align:right;{TIGHT}">{cell}</td>' for cell in cells
    )
    style = f"text-align:left;color:{QUIET};font-weight:normal;{TIGHT}"
    return f'<tr><th scope="row" style="{style}">{escape(name)}</th>{words}</tr>'


def _badge(name: str, word: Any) -> str:
    return said("·") if word is MISSING else badge_word(name, word)


def _cell(found: Any, *, is_best: bool) -> str:
    if found is MISSING:
        return said("·")
    text = escape(value(found, _WIDTH))
    return f'<b style="color:{GOOD}">{text} ★</b>' if is_best else text
