"""Values that cannot be logged: an error of our own, and nothing changed on disk."""

from __future__ import annotations

import pytest

import jupyter_mlops as mlops
from jupyter_mlops import errors
from jupyter_mlops.api import place


class Strange:
    def __repr__(self):
        raise RuntimeError("not even that")


METRICS = ["0.9", None, [1, 2], {}, 1j, b"1", object(), Strange(), float, 10**400]


@pytest.mark.parametrize("value", METRICS, ids=lambda value: type(value).__name__)
def test_metric_that_is_no_number_is_refused(workspace, contents, value):
    with mlops.start_run("x") as run:
        before = contents(workspace.layout.journals)
        calls = [
            lambda: mlops.log_metric("m", value),
            lambda: mlops.log_metrics({"fine": 1.0, "m": value}),
        ]
        for call in calls:
            with pytest.raises(errors.InvalidMetricError) as caught:
                call()
            assert (caught.value.key, caught.value.type) == ("m", type(value).__name__)
            assert "'m'" in str(caught.value)
        assert contents(workspace.layout.journals) == before
    assert mlops.get_run(run.id).metrics == {}


@pytest.mark.parametrize("step", ["1", 1.5, None.__class__, True, 2**63, Strange()])
def test_step_that_is_no_integer_is_refused(workspace, contents, step):
    with mlops.start_run("x"):
        before = contents(workspace.layout.journals)
        with pytest.raises(errors.InvalidMetricError) as caught:
            mlops.log_metric("m", 1.0, step=step)
        assert caught.value.key == "m"
        with pytest.raises(errors.InvalidMetricError, match="step"):
            mlops.log_metrics({"m": 1.0}, step=step)
        assert contents(workspace.layout.journals) == before


NAMES = ["", " ", "a\nb", "a\0b", "x" * 251, None, 7, ["a"], b"a", "\ud800"]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_name_that_cannot_be_used_is_refused(workspace, contents, name):
    with mlops.start_run("x"):
        before = contents(workspace.layout.folder)
        for call in (
            lambda: mlops.log_metric(name, 1.0),
            lambda: mlops.log_param(name, 1),
            lambda: mlops.set_tag(name, "v"),
            lambda: mlops.log_object(name, 1),
            lambda: mlops.log_table(name, {"a": [1]}),
        ):
            with pytest.raises(errors.InvalidNameError) as caught:
                call()
            assert caught.value.noun in {"metric", "param", "tag", "artifact"}
        assert contents(workspace.layout.folder) == before


def circle():
    found = []
    found.append(found)
    return found


@pytest.mark.parametrize("value", [object(), circle(), {"a": object()}, Strange(), 1j])
def test_param_without_json_form_is_refused(workspace, contents, value):
    with mlops.start_run("x"):
        before = contents(workspace.layout.journals)
        with pytest.raises(errors.InvalidParamError) as caught:
            mlops.log_params({"fine": 1, "p": value})
        assert caught.value.key == "p"
        assert "'p'" in str(caught.value)
        assert contents(workspace.layout.journals) == before


@pytest.mark.parametrize(
    "words",
    [
        {"params": {"fine": 1, "p": object()}},
        {"params": {"": 1}},
        {"tags": {"a\nb": "v"}},
        {"name": "x" * 300},
        {"experiment": "a\nb"},
    ],
    ids=lambda words: next(iter(words)),
)
def test_run_of_bad_words_never_begins(unchanged, words):
    with pytest.raises(errors.InvalidInputError):
        mlops.start_run(**words)
    assert mlops.current_run() is None


@pytest.mark.parametrize(
    "value",
    [object(), Strange(), lambda: 1, open],
    ids=lambda value: type(value).__name__,
)
def test_object_that_cannot_be_kept_is_refused(workspace, contents, value):
    with mlops.start_run("x"):
        before = contents(workspace.layout.folder)
        for call in (mlops.log_object, mlops.log_model):
            with pytest.raises(errors.UnstorableObjectError) as caught:
                call("o", value)
            assert (caught.value.name, caught.value.type) == ("o", type(value))
            assert "'o'" in str(caught.value)
        assert contents(workspace.layout.folder) == before


@pytest.mark.parametrize(
    "value",
    [object(), 3, {"a": [1, 2], "b": [1]}, "text"],
    ids=["object", "number", "uneven", "text"],
)
def test_table_and_figure_of_nothing_are_refused(workspace, contents, value):
    with mlops.start_run("x"):
        before = contents(workspace.layout.folder)
        for call in (mlops.log_table, mlops.log_figure):
            with pytest.raises(errors.MlopsError) as caught:
                call("o", value)
            assert "'o'" in str(caught.value)
        assert contents(workspace.layout.folder) == before


def test_artifact_that_is_not_there_is_refused(workspace, contents, tmp_path):
    with mlops.start_run("x"):
        before = contents(workspace.layout.folder)
        with pytest.raises(errors.ArtifactNotFoundError) as caught:
            mlops.log_artifact(tmp_path / "nothing")
        assert caught.value.path == tmp_path / "nothing"
        with pytest.raises(errors.InvalidInputError, match="/dev/null"):
            mlops.log_artifact("/dev/null")
        assert contents(workspace.layout.folder) == before


CALLS = {
    "log_metric": ("m", 1),
    "log_metrics": ({"m": 1},),
    "log_param": ("p", 1),
    "log_params": ({"p": 1},),
    "set_tag": ("t", 1),
    "set_tags": ({"t": 1},),
    "log_note": ("text",),
    "log_artifact": (__file__,),
    "log_object": ("o", 1),
    "log_table": ("t", {"a": [1]}),
    "log_figure": ("f", None),
    "log_model": ("m", None),
    "set_output": ("o", 1),
}


@pytest.mark.parametrize("name", CALLS)
def test_log_call_without_a_run_changes_nothing(unchanged, name):
    with pytest.raises(errors.NoActiveRunError) as caught:
        getattr(mlops, name)(*CALLS[name])
    assert caught.value.call == name
    assert "start_run" in str(caught.value)
    assert set(CALLS) == {
        call for call in mlops.__all__ if call.startswith(("log_", "set_"))
    }


def test_log_call_after_the_end_changes_nothing(workspace):
    with mlops.start_run("ended") as run:
        pass
    (path,) = workspace.layout.journal_folder(run.id).iterdir()
    before = path.read_bytes()
    for call in (
        lambda: run.log_metric("m", 1),
        lambda: run.set_tag("t", 1),
        lambda: run.log_note("n"),
    ):
        with pytest.raises(errors.RunEndedError) as caught:
            call()
        assert caught.value.run_id == run.id
    assert [item.read_bytes() for item in path.parent.iterdir()] == [before]


def test_bad_setting_is_said(workspace, monkeypatch):
    place.workspaces.clear()
    monkeypatch.setenv("JUPYTER_MLOPS_SYNC_SECONDS", "often")
    with pytest.raises(errors.SettingError) as caught:
        mlops.runs()
    assert caught.value.setting == "sync_seconds"
    monkeypatch.delenv("JUPYTER_MLOPS_SYNC_SECONDS")
    monkeypatch.setenv("JUPYTER_MLOPS_WORKSPACE", "/no/such/folder")
    with pytest.raises(errors.WorkspaceError, match="/no/such/folder"):
        mlops.start_run()
