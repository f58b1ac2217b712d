"""The curve under a tracked cell that logs metrics while it runs.

A thread looks at the run's journals now and then (`livewatch.py`): the cell is never
asked, and what fails here is left out. The curve appears when there is something to
see; it is no output of the cell, so its run does not record it.
"""

from __future__ import annotations

import contextvars
import math
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops.figures.curves import panels_of
from jupyter_mlops.figures.series import Curve, reduced
from jupyter_mlops.figures.sketch import draw_sketch, image
from jupyter_mlops.tracking.following import RunFollower
from jupyter_mlops.widgets.livewatch import Watch
from jupyter_mlops.widgets.page import line, page, said
from jupyter_mlops.wording import number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FIRST_SECONDS = 2.0
"""A cell that ends before shows its card alone."""
SECONDS = 0.5
SHARE = 0.02
"""Of the time that passes, at most so much is spent on looking and drawing."""
_IDLE_SECONDS = 2.0
_LEAST_POINTS = 3
_MOST_PANELS = 4
_MOST_FAULTS = 3
_WIDTH, _HEIGHT = 340, 150
_watch = Watch(FIRST_SECONDS)


class Publish(Protocol):
    """Shows a MIME bundle, as IPython's display publisher does."""

    def __call__(
        self, data: dict[str, Any], *, transient: dict[str, Any], update: bool
    ) -> object:
        """Show it, or show it in the place of what was shown under its id."""


class LiveCurve:
    """Shows the metrics of one run while it goes on.

    Parameters
    ----------
    run_id : str
        The run.
    folder : Path
        Its journals.
    publish : callable
        Taken before anyone watches the shell's outputs.

    Attributes
    ----------
    due : float
        When to look next, by ``time.monotonic()``.
    """

    def __init__(self, run_id: str, folder: Path, publish: Publish) -> None:
        self._id = f"mlops-live-{run_id}"
        self._run_id = run_id
        self._publish = publish
        self._follower = RunFollower(folder, reduced)
        self._has_ended = False
        self._looking = threading.Lock()
        self._is_shown = False
        self._faults = 0
        self._wait = FIRST_SECONDS
        self.due = time.monotonic() + self._wait
        # A copy of the cell's context: what the thread shows goes to its cell.
        self._context = contextvars.copy_context()

    def start(self) -> None:
        """Begin to look, a while from now."""
        _watch.add(self)

    def stop(self) -> None:
        """Look no more; a curve that is shown is drawn once more, as it ended."""
        self._has_ended = True
        _watch.remove(self)
        if self._looking.acquire(timeout=SECONDS):
            try:
                if self._is_shown:
                    self._look(is_over=True)
            finally:
                self._looking.release()

    def look(self) -> None:
        """Show what is new, and say when to look again."""
        with self._looking:
            if self._has_ended:
                return
            began = time.perf_counter()
            has_news = self._context.run(self._look)
            spent = time.perf_counter() - began
        idle = SECONDS if has_news else min(_IDLE_SECONDS, 2 * self._wait)
        self._wait = max(SECONDS, idle, spent / SHARE)
        is_broken = self._faults >= _MOST_FAULTS
        self.due = math.inf if is_broken else time.monotonic() + self._wait

    def _look(self, *, is_over: bool = False) -> bool:
        try:
            has_news = self._follower.read()
            if has_news or is_over:
                self._show(is_over=is_over)
        except Exception:  # noqa: BLE001 - a thread beside a user's cell stays quiet
            self._faults += 1
            return False
        return has_news

    def _show(self, *, is_over: bool) -> None:
        curves = [
            Curve(
                label=name,
                run_id=self._run_id,
                metric=name,
                xs=metric.steps,
                ys=metric.values,
            )
            for name, metric in self._follower.metrics.items()
            if len(metric.steps) >= _LEAST_POINTS
        ]
        if not curves or (self._has_ended and not is_over):
            return
        data = live_bundle(
            curves, is_sampled=self._follower.is_sampled, is_over=is_over
        )
        transient = {"display_id": self._id}
        self._publish(data, transient=transient, update=self._is_shown)
        self._is_shown = True


def live_bundle(
    curves: Sequence[Curve], *, is_sampled: bool = False, is_over: bool = False
) -> dict[str, str]:
    """Return what is shown of curves: pictures, and the last values as text."""
    panels = panels_of(curves)
    pictures = [
        image(
            draw_sketch(panel[0].metric, panel, width=_WIDTH, height=_HEIGHT),
            _WIDTH,
            _HEIGHT,
            "Curve of " + ", ".join(curve.metric for curve in panel),
        )
        for panel in panels[:_MOST_PANELS]
    ]
    notes = [] if is_over else ["running"]
    notes.append(f"step {max(curve.xs[-1] for curve in curves):.0f}")
    if len(panels) > _MOST_PANELS:
        rest = [curve.metric for panel in panels[_MOST_PANELS:] for curve in panel]
        notes.append(f"not drawn: {', '.join(rest[:8])}{' …' if rest[8:] else ''}")
    if is_sampled:
        notes.append("drawn from a sample of the points; all are recorded")
    odd = sum(curve.odd for curve in curves)
    if odd:
        notes.append(f"{odd} NaN or infinite")
    lasts = ", ".join(f"{curve.metric} {number(curve.ys[-1])}" for curve in curves[:8])
    return {
        "text/html": page([line(*pictures), line(said(" · ".join(notes)))], "live"),
        "text/plain": f"{lasts} ({' · '.join(notes)})",
    }
