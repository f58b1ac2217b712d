"""The card under a tracked cell: its run in a few lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.stamp import Order
from jupyter_mlops.capture.usage import notable_usage
from jupyter_mlops.records import Status
from jupyter_mlops.tracking.bests import is_lower_better
from jupyter_mlops.tracking.modelwords import models_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.tracking.cellrecords import CellSummary

_LIMIT = 12
_WIDTH = 40
_SIGNS = {
    Status.FINISHED: "✓",
    Status.FAILED: "✗",
    Status.CANCELLED: "◼",
    Status.RUNNING: "…",
    Status.LOST: "?",
}
_BOX = (
    "display:inline-block;border-left:3px solid {colour};padding:2px 12px;"
    "margin:2px 0;font-size:var(--jp-ui-font-size1,13px);"
    "font-family:var(--jp-ui-font-family,sans-serif);"
    "color:var(--jp-ui-font-color1,inherit)"
)
_QUIET = "color:var(--jp-ui-font-color2,#666)"
_GOOD = "color:var(--jp-success-color1,#2e7d32)"
_BAD = "color:var(--jp-error-color1,#c62828)"
_PLAIN = "color:var(--jp-brand-color1,#1976d2)"


@dataclass(frozen=True)
class Card:
    """How a `CellSummary` is shown.

    Parameters
    ----------
    summary : CellSummary
        What to show.
    lower_is_better : sequence of str
        Words in the names of metrics that are better when smaller.
    """

    summary: CellSummary
    lower_is_better: Sequence[str]

    def bundle(self) -> dict[str, str]:
        """Return the MIME bundle: HTML for notebooks, text for everything else."""
        return {"text/html": self.html(), "text/plain": self.text()}

    def text(self) -> str:
        """Return the card as a few lines of text."""
        summary = self.summary
        sign = _SIGNS[summary.status]
        lines = [f"{sign} {summary.name} · {summary.experiment} · {self._cost()}"]
        if summary.metrics:
            shown = [
                f"{key} {_number(value)}{self._change_text(key, value)}"
                for key, value in _first(summary.metrics)
            ]
            lines.append("  metrics  " + "  ".join(shown) + _more(summary.metrics))
        if summary.params:
            shown = [f"{key}={_short(value)}" for key, value in _first(summary.params)]
            lines.append("  params   " + "  ".join(shown) + _more(summary.params))
        if summary.saved:
            lines.append("  saved    " + "  ".join(self._saved()))
        if summary.models:
            lines.append(f"  fitted   {models_line(summary.models)}")
        if summary.masked:
            lines.append(f"  masked   {self._masked()}")
        if summary.dropped:
            lines.append(f"  outputs  {self._dropped()}")
        if self._stamp():
            lines.append(f"  stamp    {self._stamp()}")
        lines.append(f"  run      {summary.run_id}")
        return "\n".join(lines)

    def html(self) -> str:
        """Return the card as HTML without script, in the front end's own colours."""
        summary = self.summary
        rows = [self._head()]
        if summary.metrics:
            shown = [self._metric(k, v) for k, v in _first(summary.metrics)]
            rows.append(_row(shown, _more(summary.metrics)))
        if summary.params:
            shown = [
                f'<span style="{_QUIET}">{escape(key)}</span> {escape(_short(value))}'
                for key, value in _first(summary.params)
            ]
            rows.append(_row(shown, _more(summary.params)))
        if summary.saved:
            rows.append(_row([escape(f"saved {item}") for item in self._saved()], ""))
        if summary.models:
            rows.append(_row([escape(f"fitted {models_line(summary.models)}")], ""))
        if summary.masked:
            rows.append(_row([self._masked()], ""))
        if summary.dropped:
            rows.append(_row([self._dropped()], ""))
        if self._stamp():
            rows.append(_row([self._stamp_html()], ""))
        box = _BOX.format(colour=self._colour())
        return f'<div class="jp-Mlops-card" style="{box}">{"".join(rows)}</div>'

    def _head(self) -> str:
        summary = self.summary
        return (
            f"<div><b>{_SIGNS[summary.status]} {escape(summary.name)}</b> "
            f'<span style="{_QUIET}">{escape(summary.experiment)} · '
            f"{summary.status} · {self._cost()} · "
            f"<code>{escape(summary.run_id)}</code></span></div>"
        )

    def _metric(self, key: str, value: float) -> str:
        name = f'<span style="{_QUIET}">{escape(key)}</span>'
        change = self._change_text(key, value).strip()
        if not change:
            return f"{name} <b>{_number(value)}</b>"
        style = _GOOD if "★" in change else _QUIET if "=" in change else _BAD
        return (
            f"{name} <b>{_number(value)}</b> "
            f'<span style="{style}">{escape(change)}</span>'
        )

    def _change_text(self, key: str, value: float) -> str:
        """Compare with the best so far; nothing to compare with: nothing to say."""
        extremes = self.summary.bests.get(key)
        if extremes is None or not math.isfinite(value):
            return ""
        is_lower = is_lower_better(key, self.lower_is_better)
        best = extremes[0] if is_lower else extremes[1]
        if not math.isfinite(best):
            return ""
        change = value - best
        if change == 0:
            return " (= best)"
        is_better = (change < 0) if is_lower else (change > 0)
        return f" ({'★ ' if is_better else ''}{change:+.4g} to best)"

    def _masked(self) -> str:
        count = self.summary.masked
        what = "1 secret" if count == 1 else f"{count} secrets"
        return f"{what} found, and masked in the record"

    def _stamp(self) -> str:
        """Say how the run came about; nothing where all is well or unknown."""
        stamp = self.summary.stamp
        if stamp is None or (stamp.order is Order.UNKNOWN and not stamp.words):
            return ""
        return f"{'⚠ ' if stamp.words else ''}{stamp.line}"

    def _stamp_html(self) -> str:
        stamp = self.summary.stamp
        style = _BAD if stamp is not None and stamp.words else _QUIET
        reasons = "" if stamp is None else " ".join(stamp.reasons)
        title = f' title="{escape(reasons)}"' if reasons else ""
        return f'<span style="{style}"{title}>{escape(self._stamp())}</span>'

    def _dropped(self) -> str:
        size = f"{self.summary.dropped / 1e6:.3g} MB"
        return f"{size} of what was shown is not kept: only its beginning and end"

    def _saved(self) -> list[str]:
        return [f"{name} ({kind})" for name, kind in self.summary.saved.items()]

    def _cost(self) -> str:
        usage, seconds = self.summary.usage, self.summary.seconds
        notable = () if usage is None else notable_usage(usage, seconds)
        return " · ".join((self._time(), *notable))

    def _time(self) -> str:
        seconds = self.summary.seconds
        if seconds < 1:
            return f"{seconds * 1000:.0f} ms"
        if seconds < 60:  # noqa: PLR2004 - a minute
            return f"{seconds:.1f} s"
        return f"{int(seconds // 60)} min {seconds % 60:.0f} s"

    def _colour(self) -> str:
        style = {Status.FINISHED: _GOOD, Status.FAILED: _BAD}.get(
            self.summary.status, _PLAIN
        )
        return style.removeprefix("color:")


def _row(items: list[str], more: str) -> str:
    return f"<div>{' &nbsp; '.join(items)}{escape(more)}</div>"


def _first(items: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(items.items())[:_LIMIT]


def _more(items: dict[str, Any]) -> str:
    hidden = len(items) - _LIMIT
    return f"  and {hidden} more" if hidden > 0 else ""


def _number(value: float) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
