"""Failures, retries, limits, conditions, values, and steps side by side."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from jupyter_mlops.errors import OutputMissingError, PipelineError, StepFailedError
from jupyter_mlops.records import Status
from jupyter_mlops.workspace.steplocks import alone

from .conftest import BOTH
from .conftest import PREPARE as PREPARE_CELLS

FAIL = "from pathlib import Path\nraise ValueError('no')"


def write_pipeline(project, text):
    project.write("pipeline.yaml", f"name: demo\nsteps:\n{text}")


def step(name, *fields, notebook=None):
    lines = [f"  {name}:", f"    notebook: {notebook or name}.ipynb"]
    return "\n".join([*lines, *(f"    {field}" for field in fields)]) + "\n"


def states(outcome):
    return {name: str(item.state) for name, item in outcome.steps.items()}


def test_failed_step_stops_the_rest(project):
    project.notebook("a.ipynb", FAIL)
    project.notebook("b.ipynb", "1")
    write_pipeline(project, step("a") + step("b", "after: a") + step("c", notebook="b"))
    outcome = project.run()
    assert states(outcome) == {"a": "failed", "b": "not run", "c": "not run"}
    assert outcome.status is Status.FAILED
    assert "ValueError: no" in outcome.steps["a"].why[0]
    assert project.workspace.get_run(outcome.run_id).status is Status.FAILED
    assert states(project.run(keep_going=True))["c"] == "finished"


def test_failed_step_leaves_outputs_as_they_were(project):
    project.run()
    before = project.read("out/features.csv")
    project.edit("prepare.ipynb", "run.log_metric(", "Path(features).unlink(); 1/0; (")
    assert project.states() == {"prepare": "failed", "train": "not run"}
    assert project.read("out/features.csv") == before
    assert not [name for name in os.listdir(project.folder / "out") if name[0] == "."]


def test_missing_output_is_named(project):
    project.edit("prepare.ipynb", "Path(features)", "Path('elsewhere.csv')")
    (failed,) = project.run().failures
    assert isinstance(failed.error, OutputMissingError)
    assert "'features' (out/features.csv)" in failed.why[0]
    assert "It wrote elsewhere.csv" in failed.why[0]


def test_step_that_leaves_its_output_alone_fails(project):
    project.run()
    project.edit("prepare.ipynb", "Path(features).write_text", "str")
    assert isinstance(project.run().failures[0].error, OutputMissingError)
    assert (project.folder / "out/features.csv").exists()


def test_undeclared_files_are_said(project):
    project.edit(
        "prepare.ipynb", "rows = [int", "Path('x.log').write_text('x');rows = [int"
    )
    assert "also wrote x.log" in project.run().steps["prepare"].notes[0]
    assert project.states() == BOTH
    project.write("x.log", "y")
    assert project.why("prepare") == [
        "x.log, which it wrote without declaring it, changed"
    ]


def test_retries_wait_and_are_counted(project):
    code = "from pathlib import Path\nn = len(list(Path('tries').iterdir()))\n"
    code += "Path(f'tries/{n}').touch()\nassert n == 2, n"
    (project.folder / "tries").mkdir()
    project.notebook("a.ipynb", code)
    write_pipeline(project, step("a", "retries: {times: 2, wait: 0.01}"))
    outcome = project.run()
    assert states(outcome) == {"a": "finished"}
    runs = project.workspace.get_run(outcome.run_id).children
    assert [run.status for run in runs] == ["failed", "failed", "finished"]
    assert [run.tags.get("mlops.attempt") for run in runs] == [None, "2", "3"]


def test_step_that_takes_too_long_fails(project):
    project.notebook("a.ipynb", "import time", "time.sleep(60)", "1")
    write_pipeline(project, step("a", "timeout: {step: 0.2}"))
    (failed,) = project.run().failures
    assert isinstance(failed.error, StepFailedError)
    assert "longer than the 0.2 s" in failed.why[0]
    run = project.workspace.get_run(failed.run_id)
    assert run.status is Status.FAILED
    assert [cell.status for cell in run.cells] == ["finished", "cancelled"]


def test_interrupt_leaves_complete_records(project):
    project.notebook("a.ipynb", "import signal\nsignal.raise_signal(signal.SIGINT)")
    write_pipeline(project, step("a") + step("b", "after: a", notebook="a"))
    with pytest.raises(KeyboardInterrupt):
        project.run()
    run = project.workspace.get_run("last")
    parent = project.workspace.get_run(run.record.parent_id)
    assert (run.status, parent.status) == (Status.CANCELLED, Status.CANCELLED)
    told = parent.observations["pipeline"]
    assert [item["state"] for item in told] == ["cancelled", "not run"]


def test_condition_skips_a_step_and_those_after(project):
    project.notebook("a.ipynb", "run.log_metric('auc', 0.5)")
    project.notebook("b.ipynb", "1")
    rest = step("b", "when: ${a.metrics.auc} > 0.8") + step(
        "c", "after: b", notebook="b"
    )
    write_pipeline(project, step("a") + rest)
    outcome = project.run()
    assert states(outcome) == {"a": "finished", "b": "skipped", "c": "skipped"}
    assert outcome.status is Status.FINISHED
    assert "does not hold: ${a.metrics.auc} > 0.8" in outcome.steps["b"].why[0]


def test_values_are_handed_on(project):
    code = "from jupyter_mlops.tracking.handing import hand_on\n"
    code += "import pandas as pd\nhand_on(run, 'n', 3)\n"
    code += "hand_on(run, 'table', pd.DataFrame({'x': [1]}))"
    project.notebook("a.ipynb", code)
    project.notebook(
        "b.ipynb", "run.log_params({'n': n, 't': t})", parameters="n=0;t=''"
    )
    fields = "parameters: {n: '${a.values.n}', t: '${a.values.table}'}"
    write_pipeline(project, step("a") + step("b", fields))
    outcome = project.run()
    made = outcome.steps["a"]
    params = project.workspace.get_run(outcome.steps["b"].run_id).params
    assert params == {"n": 3, "t": f"runs:/{made.run_id}/values/table"}
    frame = project.workspace.get_run(made.run_id).artifact("values/table")
    assert frame.x.tolist() == [1]
    # Made again, the same table under another address is the same.
    assert states(project.run(only="a", force=True)) == {"a": "finished"}
    assert states(project.run())["b"] == "cached"


def test_unknown_metric_names_the_nearest(project):
    project.edit("pipeline.yaml", "metrics.rows", "metrics.rowz")
    outcome = project.run()
    assert "no metric 'rowz'. Did you mean 'rows'?" in outcome.steps["train"].why[0]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"trian.C": 1}, "no step 'trian'. Did you mean 'train'?"),
        ({"x": 1}, "no parameter 'x'"),
        ({"train.rowz": 1}, "Did you mean 'rows'?"),
        ({"train.C": "x"}, "must be a number"),
    ],
)
def test_wrong_parameters_are_refused(project, given, words):
    try:
        told = project.run(given).steps["train"].why[0]
    except PipelineError as error:
        told = str(error)
    assert words in told


def test_only_needs_the_rest_cached(project):
    with pytest.raises(PipelineError, match="needs 'prepare', which is not up to date"):
        project.run(only="train")
    assert len(project.workspace.runs()) == 0
    project.run(only="prepare")
    assert project.states(only="train") == {"prepare": "cached", "train": "finished"}
    with pytest.raises(PipelineError, match="Did you mean 'train'"):
        project.run(only="trian")


def test_missing_input_names_the_nearest(project):
    os.rename(project.folder / "data/raw.csv", project.folder / "data/raw1.csv")
    assert "Did you mean 'raw1.csv'?" in project.run().steps["prepare"].why[0]


def test_notebook_edited_while_it_runs_is_no_hit(project):
    code = "t = Path('prepare.ipynb').read_text()\n"
    code += (
        "Path('prepare.ipynb').write_text(t.replace('factor for', 'factor + 1 for'))"
    )
    project.notebook("prepare.ipynb", *PREPARE_CELLS, code, parameters=DECLARED)
    assert "while it ran" in project.run().steps["prepare"].notes[-1]
    assert project.states()["prepare"] == "finished"


def test_step_that_comes_out_otherwise_is_said(project):
    project.edit(
        "prepare.ipynb",
        ") + note)",
        ") + note + str(id(object())) + __import__('uuid').uuid4().hex)",
    )
    project.run()
    notes = project.run(force=True).steps["prepare"].notes
    assert "not deterministic: features came out otherwise" in notes[-1]


def test_second_runner_is_refused(project):
    pipelines = project.workspace.pipelines
    with alone(pipelines.folder, pipelines.read(".")):
        with pytest.raises(PipelineError, match="being run by another process"):
            project.run()


def test_steps_run_side_by_side(project):
    code = "from pathlib import Path\nimport time\nPath(me).touch()\n"
    code += "while not Path(other).exists(): time.sleep(0.01)"
    project.notebook("a.ipynb", code, parameters="me = ''; other = ''")
    limit = "timeout: {step: 60}"
    first = step("a", "parameters: {me: x, other: y}", limit)
    second = step("b", "parameters: {me: y, other: x}", limit, notebook="a")
    write_pipeline(project, first + second)
    outcome = project.run(jobs=2)
    assert states(outcome) == {"a": "finished", "b": "finished"}
    assert states(project.run(jobs=2)) == {"a": "cached", "b": "cached"}


def test_side_by_side_failures_are_told(project):
    project.notebook("a.ipynb", FAIL)
    project.notebook(
        "b.ipynb", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    write_pipeline(project, step("a") + step("b"))
    outcome = project.run(jobs=2, keep_going=True)
    assert "ValueError: no" in outcome.steps["a"].why[0]
    assert "ended by the signal SIGKILL" in outcome.steps["b"].why[0]


def test_interrupt_reaches_all_that_run(project):
    project.notebook(
        "a.ipynb",
        "from pathlib import Path\nPath(me).touch()",
        "import time\ntime.sleep(60)",
        parameters="me = ''",
    )
    first = step("a", "parameters: {me: x}")
    write_pipeline(project, first + step("b", "parameters: {me: y}", notebook="a"))
    places = [project.folder / name for name in "xy"]

    def interrupt():
        while not all(place.exists() for place in places):
            threading.Event().wait(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    watcher = threading.Thread(target=interrupt)
    watcher.start()
    with pytest.raises(KeyboardInterrupt):
        project.run(jobs=2)
    watcher.join()
    table = project.workspace.runs()
    assert set(table.status) == {"cancelled"}
    assert len(table) == 3


def test_resources_keep_steps_apart(project):
    code = "from pathlib import Path\nassert not Path('busy').exists()\n"
    code += "Path('busy').touch()\nimport time; time.sleep(0.05)\nPath('busy').unlink()"
    project.notebook("a.ipynb", code)
    big = "resources: {cpus: 10000}"
    write_pipeline(project, step("a", big) + step("b", big, notebook="a"))
    outcome = project.run(jobs=2, force=True)
    assert states(outcome) == {"a": "finished", "b": "finished"}


DECLARED = "factor = 1\nraw = ''\nfeatures = ''"
