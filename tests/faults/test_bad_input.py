"""Input that cannot be used: an error of our own, and nothing changed on disk."""

from __future__ import annotations

import json
import shutil
import tempfile

import pytest

import jupyter_mlops as mlops
from jupyter_mlops import errors
from jupyter_mlops.store import events


@pytest.mark.parametrize(
    "text", ["zzz", "01zzzzzzzz", "../x", "", "a'b", "%", "*", "\0", "latest"]
)
def test_unknown_run_is_said(unchanged, text):
    with pytest.raises(errors.RunNotFoundError) as caught:
        mlops.get_run(text)
    assert caught.value.text == text
    assert "last" in str(caught.value)


def test_ambiguous_prefix_names_candidates(unchanged):
    prefix = unchanged[0][:5]
    with pytest.raises(errors.AmbiguousRunError) as caught:
        mlops.get_run(prefix)
    assert caught.value.text == prefix
    assert set(caught.value.candidates) == set(unchanged)
    assert all(run_id in str(caught.value) for run_id in unchanged)
    assert mlops.get_run(unchanged[0].upper()).id == unchanged[0]


def test_no_run_yet_is_said(workspace):
    with pytest.raises(errors.RunNotFoundError) as caught:
        mlops.get_run("last")
    assert caught.value.text == "last"


def test_unknown_metric_names_what_is_there(unchanged):
    with pytest.raises(errors.MetricNotFoundError) as caught:
        mlops.get_run(unchanged[0]).history("c")
    assert (caught.value.run_id, caught.value.key) == (unchanged[0], "c")
    assert "a, b" in str(caught.value)


def test_unknown_artifact_names_what_is_there(unchanged, tmp_path):
    run = mlops.get_run(unchanged[0])
    for call in (run.artifact, lambda name: run.save_artifact(name, tmp_path / "x")):
        with pytest.raises(errors.ArtifactNotFoundError) as caught:
            call("../text")
        assert (caught.value.run_id, caught.value.name) == (unchanged[0], "../text")
        assert "'text'" in str(caught.value)


def test_unknown_experiment_names_the_nearest(unchanged):
    with pytest.raises(errors.ExperimentNotFoundError) as caught:
        mlops.runs(experiment="expp")
    assert caught.value.experiment == "expp"
    assert "'exp'" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("metrics.a >", 11),
        ("metrics.a > > 1", 12),
        ("metrics.a ~ 1", 10),
        ("metrics.a > 1 and", 17),
        ("metrics.a > 1 nor params.n = 1", 14),
        ("nonsense.a = 1", 0),
        ("params.n = 'open", 11),
        ("metrics.a > 'text'", 12),
        ("status = 'lost'; DROP TABLE runs", 15),
        ("(metrics.a > 1", 14),
    ],
)
def test_filter_fault_has_a_caret(unchanged, text, place):
    with pytest.raises(errors.FilterSyntaxError) as caught:
        mlops.runs(text)
    lines = str(caught.value).splitlines()
    assert (caught.value.text, caught.value.position) == (text, place)
    assert caught.value.reason in lines[0]
    assert lines[1] == f"  {text}"
    assert lines[2].index("^") == 2 + place


@pytest.mark.parametrize(
    "order", ["metrics.", "nonsense", "metrics.a sideways", "'", "a.b.c"]
)
def test_order_fault_is_said(unchanged, order):
    with pytest.raises(errors.InvalidInputError) as caught:
        mlops.runs(order_by=order)
    assert order in str(caught.value)


@pytest.mark.parametrize("limit", [-1, "ten", 1.5])
def test_limit_fault_is_said(unchanged, limit):
    with pytest.raises(errors.InvalidInputError, match="limit"):
        mlops.runs(limit=limit)


# --- names that would leave the folder ---------------------------------------------

ESCAPES = [
    "../x",
    "..",
    "/etc/passwd",
    "a/../../x",
    "a\\..\\x",
    ".hidden",
    "",
    "a\0b",
    "-rf",
]


@pytest.mark.parametrize("name", ESCAPES)
def test_model_name_cannot_escape(unchanged, workspace, name):
    with pytest.raises(errors.InvalidNameError) as caught:
        workspace.models.push(f"runs:/{unchanged[0]}/file", name, loader="json:load")
    assert caught.value.name == name


@pytest.mark.parametrize("name", ["../x", "a/../../x", "..%2fx", "/etc/passwd"])
def test_model_uri_cannot_escape(unchanged, name):
    for uri in (f"models:/{name}/1", f"models:/{name}@champion"):
        with pytest.raises((errors.InvalidUriError, errors.InvalidNameError)):
            mlops.load_model(uri)


@pytest.mark.parametrize(
    "name", ["../../escaped", "/escaped", "..", "a/../../../escaped"]
)
def test_artifact_names_stay_inside(workspace, monkeypatch, tmp_path, name):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    source = tmp_path / "source.txt"
    source.write_text("kept")
    with mlops.start_run("x") as run:
        mlops.log_artifact(source, name)
        mlops.log_table(f"{name}/t", {"a": [1]})
    found = mlops.get_run(run.id)
    assert found.artifact(name).is_relative_to(scratch)
    assert found.artifact(name).read_text() == "kept"
    assert list(found.artifact(f"{name}/t")["a"]) == [1]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "project",
        "scratch",
        "source.txt",
    ]


def test_folder_above_is_kept_under_a_name(workspace, tmp_path, monkeypatch):
    folder = tmp_path / "data" / "inner"
    folder.mkdir(parents=True)
    (tmp_path / "data" / "a.txt").write_text("a")
    monkeypatch.chdir(folder)
    with workspace.start_run("x") as run:
        run.log_artifact("..", "data")
        run.log_artifact(".", "here")
    restored = workspace.get_run(run.id).artifact("data")
    assert (restored / "a.txt").read_text() == "a"
    assert workspace.get_run(run.id).artifact("here").is_dir()
    shutil.rmtree(restored.parent)


@pytest.mark.parametrize(
    "file", ["../../escaped", "/{}/escaped", "..", "a/b", "", 7, None]
)
def test_journal_of_a_stranger_cannot_escape(
    workspace, journals_of, monkeypatch, tmp_path, file
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    source = tmp_path / "source.txt"
    source.write_text("kept")
    with mlops.start_run("x") as run:
        mlops.log_artifact(source, "plain")
        mlops.log_table("table", {"a": [1]})
    (path,) = journals_of(run.id)
    found = [json.loads(line) for line in path.read_bytes().splitlines()]
    for event in found:
        if event["e"] == "artifact":
            place = str(tmp_path).strip("/")
            event["meta"]["file"] = (
                file.format(place) if isinstance(file, str) else file
            )
    path.write_bytes(b"".join(events.dump(event) for event in found))
    for name in ("plain", "table"):
        found = mlops.get_run(run.id).artifact(name)
        assert (
            found.read_text() == "kept" if name == "plain" else list(found["a"]) == [1]
        )
    inside = sorted(path.name for path in tmp_path.iterdir())
    assert inside == ["project", "scratch", "source.txt"]
    assert not (tmp_path.parent / "escaped").exists()
