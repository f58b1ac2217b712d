"""The curve under a running cell."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest

from jupyter_mlops.figures.series import reduced
from jupyter_mlops.tracking.following import RunFollower
from jupyter_mlops.widgets import livecurve, livewatch
from jupyter_mlops.widgets.livecurve import LiveCurve
from jupyter_mlops.widgets.livewatch import Watch

WAIT = 30


class Shown:
    """Takes what is shown, as a front end does."""

    def __init__(self):
        self.calls = []
        self.changed = threading.Semaphore(0)

    def __call__(self, data, *, transient, update):
        self.calls.append((data, transient["display_id"], update))
        self.changed.release()

    def wait(self):
        assert self.changed.acquire(timeout=WAIT)
        return self.calls[-1]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(livecurve, "FIRST_SECONDS", 0.01)
    monkeypatch.setattr(livecurve, "SECONDS", 0.01)
    monkeypatch.setattr(livecurve, "SHARE", 1.0)
    monkeypatch.setattr(livecurve, "_watch", Watch(0.01))
    monkeypatch.setattr(livewatch, "LINGER_SECONDS", 0.5)


@pytest.fixture
def run(workspace):
    with workspace.start_run("fit") as run:
        yield run


@pytest.fixture
def follow(workspace, run):
    lives = []

    def follow(publish):
        live = LiveCurve(run.id, workspace.layout.journal_folder(run.id), publish)
        live.start()
        lives.append(live)
        return live

    yield follow
    for live in lives:
        live.stop()


def test_curve_appears_and_is_updated(run, follow):
    shown = Shown()
    live = follow(shown)
    for value in (3.0, 2.0, 1.0):
        run.log_metric("loss", value)
    data, display_id, update = shown.wait()
    assert not update
    assert "running" in data["text/html"]
    run.log_metric("loss", 0.5)
    assert shown.wait()[1:] == (display_id, True)
    live.stop()
    data = shown.calls[-1][0]
    assert data["text/plain"] == "loss 0.5 (step 3)"
    assert "running" not in data["text/html"]


def test_nothing_shows_without_a_curve(run, follow):
    shown = Shown()
    live = follow(shown)
    run.log_metrics({"auc": 0.5, "f1": 0.4})
    live.stop()
    thread = livecurve._watch._thread
    assert thread is not None
    thread.join(WAIT)
    assert not thread.is_alive()
    assert shown.calls == []


def test_faults_of_the_front_end_stay_within(run, follow):
    called = threading.Semaphore(0)

    def publish(*_, **__):
        called.release()
        raise OSError("gone")

    live = follow(publish)
    for step in range(100):
        run.log_metric("loss", step)
        if step % 20 == 19:
            called.acquire(timeout=0.2)
    live.stop()
    live.stop()
    assert not live._looking.locked()
    assert run.metrics == {"loss": 99}


def test_one_thread_serves_many_cells(workspace):
    threads = set()
    for _ in range(3):
        with workspace.start_run("fit") as run:
            shown = Shown()
            live = LiveCurve(run.id, workspace.layout.journal_folder(run.id), shown)
            live.start()
            threads.add(livecurve._watch._thread)
            for value in (3.0, 2.0, 1.0):
                run.log_metric("loss", value)
            shown.wait()
            live.stop()
    assert len(threads) == 1


def test_any_names_and_values_make_a_page(run, follow, read_page):
    shown = Shown()
    live = follow(shown)
    for value in (1.0, float("nan"), float("inf"), 1e308, 2.0):
        run.log_metrics({f"<b>{at}&": value for at in range(9)})
    shown.wait()
    live.stop()
    data = shown.calls[-1][0]
    assert any(
        "not drawn: <b>4&" in word for word in read_page(data["text/html"]).words
    )


# --- reading what the journals grow by -------------------------------------------


def follower_of(workspace, run):
    return RunFollower(workspace.layout.journal_folder(run.id), reduced)


def test_only_what_is_new_is_read(workspace, run):
    follower = follower_of(workspace, run)
    run.log_metric("loss", 1, step=5)
    assert follower.read()
    assert not follower.read()
    run.log_metric("loss", 2, step=3)
    assert follower.read()
    assert follower.metrics["loss"].steps == [3, 5]
    assert follower.metrics["loss"].values == [2, 1]


def test_torn_line_is_read_when_whole(workspace, run):
    run.log_metric("loss", 1)
    (journal,) = workspace.layout.journal_folder(run.id).glob("*.jsonl")
    follower = follower_of(workspace, run)
    follower.read()
    line = b'{"e":"metric","k":"loss","v":7.0,"s":1,"t":1}\n'
    for part in (line[:20], line[20:]):
        with journal.open("ab") as file:
            file.write(part)
        follower.read()
    assert follower.metrics["loss"].values == [1, 7]


def test_of_many_points_a_sample_is_read(workspace, run):
    for step in range(20_000):
        run.log_metric("loss", step)
    follower = follower_of(workspace, run)
    follower.read()
    steps = follower.metrics["loss"].steps
    assert follower.is_sampled
    assert len(steps) < 1500
    assert (steps[0], steps[-1]) == (0, 19_999)
    assert max(b - a for a, b in pairwise(steps)) < 4000


def test_other_processes_of_the_run_are_seen(workspace, run):
    run.log_metric("loss", 1)
    joined = type(run).join(workspace.store, workspace.formats, run.id)
    joined.log_metric("val_loss", 2)
    joined.end()
    follower = follower_of(workspace, run)
    follower.read()
    assert set(follower.metrics) == {"loss", "val_loss"}
