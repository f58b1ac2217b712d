"""Sweeps that are interrupted, pruned, or lose the copy that they go on from."""

import os
import signal
import threading
import time

import pytest

from jupyter_mlops.pipeline.apart import Interrupts
from jupyter_mlops.pipeline.sweeps import runner
from jupyter_mlops.pipeline.sweeps.points import FixedPoints
from jupyter_mlops.pipeline.sweeps.results import PointResult, PointState
from jupyter_mlops.pipeline.sweeps.schedule import Schedule
from jupyter_mlops.records import Status
from tests.pipeline.sweeps.conftest import MLOPS

pytestmark = pytest.mark.timeout(400)
_SECONDS = 200


def wait_until(is_so):
    deadline = time.monotonic() + _SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Points:
    """Points that run until they are let go, or interrupted."""

    def __init__(self, count, jobs):
        self.go = threading.Event()
        self.running = []
        self.schedule = Schedule(
            points=FixedPoints(({"C": n} for n in range(count)), count),
            run_point=self.run_point,
            end_point=lambda result: result,
            jobs=jobs,
        )

    def run_point(self, point, interrupts):
        self.running.append(point.number)
        state = PointState.FINISHED
        try:
            interrupts.run(self.wait, self.cancel)
        except KeyboardInterrupt:
            state = PointState.CANCELLED
        return PointResult(number=point.number, values=point.values, state=state)

    def wait(self):
        assert self.go.wait(_SECONDS)

    def cancel(self, *, now):
        self.go.set()


@pytest.mark.parametrize(
    ("is_now", "state"), [(False, PointState.FINISHED), (True, PointState.CANCELLED)]
)
def test_one_interrupt_waits_and_two_do_not(is_now, state):
    points = Points(count=5, jobs=2)
    thread = threading.Thread(target=points.schedule._work)
    thread.start()
    wait_until(lambda: len(points.running) == 2)
    points.schedule.cancel(now=False)
    if is_now:
        points.schedule.cancel(now=True)
    points.go.set()
    thread.join(_SECONDS)
    assert [item.state for item in points.schedule.results] == [state] * 2
    assert points.running == [1, 2]


def test_points_that_raise_stop_no_others():
    def run_point(point, interrupts):
        raise RuntimeError("no such luck")

    points = FixedPoints(({"C": n} for n in range(3)), 3)
    schedule = Schedule(
        points=points, run_point=run_point, end_point=lambda found: found, jobs=2
    )
    found = schedule.run()
    assert [item.why for item in found] == ["RuntimeError: no such luck"] * 3


def test_interrupts_reach_what_begins_later():
    interrupts, seen = Interrupts(), []
    interrupts.interrupt()
    with pytest.raises(KeyboardInterrupt):
        interrupts.run(lambda: seen.append("ran"), lambda *, now: seen.append(now))
    assert seen == [False, "ran"]


SLOW = "from pathlib import Path\nimport time\nPath(f'began-{C}').touch()\nfor _ in range(600):\n    if Path('go').exists(): break\n    time.sleep(0.1)"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("times", "states"),
    [(1, ["finished"]), pytest.param(2, ["cancelled"], marks=pytest.mark.slow)],
)
def test_interrupted_sweep_leaves_whole_records(sweeping, started, times, states):
    sweeping.write(MLOPS, "shared = 1", SLOW, "mlops.log_metric('auc', C)")
    folder = sweeping.folder
    process = started(folder)
    wait_until((folder / "began-1.0").exists)
    process.send_signal(signal.SIGINT)
    if times == 1:
        (folder / "go").touch()
    else:
        # Two that come at once would be one.
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
    assert process.wait(_SECONDS) != 0
    (run_id,) = sweeping.workspace.runs("kind = 'parent'").run_id
    sweep = sweeping.workspace.sweeps.read(run_id)
    assert sweep.status is Status.CANCELLED
    assert [str(item.state) for item in sweep.points] == states
    assert not (folder / "began-2.0").exists()
    statuses = set(sweeping.workspace.runs("kind = 'notebook'").status)
    assert "running" not in statuses
    assert "lost" not in statuses


@pytest.mark.slow
def test_killed_sweep_is_read_from_its_points(sweeping, started):
    sweeping.write(
        MLOPS,
        "shared = 1",
        "mlops.log_metric('auc', C)",
        SLOW.replace("range(600)", "range(600 * (C == 3))"),
    )
    folder = sweeping.folder
    process = started(folder)
    wait_until((folder / "began-3.0").exists)
    process.kill()
    process.wait(_SECONDS)
    (run_id,) = sweeping.workspace.runs("kind = 'parent'").run_id
    sweep = sweeping.workspace.sweeps.read(run_id)
    assert sweep.status is Status.LOST
    states = [str(item.state) for item in sweep.points]
    assert states == ["finished", "finished", "lost"]
    (folder / "go").touch()
    again = sweeping.run(grid={"C": [1, 2, 3, 4]}, missing=True)
    assert [item.is_earlier for item in again.points] == [True, True, False, False]
    assert again.best.values == {"C": 4.0}


def test_point_whose_copy_is_gone_runs_whole(sweeping, monkeypatch):
    original = runner.run_shared

    def run_and_lose(*given):
        found = original(*given)
        os.kill(found.sleeper.process, signal.SIGKILL)
        wait_until(lambda: not found.sleeper.is_alive)
        return found

    monkeypatch.setattr(runner, "run_shared", run_and_lose)
    found = sweeping.run(
        MLOPS, "shared = 1", "mlops.log_metric('auc', C * shared)", grid={"C": "1,2"}
    )
    assert [item.metrics["auc"] for item in found.points] == [1.0, 2.0]
    assert [item.shared for item in found.points] == [0, 0]
    run = sweeping.point(found, 1)
    assert "its copy is gone" in run.observations["shared"]["why"]
    assert len(run.cells) == 5


def test_copy_that_dies_in_a_cell_fails_its_point(sweeping):
    found = sweeping.run(
        MLOPS,
        "import os",
        "if C == 2: os._exit(3)\nmlops.log_metric('auc', C)",
        grid={"C": "1,2,3"},
    )
    states = [str(item.state) for item in found.points]
    assert states == ["finished", "failed", "finished"]
    assert "exit status 3" in found.points[1].why


@pytest.mark.slow
def test_hopeless_points_are_stopped_early(sweeping):
    pytest.importorskip("optuna")
    # Which points are proposed hangs on which end first: so the later ones are bad.
    curve = (
        "import time\nwith open('begun.txt', 'a+') as file:\n"
        "    file.write('.')\n    place = file.tell()\n"
        "loss, count, wait = (x, 3, 0) if place <= 5 else (100, 600, 0.2)\n"
        "for step in range(count):\n"
        "    mlops.log_metric('loss', loss, step=step)\n    time.sleep(wait)"
    )
    sweeping.write(MLOPS, "shared = 1", curve, parameters="x = 1.0")
    values = [{"x": float(x)} for x in (1, 2, 3, 4, 5, 9)]
    found = sweeping.run(
        over={"x": [item["x"] for item in values]},
        search=12,
        metric="loss",
        goal="min",
        seed=1,
    )
    pruned = [item for item in found.points if item.state is PointState.PRUNED]
    assert len(pruned) == 7
    assert all(item.why.startswith("stopped early: loss 100 ") for item in pruned)
    run = sweeping.workspace.get_run(pruned[0].run_id)
    assert run.status is Status.CANCELLED
    assert run.tags["mlops.point"].endswith(", pruned")
    assert found.status is Status.FINISHED


@pytest.mark.slow
def test_hopeless_points_are_seen_by_what_earlier_sweeps_found(sweeping):
    pytest.importorskip("optuna")
    curve = (
        "import pathlib, time\nis_bad = pathlib.Path('bad.txt').exists()\n"
        "for step in range(600 if is_bad else 3):\n"
        "    mlops.log_metric('loss', 100 if is_bad else x, step=step)\n"
        "    time.sleep(0.2 if is_bad else 0)"
    )
    sweeping.write(MLOPS, "shared = 1", curve, parameters="x = 1.0")
    options = {"metric": "loss", "goal": "min", "seed": 1}
    over = {"x": [float(x) for x in range(40)]}
    sweeping.run(over=over, search=5, **options)
    (sweeping.folder / "bad.txt").touch()
    found = sweeping.run(over=over, search=8, missing=True, **options)
    begun = [item for item in found.points if not item.is_earlier]
    assert {item.state for item in begun} == {PointState.PRUNED}
