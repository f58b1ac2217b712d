"""Points that a sweep left, and shared cells that failed, gone on with in their midst."""

import os
import signal

import pytest

from jupyter_mlops import errors
from jupyter_mlops.pipeline.checkpoints import visitor
from jupyter_mlops.pipeline.checkpoints.keeping import held_copies, release_copies
from jupyter_mlops.pipeline.checkpoints.policy import Policy
from jupyter_mlops.workspace.sweepresuming import resume_sweep
from tests.pipeline.checkpoints.conftest import runtime_folder
from tests.pipeline.sweeps.conftest import MLOPS

COUNTING = """
def told(what):
    with open('ran.txt', 'a') as file:
        print(what, file=file)
"""
LOAD = f"""{MLOPS}
import counting
counting.told('load')
rows = [1, 2, 3]
mlops.log_metric('size', 3)"""
# As long as a copy must save.
FIT = """import time
counting.told(f'fit {C:g}')
began = time.perf_counter()
while time.perf_counter() < began + 0.3:
    pass
fitted = C / sum(rows)
mlops.log_metric('loss', 1 - fitted)
print('fitted', C)"""
FAILS = "import os\nassert C < 2 or os.path.exists('mended')"
LOG = "mlops.log_metric('auc', fitted)"
GRID = {"C": [1, 2, 3]}


@pytest.fixture(autouse=True)
def _eager(monkeypatch):
    """As if cells took minutes."""
    eager = Policy(share=10.0, worth=0.0, least=0.1)
    monkeypatch.setattr(visitor, "Policy", lambda: eager)


@pytest.fixture(autouse=True)
def _own_keeper(sweeping):
    # A cell that wrote itself would not be shared.
    (sweeping.folder / "counting.py").write_text(COUNTING)
    with runtime_folder():
        yield


def ran(sweeping):
    """Return what ran since this was last asked."""
    file = sweeping.folder / "ran.txt"
    found = sorted(file.read_text().splitlines()) if file.exists() else []
    file.unlink(missing_ok=True)
    return found


def states(found):
    return [str(item.state) for item in found.points]


def restored(found):
    return [item.restored for item in found.points]


@pytest.fixture
def left(sweeping):
    """A sweep whose last two points failed behind a cell that takes its time."""
    found = sweeping.run(LOAD, FIT, FAILS, LOG, grid=GRID)
    assert states(found) == ["finished", "failed", "failed"]
    assert ran(sweeping) == ["fit 1", "fit 2", "fit 3", "load"]
    return found


def test_points_go_on_at_the_cell_that_failed(sweeping, left):
    (sweeping.folder / "mended").touch()
    again = resume_sweep(sweeping.workspace, left.run_id)
    assert states(again) == ["finished"] * 3
    assert ran(sweeping) == []
    # The parameters' cells count, too.
    assert restored(again) == [0, 4, 4]
    point = sweeping.point(again, 3)
    assert point.metrics == {"size": 3.0, "loss": 0.5, "auc": 0.5}
    assert [cell.execution_count for cell in point.cells] == [1, 2, 3, 4, 5, 6]
    assert point.cells[3].outputs[0]["text"] == "fitted 3.0\n"
    assert again.resumed.points == 2
    assert "2 points went on from copies of their own" in again.resumed.line
    assert sweeping.workspace.sweeps.read(again.run_id).resumed == again.resumed
    assert all(held_copies(item.run_id) == [] for item in left.points)


@pytest.mark.slow
def test_mended_cell_is_run_by_those_that_failed(sweeping, left):
    """Finished points ran other code: they run again, behind the shared cells."""
    sweeping.write(LOAD, FIT, "fitted += 1", LOG)
    again = resume_sweep(sweeping.workspace, left.run_id)
    assert states(again) == ["finished"] * 3
    assert [item.metrics["auc"] for item in again.points] == [
        pytest.approx(1 + C / 6) for C in (1, 2, 3)
    ]
    assert ran(sweeping) == ["fit 1"]
    assert restored(again) == [0, 4, 4]


@pytest.mark.slow
def test_point_goes_on_again_and_again(sweeping, left):
    found = left
    for _ in range(2):
        found = resume_sweep(sweeping.workspace, found.run_id)
        assert states(found) == ["finished", "failed", "failed"]
        assert ran(sweeping) == []
    (sweeping.folder / "mended").touch()
    found = resume_sweep(sweeping.workspace, found.run_id)
    assert states(found) == ["finished"] * 3
    assert ran(sweeping) == []
    assert sweeping.point(found, 2).metrics == pytest.approx(
        {"size": 3.0, "loss": 2 / 3, "auc": 1 / 3}
    )


@pytest.mark.slow
@pytest.mark.parametrize("change", ["cell", "value", "module", "variable", "copy"])
def test_point_begins_where_it_must(sweeping, left, change, monkeypatch):
    (sweeping.folder / "mended").touch()
    given = {}
    if change == "cell":
        sweeping.write(LOAD, FIT.replace("sum(rows)", "3"), FAILS, LOG)
    elif change == "value":
        given = {"kind": "b"}
    elif change == "module":
        (sweeping.folder / "counting.py").write_text(f"{COUNTING}\nnew = 1")
    elif change == "variable":
        sweeping.write(LOAD, f"import os\nos.environ.get('D')\n{FIT}", FAILS, LOG)
        monkeypatch.setenv("D", "1")
    else:
        for item in left.points:
            release_copies(item.run_id)
    again = resume_sweep(sweeping.workspace, left.run_id, given)
    assert states(again) == ["finished"] * 3
    assert restored(again) == [0, 0, 0]
    assert {"fit 2", "fit 3"} <= set(ran(sweeping))


@pytest.mark.slow
def test_copy_that_is_killed_is_a_full_run(sweeping, left):
    """The copy is there when it is chosen, and gone when it is woken."""
    (copy,) = (
        one for one in held_copies(left.points[1].run_id) if one.kind == "before"
    )
    (sweeping.folder / "mended").touch()
    sweeping.write(LOAD, FIT, FAILS, f"{LOG}\nprint('end')")
    os.kill(copy.process, signal.SIGKILL)
    again = resume_sweep(sweeping.workspace, left.run_id)
    assert states(again) == ["finished"] * 3
    assert restored(again) == [0, 0, 4]
    assert ran(sweeping) == ["fit 1", "fit 2"]
    assert sweeping.point(again, 2).metrics["auc"] == pytest.approx(1 / 3)


@pytest.mark.slow
def test_whole_points_go_on_too(sweeping, monkeypatch):
    """Where no cells are shared, as the first uses what is swept."""
    first = f"told = C\n{LOAD}"
    found = sweeping.run(first, FIT, FAILS, LOG, grid=GRID)
    assert found.shared == 0
    assert states(found) == ["finished", "failed", "failed"]
    ran(sweeping)
    (sweeping.folder / "mended").touch()
    again = resume_sweep(sweeping.workspace, found.run_id)
    assert states(again) == ["finished"] * 3
    assert restored(again) == [0, 4, 4]
    assert ran(sweeping) == []
    assert sweeping.point(again, 2).metrics["size"] == 3.0


SHARED = """import time
began = time.perf_counter()
while time.perf_counter() < began + 0.3:
    pass
mlops.log_metric('read', 7)
print('read')"""
CHECK = "import os\nassert os.path.exists('mended')\nmlops.log_metric('checked', 1)"
USE = "mlops.log_metric('auc', C / sum(rows))"


@pytest.fixture
def stopped(sweeping):
    """A sweep of which a shared cell failed."""
    with pytest.raises(errors.NotebookFailedError):
        sweeping.run(LOAD, SHARED, CHECK, USE, grid=GRID)
    assert ran(sweeping) == ["load"]
    (run_id,) = sweeping.workspace.runs("kind = 'parent'").run_id
    return run_id


def test_shared_cells_go_on_at_the_one_that_failed(sweeping, stopped):
    (sweeping.folder / "mended").touch()
    again = resume_sweep(sweeping.workspace, stopped)
    assert states(again) == ["finished"] * 3
    assert ran(sweeping) == []
    assert (again.shared, again.resumed.restored) == (3, 2)
    assert "whose 2 shared cells were not run again" in again.resumed.line
    point = sweeping.point(again, 2)
    assert point.metrics == pytest.approx(
        {"size": 3.0, "read": 7.0, "checked": 1.0, "auc": 1 / 3}
    )
    assert [cell.execution_count for cell in point.cells] == [1, 2, 3, 4, 5, 6]
    assert point.cells[3].outputs[0]["text"] == "read\n"
    for run in sweeping.workspace.get_run(stopped).children:
        assert held_copies(run.id) == []


@pytest.mark.slow
def test_mended_shared_cell_goes_on_again(sweeping, stopped):
    with pytest.raises(errors.NotebookFailedError):
        resume_sweep(sweeping.workspace, stopped)
    sweeping.write(LOAD, SHARED, "mlops.log_metric('checked', 2)", USE)
    (latest, *_) = sweeping.workspace.runs("kind = 'parent'").run_id
    assert latest != stopped
    again = resume_sweep(sweeping.workspace, latest)
    assert states(again) == ["finished"] * 3
    assert ran(sweeping) == []
    assert sweeping.point(again, 3).metrics["checked"] == 2.0
    assert sweeping.point(again, 3).metrics["read"] == 7.0


@pytest.mark.slow
@pytest.mark.parametrize("change", ["cell", "module", "copy", "one point"])
def test_shared_cells_begin_where_they_must(sweeping, stopped, change):
    (sweeping.folder / "mended").touch()
    (shared,) = sweeping.workspace.get_run(stopped).children
    loads = ["load"]
    if change == "cell":
        sweeping.write(LOAD.replace("3]", "4]"), SHARED, CHECK, USE)
    elif change == "module":
        (sweeping.folder / "counting.py").write_text(f"{COUNTING}\nnew = 1")
    elif change == "copy":
        # Chosen, and gone when it is woken.
        for copy in held_copies(shared.id):
            os.kill(copy.process, signal.SIGSTOP)
            os.kill(copy.process, signal.SIGKILL)
    else:
        sweeping.run(grid={"C": [1, 2]})
        assert ran(sweeping) == ["load"]
        loads = []
    again = resume_sweep(sweeping.workspace, stopped)
    assert states(again) == ["finished"] * 3
    assert ran(sweeping) == loads
    if loads:
        assert again.resumed.restored == 0
        assert again.resumed.why
