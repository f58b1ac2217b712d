import asyncio
import json
import math
import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest

import jupyter_mlops as mlops
from jupyter_mlops import errors
from jupyter_mlops.records import Kind, Status
from jupyter_mlops.store import events, journal


def lines_of(workspace, run_id):
    folder = workspace.layout.journal_folder(run_id)
    return [
        event
        for file in journal.journal_files(folder)
        for event in journal.read_journal(file).events
    ]


def test_run_comes_back_as_logged(workspace):
    with mlops.start_run("first", experiment="exp", params={"C": 1}) as run:
        mlops.log_metric("loss", 0.5)
        mlops.log_metrics({"loss": 0.25, "acc": 0.9})
        mlops.set_tags({"team": "risk", "round": 3})
        mlops.log_note("a note")
    found = mlops.get_run(run.id)
    assert (found.name, found.status) == ("first", Status.FINISHED)
    assert found.params == {"C": 1}
    assert found.metrics == {"loss": 0.25, "acc": 0.9}
    assert found.tags == {"team": "risk", "round": "3"}
    assert found.record.note == "a note"
    assert list(found.history("loss")["step"]) == [0, 1]


def test_every_event_fits_the_schema(workspace):
    with mlops.start_run("x", experiment="e", params={"a": [1, None]}) as run:
        mlops.log_metric("m", float("nan"))
        mlops.set_tag("t", 1)
        mlops.log_note("n")
        mlops.log_object("o", {"a": 1})
        mlops.log_artifact(__file__)
    schema = json.loads(
        (Path(events.__file__).parent / "events.schema.json").read_text()
    )
    found = lines_of(workspace, run.id)
    assert len(found) == 10
    for event in found:
        jsonschema.validate(event, schema)


def test_runs_nest(workspace):
    with mlops.start_run("outer") as outer, mlops.start_run("inner") as inner:
        assert mlops.current_run() is inner
    assert mlops.current_run() is None
    (child,) = mlops.get_run(outer.id).children
    assert child.id == inner.id


def test_run_without_with_is_current(workspace):
    run = mlops.start_run("open")
    mlops.log_metric("m", 1)
    run.end()
    run.end()
    with pytest.raises(errors.RunEndedError, match=run.id):
        run.log_metric("m", 2)
    assert mlops.get_run(run.id).metrics == {"m": 1}


def test_failing_block_keeps_its_error(workspace):
    with pytest.raises(ZeroDivisionError), mlops.start_run("bad") as run:
        1 / 0  # noqa: B018 - it is to fail
    found = mlops.get_run(run.id)
    assert found.status is Status.FAILED
    assert found.record.error.name == "ZeroDivisionError"
    assert "1 / 0" in found.record.error.traceback


def test_interrupted_block_is_cancelled(workspace):
    with pytest.raises(KeyboardInterrupt), mlops.start_run("bad") as run:
        raise KeyboardInterrupt
    assert mlops.get_run(run.id).status is Status.CANCELLED


def test_threads_log_to_the_run(workspace):
    def work():
        for _ in range(200):
            mlops.log_metric("m", 1.0)

    with mlops.start_run("threads") as run:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(mlops.get_run(run.id).history("m")["step"]) == list(range(800))


def test_tasks_have_runs_of_their_own(workspace):
    async def work(name):
        with mlops.start_run(name) as run:
            await asyncio.sleep(0)
            mlops.log_param("name", name)
            await asyncio.sleep(0)
        return run.id

    async def both():
        return await asyncio.gather(work("a"), work("b"))

    ids = asyncio.run(both())
    assert [mlops.get_run(i).params["name"] for i in ids] == ["a", "b"]


def log_in_child(value):
    mlops.log_metric("child", value)


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_child_process_logs_to_the_run(workspace, method):
    context = multiprocessing.get_context(method)
    with mlops.start_run("parent") as run:
        children = [context.Process(target=log_in_child, args=(i,)) for i in (1, 2)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        assert [child.exitcode for child in children] == [0, 0]
    found = mlops.get_run(run.id)
    assert sorted(found.history("child")["value"]) == [1, 2]
    assert len(journal.journal_files(workspace.layout.journal_folder(run.id))) == 3
    assert found.status is Status.FINISHED


def test_script_in_the_run_logs_to_it(workspace, tmp_path):
    script = "import jupyter_mlops as m; m.log_metric('x', 7)"
    root = str(Path(mlops.__file__).parent.parent)
    with mlops.start_run("parent") as run:
        environ = os.environ | {"PYTHONPATH": root}
        subprocess.run(
            [sys.executable, "-c", script], check=True, cwd=tmp_path, env=environ
        )
    assert mlops.get_run(run.id).metrics == {"x": 7}


def test_script_that_fails_ends_its_run_failed(workspace):
    root = str(Path(mlops.__file__).parent.parent)
    code = "import jupyter_mlops as m; print(m.start_run().id); 1 / 0"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": root},
    )
    found = mlops.get_run(done.stdout.strip())
    assert found.status is Status.FAILED
    assert found.record.error.name == "ZeroDivisionError"


@pytest.mark.parametrize(
    "value", [np.float32(0.5), np.int64(3), np.array(2.0), pd.Series([1.5])[0], True]
)
def test_scalars_of_libraries_are_numbers(workspace, value):
    with mlops.start_run("x") as run:
        mlops.log_metric("m", value)
    assert mlops.get_run(run.id).metrics["m"] == float(value)


@pytest.mark.parametrize("value", ["0.9", None, [1, 2], {"a": 1}, 1j, pd.NA])
def test_metric_that_is_no_number_is_refused(workspace, value):
    with mlops.start_run("x") as run:
        with pytest.raises(errors.InvalidMetricError) as caught:
            mlops.log_metric("m", value)
        with pytest.raises(errors.InvalidMetricError):
            mlops.log_metrics({"fine": 1, "m": value})
    assert caught.value.key == "m"
    assert mlops.get_run(run.id).metrics == {}


def test_nan_and_infinities_are_kept(workspace):
    with mlops.start_run("x") as run:
        for value in (math.nan, math.inf, -math.inf, 1.0):
            mlops.log_metric("m", value)
    values = list(mlops.get_run(run.id).history("m")["value"])
    assert math.isnan(values[0])
    assert values[1:] == [math.inf, -math.inf, 1.0]


@pytest.mark.parametrize(
    "value", [1, 1.0, True, None, "text", [1, "a"], {"a": [1.5]}, math.inf]
)
def test_param_keeps_its_type(workspace, value):
    with mlops.start_run("x", params={"p": value}) as run:
        pass
    found = mlops.get_run(run.id).params["p"]
    assert (found, type(found)) == (value, type(value))


def test_param_without_json_form_is_refused(workspace):
    with mlops.start_run("x") as run:
        with pytest.raises(errors.InvalidParamError, match="object"):
            mlops.log_params({"fine": 1, "bad": object()})
    assert mlops.get_run(run.id).params == {}


@pytest.mark.parametrize(
    "call",
    [
        lambda: mlops.log_metric("m", 1),
        lambda: mlops.log_metrics({"m": 1}),
        lambda: mlops.log_param("p", 1),
        lambda: mlops.log_params({"p": 1}),
        lambda: mlops.set_tag("t", 1),
        lambda: mlops.log_note("n"),
        lambda: mlops.log_artifact("x"),
        lambda: mlops.log_object("o", 1),
        lambda: mlops.log_table("o", {}),
        lambda: mlops.log_figure("o", None),
        lambda: mlops.log_model("o", None),
    ],
)
def test_log_call_without_run_is_refused(workspace, call):
    with pytest.raises(errors.NoActiveRunError, match="%%track"):
        call()


def test_steps_go_on_after_a_named_one(workspace):
    with mlops.start_run("x") as run:
        mlops.log_metric("m", 1.0, step=10)
        mlops.log_metric("m", 2.0)
    assert list(mlops.get_run(run.id).history("m")["step"]) == [10, 11]


def test_tag_and_note_can_follow_the_end(workspace):
    with mlops.start_run("x") as run:
        pass
    found = mlops.get_run("last")
    found.set_tag("seen", "yes")
    found.log_note("later")
    again = mlops.get_run(run.id)
    assert (again.tags, again.record.note) == ({"seen": "yes"}, "later")
    assert again.status is Status.FINISHED


def test_kind_and_parent_are_recorded(workspace):
    with workspace.start_run("n", experiment="e", kind=Kind.NOTEBOOK) as run:
        pass
    assert workspace.get_run(run.id).record.kind is Kind.NOTEBOOK
