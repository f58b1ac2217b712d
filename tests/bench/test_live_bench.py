"""What the live curve costs the cell that it is drawn under."""

import statistics
import time

import pytest

import jupyter_mlops as mlops
from jupyter_mlops.widgets import livecurve
from jupyter_mlops.widgets.livecurve import LiveCurve

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]
POINTS = 150_000


def logging_seconds(workspace, is_live, shown):
    with mlops.start_run("x") as run:
        folder = workspace.layout.journal_folder(run.id)
        live = LiveCurve(run.id, folder, lambda data, **_: shown.append(data))
        if is_live:
            live.start()
        began = time.perf_counter()
        for step in range(POINTS):
            mlops.log_metric("loss", step * 0.37)
        took = time.perf_counter() - began
        live.stop()
    return took


def test_curve_beside_a_logging_loop(workspace, said, monkeypatch):
    """A loop that does nothing but log pays most: each line is read by another."""
    monkeypatch.setattr(livecurve, "FIRST_SECONDS", 0.01)
    shown, spent, live, bare = [], [], [], []
    look = LiveCurve._look

    def timed(self, **options):
        began = time.thread_time()
        found = look(self, **options)
        spent.append(time.thread_time() - began)
        return found

    monkeypatch.setattr(LiveCurve, "_look", timed)
    for _ in range(5):
        bare.append(logging_seconds(workspace, False, []))
        live.append(logging_seconds(workspace, True, shown))
    share = sum(spent) / sum(live)
    ratio = statistics.median(live) / statistics.median(bare)
    size = max(len(data["text/html"]) for data in shown)
    said(
        f"live curve: {share:.1%} of the loop's time, {len(spent)} looks of "
        f"{statistics.median(spent) * 1e3:.1f} ms, {size / 1e3:.0f} kB a picture; "
        f"log_metric {ratio:.2f} x without"
    )
    assert share <= 0.05


def test_curve_that_never_shows(workspace, said):
    """A short cell pays for being noted, and no more."""
    spans = []
    with mlops.start_run("x") as run:
        folder = workspace.layout.journal_folder(run.id)
        for _ in range(200):
            began = time.perf_counter()
            live = LiveCurve(run.id, folder, lambda data, **_: None)
            live.start()
            live.stop()
            spans.append(time.perf_counter() - began)
    said(f"live curve of a short cell: {statistics.median(spans) * 1e3:.2f} ms")
    assert statistics.median(spans) <= 0.0005
