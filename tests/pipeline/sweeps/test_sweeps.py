"""Sweeps of real notebooks: points as runs, cells run once for all, whole records."""

import nbformat
import pytest

from jupyter_mlops import errors
from jupyter_mlops.records import Kind, Status
from tests.pipeline.sweeps.conftest import MLOPS

COUNTED = "with open('ran.txt', 'a') as file:\n    file.write('x')\nprint('loaded')"
SCORED = "score = C * (2 if kind == 'b' else 1)\nmlops.log_metric('auc', score)"


def ran(sweeping):
    return len((sweeping.folder / "ran.txt").read_text())


def test_points_share_what_does_not_depend(sweeping):
    found = sweeping.run(
        MLOPS, COUNTED, SCORED, grid={"C": "1,2", "kind": "a,b"}, jobs=2
    )
    assert (found.status, found.shared, ran(sweeping)) == (Status.FINISHED, 2, 1)
    assert found.best.values == {"C": 2.0, "kind": "b"}
    assert [item.metrics["auc"] for item in found.ranked] == [4.0, 2.0, 2.0, 1.0]
    assert all(item.shared == 2 for item in found.points)


def test_points_are_whole_runs_within_the_sweep(sweeping):
    found = sweeping.run(MLOPS, COUNTED, SCORED, grid={"C": "1,2"})
    run = sweeping.point(found, 2)
    assert (run.record.kind, run.record.parent_id) == (Kind.NOTEBOOK, found.run_id)
    assert run.params == {"C": 2.0, "kind": "a"}
    assert [cell.execution_count for cell in run.cells] == [1, 2, 3, 4, 5]
    assert [cell.position for cell in run.cells] == [0, 1, 2, 3, 4]
    assert run.cells[3].outputs[0]["text"] == "loaded\n"
    shared = run.observations["shared"]
    assert shared["cells"] == [0, 2, 3]
    assert sweeping.workspace.get_run(shared["run"]).name == "n shared"
    parent = sweeping.workspace.get_run(found.run_id)
    assert (parent.record.kind, parent.params["C"]) == (Kind.PARENT, [1.0, 2.0])


def test_executed_notebooks_are_those_of_whole_runs(sweeping, tmp_path):
    cells = (MLOPS, COUNTED, "C", SCORED, "print(score)\nscore")
    found = sweeping.run(*cells, grid={"C": "3,4"}, output=tmp_path / "out")
    assert found.shared == 2
    sweeping.workspace.notebooks.run(
        sweeping.folder / "n.ipynb",
        {"C": 4.0},
        output=tmp_path / "whole.ipynb",
        engine="worker",
    )
    one = nbformat.read(tmp_path / "out" / "n-2.ipynb", as_version=4)
    whole = nbformat.read(tmp_path / "whole.ipynb", as_version=4)
    for cell, other in zip(one.cells, whole.cells, strict=True):
        assert (cell.source, cell.outputs) == (other.source, other.outputs)
        assert cell.execution_count == other.execution_count
        assert cell.metadata.papermill.status == other.metadata.papermill.status
    nbformat.validate(one)


def test_failed_points_stop_no_others(sweeping):
    found = sweeping.run(MLOPS, "1 / (C - 2)", SCORED, grid={"C": "1,2,3"})
    assert found.status is Status.FAILED
    assert [str(item.state) for item in found.points] == [
        "finished",
        "failed",
        "finished",
    ]
    assert found.points[1].why == "cell 3: ZeroDivisionError: float division by zero"
    assert found.best.number == 3
    assert sweeping.point(found, 2).status is Status.FAILED


def test_failing_shared_cells_fail_the_sweep(sweeping):
    with pytest.raises(errors.NotebookFailedError, match="no such thing"):
        sweeping.run("raise ValueError('no such thing')", "C", grid={"C": "1,2"})
    run = next(
        sweeping.workspace.get_run(item)
        for item in sweeping.workspace.runs("kind = 'parent'").run_id
    )
    assert run.status is Status.FAILED
    assert [child.name for child in run.children] == ["n shared"]


def test_kernels_run_points_whole(sweeping):
    found = sweeping.run(
        MLOPS, COUNTED, SCORED, grid={"C": "1,2"}, engine="nbclient", jobs=2
    )
    assert (found.shared, ran(sweeping)) == (0, 2)
    assert found.why_not == "the engine is nbclient"
    assert found.best.metrics == {"auc": 2.0}
    assert sweeping.workspace.sweeps.read(found.run_id).why_not == found.why_not


def test_threads_make_points_run_whole(sweeping):
    thread = "import threading\nevent = threading.Event()\nthreading.Thread(target=event.wait, daemon=True).start()"
    found = sweeping.run(MLOPS, thread, SCORED, grid={"C": "1,2"})
    assert found.shared == 0
    assert "threads are alive" in found.why_not
    assert [item.metrics["auc"] for item in found.points] == [1.0, 2.0]


def test_random_numbers_go_on_alike(sweeping):
    drawn = "import random\nimport numpy as np\nrandom.seed(1)\nnp.random.seed(1)\na = random.random()"
    told = "mlops.log_metric('r', random.random())\nmlops.log_metric('n', np.random.rand() + 0 * C)"
    found = sweeping.run(MLOPS, drawn, told, grid={"C": "1,2"})
    assert found.shared == 2
    one, two = (item.metrics for item in found.points)
    assert one == two
    whole = sweeping.workspace.notebooks.run(
        sweeping.folder / "n.ipynb", engine="worker"
    )
    assert sweeping.workspace.get_run(whole).metrics == one


def test_points_do_not_see_each_other(sweeping):
    found = sweeping.run(
        MLOPS,
        "seen = []",
        "seen.append(C)\nmlops.log_metric('n', len(seen))",
        grid={"C": "1,2,3"},
        jobs=2,
    )
    assert found.shared == 2
    assert [item.metrics["n"] for item in found.points] == [1, 1, 1]


def test_drawn_points_can_be_drawn_again(sweeping):
    options = {"over": {"C": "log:0.1..10", "kind": "a,b"}, "random": 4}
    first = sweeping.run(MLOPS, SCORED, **options)
    again = sweeping.run(seed=first.seed, **options)
    assert [item.values for item in again.points] == [
        item.values for item in first.points
    ]
    parent = sweeping.workspace.get_run(first.run_id)
    assert parent.params["C"] == "log:0.1..10.0"


def test_missing_points_alone_run(sweeping):
    cells = (MLOPS, "if kind == 'b': raise ValueError", SCORED)
    first = sweeping.run(*cells, grid={"C": "1,2", "kind": "a,b"})
    sweeping.write(MLOPS, "if kind == 'b': raise ValueError", f"# noted\n{SCORED}")
    again = sweeping.run(grid={"C": "1,2,3", "kind": "a,b"}, missing=True)
    assert [item.is_earlier for item in again.points] == [True, False] * 2 + [False] * 2
    assert again.points[0].run_id == first.points[0].run_id
    sweeping.write(MLOPS, SCORED)
    fresh = sweeping.run(grid={"C": "1,2", "kind": "a"}, missing=True)
    assert not any(item.is_earlier for item in fresh.points)


@pytest.mark.slow
def test_missing_points_of_a_draw_are_the_same(sweeping):
    options = {"over": {"C": "0..1"}, "random": 3}
    first = sweeping.run(MLOPS, SCORED, **options)
    again = sweeping.run(missing=True, **options)
    assert again.seed == first.seed
    assert all(item.is_earlier for item in again.points)


def test_recorded_sweep_reads_as_it_ended(sweeping):
    found = sweeping.run(
        MLOPS, "1 / (C - 2)", SCORED, grid={"C": "1,2,3"}, metric="auc"
    )
    read = sweeping.workspace.sweeps.read(found.run_id)
    assert read.to_json() == found.to_json()
    assert read.best.values == {"C": 3.0}
    point = sweeping.workspace.get_run(found.points[0].run_id)
    assert point.tags["mlops.point"] == "1"


def test_goal_may_be_the_least(sweeping):
    found = sweeping.run(MLOPS, SCORED, grid={"C": "1,2"}, metric="auc", goal="min")
    assert found.best.values == {"C": 1.0}
    lower = sweeping.run(MLOPS, "mlops.log_metric('loss', C)", grid={"C": "1,2"})
    assert lower.best.values == {"C": 1.0}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"over": {"C": "1,2"}}, "say how many points"),
        ({"random": 2, "search": 2, "over": {"C": "1,2"}}, "not both"),
        ({"search": 2, "over": {"C": "1,2"}}, "name the metric"),
        ({"grid": {"C": "1,2"}, "goal": "most"}, "'max' or 'min'"),
        ({"random": 2, "grid": {"C": "1"}, "over": {"C": "2"}}, "leave one out"),
        ({"grid": {"C": "1"}, "engine": "rocket"}, "no engine 'rocket'"),
        ({"grid": {"D": "1"}}, "no parameter 'D'"),
    ],
)
def test_bad_wishes_start_nothing(sweeping, options, said):
    sweeping.write(MLOPS, SCORED)
    with pytest.raises(errors.MlopsError, match=said):
        sweeping.run(**options)
    assert len(sweeping.workspace.runs()) == 0


def test_fixed_values_may_be_set_anew(sweeping):
    scored = "mlops.log_metric('n', n)"
    sweeping.write(MLOPS, "n = n + 1", f"C\n{scored}", parameters="C = 1.0\nn = 0")
    found = sweeping.run(grid={"C": "1,2"}, parameters={"n": 5})
    assert found.shared == 2
    assert [item.metrics["n"] for item in found.points] == [6, 6]


def test_what_shared_cells_log_is_with_each_point(sweeping):
    logged = "mlops.log_metric('rows', 7)\nmlops.log_param('source', 'a.csv')"
    found = sweeping.run(MLOPS, logged, "mlops.log_metric('auc', C)", grid={"C": "1,2"})
    runs = [sweeping.point(found, number) for number in (1, 2)]
    assert [run.metrics for run in runs] == [
        {"rows": 7.0, "auc": 1.0},
        {"rows": 7.0, "auc": 2.0},
    ]
    assert all(run.params["source"] == "a.csv" for run in runs)


def test_secrets_are_fixed_and_masked(sweeping):
    secret = "s3cr3t-0f-mine-42"
    sweeping.write(
        MLOPS, "print(api_key)", "print(C, api_key)", parameters="C = 1.0\napi_key = ''"
    )
    with pytest.raises(errors.InvalidInputError, match="is a secret"):
        sweeping.run(grid={"api_key": f"{secret},b"})
    found = sweeping.run(grid={"C": "1,2"}, parameters={"api_key": secret})
    assert found.shared == 2
    journals = sweeping.workspace.layout.journals.rglob("*.jsonl")
    assert not any(secret in file.read_text() for file in journals)
    assert not any(
        secret.encode() in file.read_bytes()
        for file in sweeping.workspace.layout.folder.rglob("blobs/**/*")
        if file.is_file()
    )


def test_point_is_not_resumed_alone(sweeping):
    found = sweeping.run("1 / (C - 1)", grid={"C": "1,2"})
    with pytest.raises(errors.InvalidInputError, match="--missing"):
        sweeping.workspace.notebooks.resume(sweeping.point(found, 1).id)
