"""Sweeps that left points, gone on with behind the cells that all points share."""

import pytest

from jupyter_mlops import errors
from jupyter_mlops.pipeline.checkpoints.keeping import held_copies, release_copies
from jupyter_mlops.pipeline.sweeps.results import POINT_TAG, SHARED
from jupyter_mlops.tracking.resumed import read_resumed
from jupyter_mlops.workspace.sweepresuming import resume_sweep
from tests.pipeline.checkpoints.conftest import runtime_folder
from tests.pipeline.sweeps.conftest import MLOPS
from tests.pipeline.sweeps.test_sweep_faults import SLOW, wait_until

LOAD = f"""{MLOPS}
import counting
rows = [1, 2, 3]
print('loaded')
mlops.log_metric('size', 3)"""
FAILS = "import os\nassert C < 2 or os.path.exists('mended')\nauc = C / sum(rows)"
LOG = "mlops.log_metric('auc', auc)\nprint(auc)"


COUNTING = "with open('ran.txt', 'a') as file: print('ran', file=file)"


@pytest.fixture(autouse=True)
def _own_keeper(sweeping):
    # A cell that wrote itself would not be shared.
    (sweeping.folder / "counting.py").write_text(COUNTING)
    with runtime_folder():
        yield


def times_run(sweeping):
    return len((sweeping.folder / "ran.txt").read_text().splitlines())


def shared_of(workspace, found):
    """Return the run of a sweep's shared cells, None when it has none."""
    children = workspace.get_run(found.run_id).children
    return next((one for one in children if one.tags.get(POINT_TAG) == SHARED), None)


def states(found):
    return [str(item.state) for item in found.points]


def test_points_left_go_on_behind_the_shared_cells(sweeping):
    first = sweeping.run(LOAD, FAILS, LOG, grid={"C": [1, 2, 3]})
    assert states(first) == ["finished", "failed", "failed"]
    (sweeping.folder / "mended").touch()
    again = resume_sweep(sweeping.workspace, first.run_id)
    assert states(again) == ["finished"] * 3
    assert [item.is_earlier for item in again.points] == [True, False, False]
    assert times_run(sweeping) == 1
    assert shared_of(sweeping.workspace, again) is None
    point = sweeping.point(again, 3)
    assert point.metrics == {"size": 3.0, "auc": 0.5}
    texts = [cell.outputs[0]["text"] for cell in point.cells if cell.outputs]
    assert texts == ["loaded\n", "0.5\n"]
    assert [cell.execution_count for cell in point.cells] == [1, 2, 3, 4, 5]
    kept = sweeping.workspace.sweeps.read(again.run_id)
    assert kept.resumed.origin == first.run_id
    assert kept.resumed.restored == again.shared == 1
    assert "whose 1 shared cell was not run again" in kept.resumed.line


@pytest.mark.slow
def test_mended_cell_runs_for_all_points(sweeping):
    first = sweeping.run(LOAD, FAILS, LOG, grid={"C": [1, 2, 3]})
    sweeping.write(LOAD, "auc = C / sum(rows) + 1", LOG)
    again = resume_sweep(sweeping.workspace, first.run_id)
    assert states(again) == ["finished"] * 3
    assert not any(item.is_earlier for item in again.points)
    assert [item.metrics["auc"] for item in again.points] == [
        pytest.approx(1 + C / 6) for C in (1, 2, 3)
    ]
    assert times_run(sweeping) == 1


@pytest.mark.slow
def test_last_point_left_is_restored_too(sweeping):
    first = sweeping.run(LOAD, FAILS, LOG, grid={"C": [0, 1, 2]})
    (sweeping.folder / "mended").touch()
    again = resume_sweep(sweeping.workspace, sweeping.point(first, 3).id)
    assert states(again) == ["finished"] * 3
    assert again.resumed.restored == 1
    assert times_run(sweeping) == 1


@pytest.mark.slow
def test_copy_is_held_on_while_points_are_left(sweeping):
    found = sweeping.run(LOAD, FAILS, LOG, grid={"C": [1, 2, 3]})
    shared = shared_of(sweeping.workspace, found)
    for _ in range(2):
        found = resume_sweep(sweeping.workspace, found.run_id)
        assert states(found) == ["finished", "failed", "failed"]
        assert len(held_copies(shared.id)) == 1
    (sweeping.folder / "mended").touch()
    found = resume_sweep(sweeping.workspace, found.run_id)
    assert states(found) == ["finished"] * 3
    assert times_run(sweeping) == 1
    assert held_copies(shared.id) == []


def test_sweep_that_ended_well_holds_nothing(sweeping):
    found = sweeping.run(LOAD, LOG, "auc", parameters={"kind": "b"}, grid={"C": [1, 2]})
    assert states(found) == ["failed"] * 2  # there is no auc yet
    assert held_copies(shared_of(sweeping.workspace, found).id)
    found = sweeping.run(LOAD, "auc = C", LOG, grid={"C": [1, 2]})
    assert states(found) == ["finished"] * 2
    assert held_copies(shared_of(sweeping.workspace, found).id) == []


@pytest.mark.slow
def test_setting_switches_it_off(sweeping, monkeypatch):
    monkeypatch.setenv("JUPYTER_MLOPS_CHECKPOINTS", "false")
    sweeping.workspace = type(sweeping.workspace)(sweeping.folder)
    found = sweeping.run(LOAD, FAILS, LOG, grid={"C": [1, 2]})
    assert found.shared == 1
    assert held_copies(shared_of(sweeping.workspace, found).id) == []
    sweeping.workspace.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("cell", "they have changed"),
        ("value", "they have changed"),
        ("module", "the module loading.py has changed"),
        ("variable", "the variable SOURCE has changed"),
        ("copy", "no copy of their process is held any more"),
    ],
)
def test_shared_cells_run_again_where_they_must(sweeping, monkeypatch, change, why):
    load = f"import os, loading\nos.environ.get('SOURCE')\n{LOAD}\nprint(kind)"
    (sweeping.folder / "loading.py").write_text("SIZE = 3")
    first = sweeping.run(load, FAILS, LOG, grid={"C": [1, 2, 3]})
    (sweeping.folder / "mended").touch()
    further = {}
    if change == "cell":
        sweeping.write(load.replace("[1, 2, 3]", "[1, 2, 9]"), FAILS, LOG)
    elif change == "value":
        further = {"kind": "b"}
    elif change == "module":
        (sweeping.folder / "loading.py").write_text("SIZE = 4")
    elif change == "variable":
        monkeypatch.setenv("SOURCE", "other")
    else:
        release_copies(shared_of(sweeping.workspace, first).id)
    again = resume_sweep(sweeping.workspace, first.run_id, further)
    assert states(again) == ["finished"] * 3
    assert times_run(sweeping) == 2
    assert again.resumed.restored == 0
    assert again.resumed.why == why
    if change == "value":
        assert "b" in str(sweeping.point(again, 1).cells[2].outputs)


@pytest.mark.slow
def test_markdown_and_comments_change_nothing(sweeping):
    first = sweeping.run(LOAD, FAILS, LOG, grid={"C": [1, 2, 3]})
    (sweeping.folder / "mended").touch()
    sweeping.write(f"# what the rows are\n{LOAD}", FAILS, LOG)
    again = resume_sweep(sweeping.workspace, first.run_id)
    assert [item.is_earlier for item in again.points] == [True, False, False]
    assert times_run(sweeping) == 1


@pytest.mark.slow
def test_swept_cells_are_never_restored(sweeping):
    """What was shared under one grid depends on what another one sweeps over."""
    cells = (LOAD, "told = kind * 2", FAILS, LOG + "\nmlops.log_param('told', told)")
    sweeping.run(*cells, grid={"C": [1, 2]})
    (sweeping.folder / "mended").touch()
    found = sweeping.run(grid={"kind": ["x", "y"]}, missing=True)
    told = [sweeping.point(found, number).params["told"] for number in (1, 2)]
    assert told == ["xx", "yy"]


@pytest.mark.slow
def test_killed_sweep_is_gone_on_with(sweeping, started):
    sweeping.write(LOAD, "mlops.log_metric('auc', C)", SLOW)
    process = started(sweeping.folder)
    wait_until((sweeping.folder / "began-1.0").exists)
    process.kill()
    process.wait()
    (run_id,) = sweeping.workspace.runs("kind = 'parent'").run_id
    (sweeping.folder / "go").touch()
    again = resume_sweep(sweeping.workspace, run_id)
    assert set(states(again)) == {"finished"}
    assert again.resumed.restored >= 1
    assert times_run(sweeping) == 1


def test_what_cannot_be_gone_on_with_is_said(sweeping):
    token = "TOKEN = ''  # secret\nC = 1.0\nkind = 'a'"
    sweeping.write(LOAD, FAILS, LOG, parameters=token)
    found = sweeping.run(grid={"C": [1, 2]}, parameters={"TOKEN": "hunter2-hunter2"})
    with pytest.raises(errors.InvalidParameterError, match="TOKEN"):
        resume_sweep(sweeping.workspace, found.run_id)
    again = resume_sweep(sweeping.workspace, found.run_id, {"TOKEN": "hunter2-hunter2"})
    assert times_run(sweeping) == 1
    assert again.resumed.restored == 1
    with pytest.raises(errors.InvalidInputError, match="--missing"):
        resume_sweep(sweeping.workspace, sweeping.workspace.start_run("x").id)
    (sweeping.folder / "n.ipynb").unlink()
    with pytest.raises(errors.NotebookNotFoundError, match=r"n\.ipynb, is gone"):
        resume_sweep(sweeping.workspace, again.run_id, {"TOKEN": "hunter2-hunter2"})


@pytest.mark.slow
def test_drawn_and_searched_points_go_on(sweeping):
    options = {"over": {"C": "0.5..3.5"}, "random": 4, "metric": "auc", "seed": 7}
    first = sweeping.run(LOAD, FAILS, LOG, **options)
    assert set(states(first)) == {"finished", "failed"}
    (sweeping.folder / "mended").touch()
    again = resume_sweep(sweeping.workspace, first.run_id)
    assert [item.values for item in again.points] == [
        item.values for item in first.points
    ]
    assert times_run(sweeping) == 1
    assert read_resumed(sweeping.workspace.get_run(again.run_id).observations).is_sweep
