"""The registered models, and the versions of one, as pages."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from jupyter_mlops.records import micros_from_time
from jupyter_mlops.widgets.page import line, page, pill, said
from jupyter_mlops.widgets.palette import GOOD, QUIET
from jupyter_mlops.widgets.table import Cell, table
from jupyter_mlops.wording import counted, day_and_time, one_line, short_ids, size

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from jupyter_mlops.records import ModelRecord, VersionRecord

_METRICS = 6
_WIDTH = 60
_TO_MINUTES = len("2026-11-23 01:17")


def models_page(models: Sequence[ModelRecord]) -> str:
    """Lay the registered models out, one a row."""
    if not models:
        hint = "No models. Push one: %mlops push NAME --from last"
        return page([line(said(hint))], "models")
    rows = [
        [
            Cell(f"<b>{escape(model.name)}</b>", model.name),
            Cell.of(model.versions),
            moment(model.latest.registered if model.latest else None),
            Cell(escape(model.latest.by if model.latest else "")),
            Cell(
                " ".join(
                    pill(f"{alias} → {number}", GOOD)
                    for alias, number in sorted(model.aliases.items())
                )
            ),
        ]
        for model in models
    ]
    heads = ["model", "versions", "latest", "by", "aliases"]
    parts = [table(heads, rows, right=(1,), label="Models")]
    parts.append(line(said(counted(len(models), "model"))))
    return page(parts, "models")


def versions_page(versions: Sequence[VersionRecord]) -> str:
    """Lay the versions of a model out, one a row; a metric is a column."""
    if not versions:
        return page([line(said("No versions."))], "versions")
    metrics = list(dict.fromkeys(name for one in versions for name in one.metrics))
    shown = metrics[:_METRICS]
    short = short_ids(one.run_id for one in versions if one.run_id)
    rows = [
        [
            Cell.of(one.version),
            Cell(" ".join(_states(one))),
            *(Cell.of(one.metrics.get(name)) for name in shown),
            moment(one.registered),
            Cell(escape(one_line(one.by, _WIDTH))),
            _run(one, short),
            Cell(escape(one.flavor)),
            Cell(size(one.size), str(one.size)),
            Cell(escape(one_line(one.note or "", _WIDTH))),
        ]
        for one in versions
    ]
    heads = ["version", "state", *shown, "registered", "by", "run", "flavor"]
    heads += ["size", "note"]
    right = [0, *range(2, 2 + len(shown)), 6 + len(shown)]
    notes = [versions[0].model, counted(len(versions), "version")]
    if len(metrics) > len(shown):
        notes.append(f"{len(metrics) - len(shown)} metrics not shown")
    parts = [
        table(heads, rows, right=right, label=f"Versions of {versions[0].model}"),
        line(said(" · ".join(notes))),
    ]
    return page(parts, "versions")


def moment(when: datetime | None) -> Cell:
    """Make the cell of a time: not how long ago, since a saved page would be wrong."""
    if when is None:
        return Cell("", "")
    exact = day_and_time(when)
    html = f'<span title="{exact}">{exact[:_TO_MINUTES]}</span>'
    return Cell(html, str(micros_from_time(when)))


def _states(version: VersionRecord) -> list[str]:
    words = [pill(alias, GOOD) for alias in version.aliases]
    if version.archived:
        words.append(pill("archived", QUIET))
    return words


def _run(version: VersionRecord, short: dict[str, str]) -> Cell:
    if version.run_id is None:
        return Cell("", "")
    run_id = escape(version.run_id)
    html = f'<code title="{run_id}">{escape(short[version.run_id])}</code>'
    return Cell(html, version.run_id)
