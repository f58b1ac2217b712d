"""Steps that sweep: the best point's results are the step's, and known next time."""

import pytest

from jupyter_mlops import errors
from jupyter_mlops.pipeline.spec.reader import parse_pipeline
from jupyter_mlops.records import Kind, Status

pytestmark = pytest.mark.slow

SWEEP = """\
name: demo
steps:
  train:
    notebook: train.ipynb
    parameters: {rows: 3}
    outputs: {model: out/model.txt}
    sweep: {grid: {C: [1, 5, 3]}, metric: auc}
  use:
    notebook: use.ipynb
    parameters: {C: "${train.params.C}", auc: "${train.metrics.auc}"}
    inputs: {model: "${train.outputs.model}"}
"""
TRAIN = (
    "from pathlib import Path\nPath(model).write_text(f'{C} {rows}')",
    "run.log_metric('auc', 10 - abs(C - 4.5))",
)


@pytest.fixture
def swept(project):
    project.write("pipeline.yaml", SWEEP)
    declared = "C = 1.0\nrows = 0\nmodel = ''"
    project.notebook("train.ipynb", *TRAIN, parameters=declared)
    told = "run.log_metric('told', C * 100 + auc)"
    project.notebook("use.ipynb", told, parameters="C = 0.0\nauc = 0.0\nmodel = ''")
    return project


def test_step_has_the_results_of_its_best_point(swept):
    outcome = swept.run()
    train, use = outcome.steps.values()
    assert (train.state, use.state) == ("finished", "finished")
    assert swept.read("out/model.txt") == "5.0 3"
    assert train.metrics == {"auc": 9.5}
    assert use.metrics == {"told": 509.5}
    assert train.parameters["C"] == 5.0
    assert train.values["best"] == {"json": {"C": 5.0}}


def test_points_are_runs_within_the_step(swept):
    outcome = swept.run()
    step = swept.workspace.get_run(outcome.steps["train"].run_id)
    assert (step.record.kind, step.params["C"]) == (Kind.STEP, [1.0, 5.0, 3.0])
    assert [child.record.kind for child in step.children] == [Kind.NOTEBOOK] * 3
    assert [child.params["C"] for child in step.children] == [1.0, 5.0, 3.0]
    sweep = swept.workspace.sweeps.read(step.id)
    assert sweep.best.run_id == step.children[1].id
    assert (
        step.artifacts["outputs/model"].digest
        == step.children[1].artifacts["outputs/model"].digest
    )


def test_known_sweep_is_cached_whole(swept):
    swept.run()
    (swept.folder / "out/model.txt").unlink()
    outcome = swept.run()
    assert [item.state for item in outcome.steps.values()] == ["cached", "cached"]
    assert outcome.steps["train"].parameters["C"] == 5.0
    assert swept.read("out/model.txt") == "5.0 3"


def test_known_sweep_survives_its_ledger(swept):
    swept.run()
    for file in (swept.folder / ".mlops" / "versions").rglob("*.json"):
        file.unlink()
    assert swept.states() == {"train": "cached", "use": "cached"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[1, 5, 3]", "[1, 5, 3, 4]"),
        ("metric: auc", "metric: auc, goal: min"),
        ("rows: 3", "rows: 4"),
        ("grid: {C: [1, 5, 3]}", "over: {C: 1..5}, random: 2"),
    ],
)
def test_another_space_runs_again(swept, old, new):
    swept.run()
    swept.edit("pipeline.yaml", old, new)
    assert swept.states()["train"] == "finished"
    assert swept.states()["train"] == "cached"


def test_why_names_what_is_swept(swept):
    swept.run()
    swept.edit("pipeline.yaml", "[1, 5, 3]", "[1, 2]")
    assert any("sweep.C" in why for why in swept.why("train"))


def test_failed_points_are_passed_over(swept):
    swept.edit("train.ipynb", "run.log_metric", "1 / (C - 5); run.log_metric")
    outcome = swept.run()
    train = outcome.steps["train"]
    assert (train.state, train.parameters["C"]) == ("finished", 3.0)
    assert train.notes == ["runs again next time: 1 point failed"]
    assert swept.read("out/model.txt") == "3.0 3"
    assert swept.states()["train"] == "finished"


def test_step_fails_when_no_point_can_be_judged(swept):
    swept.write("out/model.txt", "mine")
    swept.edit("pipeline.yaml", "metric: auc", "metric: acu")
    outcome = swept.run()
    train = outcome.steps["train"]
    assert train.state == "failed"
    assert "Did you mean 'auc'?" in train.why[0]
    assert swept.read("out/model.txt") == "mine"
    assert swept.workspace.get_run(train.run_id).status is Status.FAILED


def test_step_fails_when_all_points_do(swept):
    swept.edit("train.ipynb", "run.log_metric", "1 / 0; run.log_metric")
    outcome = swept.run()
    assert "all its points failed" in outcome.steps["train"].why[0]
    assert not (swept.folder / "out/model.txt").exists()


def test_interrupted_sweep_leaves_outputs_as_they_were(swept):
    swept.write("out/model.txt", "mine")
    swept.edit(
        "train.ipynb",
        "run.log_metric",
        "if C == 3: raise KeyboardInterrupt\\nrun.log_metric",
    )
    with pytest.raises(KeyboardInterrupt):
        swept.run()
    assert swept.read("out/model.txt") == "mine"
    runs = swept.workspace.runs()
    assert set(runs.status) == {"finished", "cancelled"}


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        ("{grid: {rows: [1]}, metric: auc}", "which is in its parameters"),
        ("{grid: {C: []}, metric: auc}", "a list of values"),
        ("{grid: {C: [1]}}", "lacks 'metric'"),
        ("{metric: auc}", "needs a 'grid'"),
        ("{over: {C: 1..2}, metric: auc}", "needs a 'grid'"),
        ("{random: 3, metric: auc}", "say from what"),
        ("{random: 3, search: 3, over: {C: 1..2}, metric: auc}", "leave one out"),
        ("{gird: {C: [1]}, metric: auc}", "Did you mean 'grid'"),
        ("{grid: {C: ['${params.x}']}, metric: auc}", "plain values"),
        ("{grid: {C: [1]}, metric: auc, goal: best}", "max or min"),
    ],
)
def test_bad_sweeps_say_where(tmp_path, sweep, said):
    text = SWEEP.replace("{grid: {C: [1, 5, 3]}, metric: auc}", sweep)
    with pytest.raises(errors.PipelineFileError, match=said) as raised:
        parse_pipeline(text, tmp_path / "pipeline.yaml")
    assert raised.value.line == 7


def test_unknown_parameters_are_named(swept):
    swept.edit("pipeline.yaml", "{C: [1, 5, 3]}", "{D: [1, 5, 3]}")
    outcome = swept.run()
    assert "no parameter 'D'" in outcome.steps["train"].why[0]
