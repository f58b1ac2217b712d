"""The runs as a page: a table that a click on its head sorts."""

from __future__ import annotations

from html import escape
from math import isnan
from typing import TYPE_CHECKING, Any

from jupyter_mlops.records import Status, time_from_micros
from jupyter_mlops.tracking.badges import PREFIX
from jupyter_mlops.tracking.bests import is_lower_better
from jupyter_mlops.widgets.page import badge_word, line, page, said, status_word
from jupyter_mlops.widgets.palette import GOOD
from jupyter_mlops.widgets.table import Cell, is_numeric, table
from jupyter_mlops.wording import day_and_time, short_ids, took

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOUNS = ("metrics", "params", "tags")
_MOST_COLUMNS = 40
_TO_MINUTES = len("2026-11-23 01:17")


def runs_page(
    columns: dict[str, list[Any]],
    names: Sequence[str],
    *,
    lower_is_better: Sequence[str],
    has_more: bool = False,
) -> str:
    """Lay runs out, one a row; the best of each metric is green.

    Parameters
    ----------
    columns : dict of str to list
        As in a `RunTable`.
    names : sequence of str
        Which of them, in this order.
    """
    count = len(columns["run_id"])
    if not count:
        return page([line(said("No runs."))], "runs")
    shown = list(names)[:_MOST_COLUMNS]
    cells = [_cells(name, columns[name], lower_is_better) for name in shown]
    right = [at for at, name in enumerate(shown) if _is_right(name, columns[name])]
    rows = list(zip(*cells, strict=True))
    parts = [table([head(name) for name in shown], rows, right=right, label="Runs")]
    notes = [f"{count} runs" if count > 1 else "1 run"]
    if has_more:
        notes.append("there are more: see --limit")
    if len(names) > len(shown):
        notes.append(f"{len(names) - len(shown)} columns not shown: see --columns")
    parts.append(line(said(" · ".join(notes))))
    return page(parts, "runs")


def head(name: str) -> str:
    """Name a column without its noun."""
    if name == "run_id":
        return "run"
    noun, _, key = name.partition(".")
    return key.removeprefix(PREFIX) if key and noun in _NOUNS else name


def _is_right(name: str, cells: Sequence[Any]) -> bool:
    return name == "seconds" or (name != "started" and is_numeric(cells))


def _cells(name: str, found: list[Any], lower_is_better: Sequence[str]) -> list[Cell]:
    if name == "run_id":
        short = short_ids(found)
        return [Cell(_run_word(run_id, short[run_id]), run_id) for run_id in found]
    if name == "status":
        return [Cell(status_word(Status(item))) for item in found]
    if name == "started":
        return [_started(item) for item in found]
    if name == "seconds":
        return [Cell(took(item), "" if item is None else repr(item)) for item in found]
    if name.startswith(f"tags.{PREFIX}"):
        return [
            Cell("" if item is None else badge_word(head(name), item)) for item in found
        ]
    best = None
    if name.startswith("metrics."):
        best = _best(found, is_lower=is_lower_better(head(name), lower_is_better))
    style = f"color:{GOOD};font-weight:bold"
    return [
        Cell.of(item, style=style if item is not None and item == best else "")
        for item in found
    ]


def _run_word(run_id: str, short: str) -> str:
    return f'<code title="{escape(run_id)}">{escape(short)}</code>'


def _started(micros: int) -> Cell:
    # Not how long ago: a saved page would soon be wrong.
    exact = day_and_time(time_from_micros(micros))
    return Cell(f'<span title="{exact}">{exact[:_TO_MINUTES]}</span>', str(micros))


def _best(found: Sequence[Any], *, is_lower: bool) -> float | None:
    known: list[float] = [
        item for item in found if item is not None and not isnan(item)
    ]
    if len(set(known)) < 2:  # noqa: PLR2004 - the best of one tells nothing
        return None
    return min(known) if is_lower else max(known)
