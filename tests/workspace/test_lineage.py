"""A version's lineage: files, the runs that wrote and read them, and what came of it."""

import hashlib
import shutil

import pytest

from jupyter_mlops.workspace import Workspace
from jupyter_mlops.workspace import lineage as lineages

linear = pytest.importorskip("sklearn.linear_model")


@pytest.fixture
def workspace(tmp_path):
    opened = Workspace(tmp_path)
    yield opened
    opened.close()


def record(workspace, name, read=(), written=()):
    """Record a run that reads and writes files of some contents."""
    with workspace.start_run(name) as run:
        for role, paths in (("read", read), ("written", written)):
            for path in paths:
                digest = hashlib.sha256(path.encode()).hexdigest()
                run.record("file", path=path, role=role, digest=digest, size=9)
        run.log_model("model", linear.LogisticRegression().fit([[0.0], [1]], [0, 1]))
    return run.id


def graph_of(workspace, uri):
    workspace.store.index.catch_up()
    return workspace.cards.lineage(workspace.cards.facts(uri))


def labels(graph):
    named = {node.id: f"{node.kind} {node.label}" for node in graph.nodes.values()}
    return {(named[source], named[to]) for source, to in graph.edges}


def test_data_leads_to_the_version_and_beyond(workspace):
    record(workspace, "clean", read=["raw.csv"], written=["clean.csv"])
    fit = record(workspace, "fit", read=["clean.csv"])
    workspace.models.push(fit, "churn")
    workspace.models.promote("churn", 1)
    workspace.registry.standing.keep_download("churn", 1, "mlflow", "https://models")
    graph = graph_of(workspace, "models:/churn/1")
    assert labels(graph) == {
        ("file raw.csv", "run clean"),
        ("run clean", "file clean.csv"),
        ("file clean.csv", "run fit"),
        ("run fit", "version churn 1"),
        ("version churn 1", "alias champion"),
        ("version churn 1", "copy mlflow"),
    }


def test_run_that_rewrites_its_input_makes_no_circle(workspace):
    fit = record(workspace, "fit", read=["state.csv"], written=["state.csv"])
    workspace.models.push(fit, "churn")
    graph = graph_of(workspace, "models:/churn/1")
    assert labels(graph) == {
        ("file state.csv", "run fit"),
        ("run fit", "version churn 1"),
    }


def test_what_has_no_room_is_counted(workspace, monkeypatch):
    monkeypatch.setattr(lineages, "MOST", 5)
    fit = record(workspace, "fit", read=[f"{number}.csv" for number in range(9)])
    workspace.models.push(fit, "churn")
    graph = graph_of(workspace, "models:/churn/1")
    assert (len(graph.nodes), graph.left_out) == (5, 6)


def test_version_without_its_run_is_drawn(workspace, tmp_path):
    fit = record(workspace, "fit", read=["raw.csv"])
    workspace.models.push(fit, "churn")
    other = Workspace(tmp_path / "copy")
    shutil.copytree(
        workspace.layout.registry, other.layout.registry, dirs_exist_ok=True
    )
    shutil.copytree(workspace.layout.blobs, other.layout.blobs, dirs_exist_ok=True)
    graph = graph_of(other, "models:/churn/1")
    other.close()
    run = next(node for node in graph.nodes.values() if node.kind == "run")
    assert (run.label, run.run_id) == ("not recorded here", None)
    assert ("file raw.csv", "run not recorded here") in labels(graph)
