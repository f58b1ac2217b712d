"""Versions in a real MLflow server's registry: pushed once, loaded there, pulled back."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jupyter_mlops.errors import (
    HistoryConflictError,
    MlopsError,
    ModelNotFoundError,
    RemoteError,
)
from jupyter_mlops.interop.mlflow_client import MlflowClient
from jupyter_mlops.verbs.doctor import diagnose
from tests.interop.conftest import push

pytestmark = [pytest.mark.interop, pytest.mark.timeout(600)]
LOOK = """
import json, os, sys, mlflow
mlflow.set_tracking_uri(sys.argv[1])
client = mlflow.MlflowClient()
versions = client.search_model_versions("name='churn'")
version = client.get_model_version_by_alias("churn", "champion")
run = client.get_run(version.run_id)
history = client.get_metric_history(version.run_id, "auc")
runs = mlflow.search_runs(search_all_experiments=True)
import pandas
model = mlflow.pyfunc.load_model("models:/churn@champion")
rows = pandas.DataFrame(json.loads(sys.argv[2]))
print(json.dumps({
    "versions": len(versions), "runs": len(runs), "tags": dict(version.tags),
    "params": run.data.params, "status": run.info.status, "name": run.info.run_name,
    "auc": [[point.step, point.value] for point in history],
    "predicted": model.predict(rows).tolist(),
}))
"""
# Registers, and waits for a word right before it first asks for something.
REGISTRAR = """
import sys
from pathlib import Path
from jupyter_mlops.errors import HistoryConflictError
from jupyter_mlops.interop.mlflow_client import MlflowClient
from jupyter_mlops.workspace import Workspace
real, waits = MlflowClient.post, [True]
def post(client, path, **document):
    if path == sys.argv[3] and waits:
        waits.clear()
        print("ready", flush=True)
        sys.stdin.readline()
    return real(client, path, **document)
MlflowClient.post = post
workspace = Workspace(Path(sys.argv[1]))
try:
    found = workspace.remotes.register("models:/churn/1", sys.argv[2])
    print("new" if found.is_new else "known", found.version, found.run_id, flush=True)
except HistoryConflictError as error:
    print("refused", error, flush=True)
"""


@pytest.fixture
def server(tmp_path, python, started, ports):
    """A server with its own database and artifacts."""
    mlflow = python("mlflow").with_name("mlflow")
    (port,) = ports(1)
    words = [mlflow, "server", "--host", "127.0.0.1", "--port", port, "--workers", "1"]
    words += ["--backend-store-uri", f"sqlite:///{tmp_path}/mlflow.db"]
    words += ["--artifacts-destination", tmp_path / "artifacts"]
    url = f"http://127.0.0.1:{port}"
    # Of its other services none is needed, and each is a process.
    started(words, f"{url}/health", env={"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"})
    return url


@pytest.fixture
def look(server, python, answer, frame):
    return lambda: answer(
        python("mlflow"), LOOK, server, frame.to_json(orient="records")
    )


def test_version_walks_there_and_back(workspace, other, churn, server, look, frame):
    workspace.registry.promote("churn", 1, "champion")
    first = workspace.remotes.register("models:/churn@champion", f"mlflow+{server}")
    again = workspace.remotes.register("models:/churn/1", f"mlflow+{server}")
    assert (first.is_new, again.is_new) == (True, False)
    assert (first.run_id, first.version) == (again.run_id, again.version)
    found = look()
    assert (found["versions"], found["runs"]) == (1, 1)
    assert found["auc"] == [[0, 0.5], [1, 0.75], [2, 0.875]]
    assert (found["params"], found["status"]) == ({"C": "1.0"}, "FINISHED")
    assert found["tags"]["jupyter_mlops.digest"] == churn.digest
    assert found["tags"]["jupyter_mlops.version"] == "models:/churn/1"
    told = workspace.models.load("models:/churn/1").predict(frame)
    assert found["predicted"] == told.tolist()
    (pulled,) = other.remotes.pull(f"mlflow+{server}")
    assert pulled.versions == (1,)
    assert other.registry.history("churn") == workspace.registry.history("churn")
    assert (other.models.load("models:/churn@champion").predict(frame) == told).all()
    assert diagnose(other).exit_code == 0


def test_second_version_joins_the_first(workspace, other, churn, server):
    linear = pytest.importorskip("sklearn.linear_model").LinearRegression()
    url = f"mlflow+{server}"
    workspace.remotes.register("models:/churn/1", url)
    push(workspace, linear.fit([[0.0], [1.0]], [0.0, 1.0]))
    assert workspace.remotes.register("models:/churn/2", url).version == "2"
    (pulled,) = other.remotes.pull(url, ["churn"])
    assert (pulled.versions, pulled.without_files) == ((1, 2), ())
    with pytest.raises(ModelNotFoundError, match="'churn'"):
        other.remotes.pull(url, ["chrun"])


def test_interrupted_push_is_gone_on_with(workspace, churn, server, monkeypatch, look):
    from jupyter_mlops.interop import mlflow_registry, mlflow_runs

    workspace.registry.promote("churn", 1, "champion")
    url = f"mlflow+{server}"
    for module, step in ((mlflow_runs, "upload_folder"), (mlflow_registry, "register")):
        with monkeypatch.context() as patch:
            patch.setattr(module, step, lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                workspace.remotes.register("models:/churn/1", url)
    assert workspace.remotes.register("models:/churn/1", url).is_new
    found = look()
    assert (found["versions"], found["runs"], len(found["auc"])) == (1, 1, 3)


def register_at_once(spaces, server, step):
    """Have a process in each place register; return what each says."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", REGISTRAR, str(space.layout.project), server, step],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for space in spaces
    ]
    try:
        assert [one.stdout.readline().strip() for one in processes] == ["ready"] * 2
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        return [process.communicate(timeout=500)[0].split() for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.communicate()


@pytest.mark.parametrize(
    "step",
    ["experiments/create", "runs/create", "registered-models/create",
     "model-versions/create"],
)  # fmt: skip
def test_two_register_at_once(step, workspace, other, churn, server, look):
    workspace.registry.promote("churn", 1, "champion")
    url = f"mlflow+{server}"
    said = register_at_once([workspace, workspace], url, step)
    # One added it; the other found it, and left nothing of its own.
    assert sorted(words[0] for words in said) == ["known", "new"]
    assert said[0][1:] == said[1][1:]
    found = look()
    assert (found["versions"], found["runs"], len(found["auc"])) == (1, 1, 3)
    (pulled,) = other.remotes.pull(url)
    assert pulled.versions == (1,)
    assert other.registry.history("churn") == workspace.registry.history("churn")


def test_of_two_histories_one_is_told(workspace, other, churn, server, tmp_path):
    url = f"mlflow+{server}"
    workspace.remotes.publish("churn", f"file://{tmp_path}/shared")
    other.remotes.pull(f"file://{tmp_path}/shared")
    for space, alias in ((workspace, "mine"), (other, "theirs")):
        space.registry.promote("churn", 1, alias)
    spaces = [workspace, other]
    before = [space.registry.history("churn") for space in spaces]
    said = register_at_once(spaces, url, "runs/create")
    assert sorted(words[0] for words in said) == ["new", "refused"]
    loser = [words[0] for words in said].index("refused")
    assert "two histories" in " ".join(said[loser])
    assert spaces[loser].registry.history("churn") == before[loser]


def test_who_is_behind_is_told_to_pull(workspace, other, churn, server):
    linear = pytest.importorskip("sklearn.linear_model").LinearRegression()
    url = f"mlflow+{server}"
    workspace.remotes.register("models:/churn/1", url)
    other.remotes.pull(url)
    push(workspace, linear.fit([[0.0], [1.0]], [0.0, 1.0]))
    workspace.remotes.register("models:/churn/2", url)
    with pytest.raises(HistoryConflictError, match="jupyter mlops pull"):
        other.remotes.register("models:/churn/1", url)
    other.remotes.pull(url)
    assert not other.remotes.register("models:/churn/1", url).is_new


def test_note_and_lost_alias_follow(workspace, churn, server):
    url, client = f"mlflow+{server}", MlflowClient(server)
    for alias in ("champion", "shadow"):
        workspace.registry.promote("churn", 1, alias)
    first = workspace.remotes.register("models:/churn/1", url)
    workspace.registry.remove_alias("churn", "shadow")
    run = workspace.get_run(churn.run_id)
    workspace.models.push(f"runs:/{run.id}/model", "churn", note="all of 2025")
    again = workspace.remotes.register("models:/churn/1", url)
    assert (again.is_new, again.version) == (False, first.version)
    told = client.get("model-versions/get", name="churn", version=first.version)
    assert told["model_version"]["description"] == "all of 2025"
    model = client.get("registered-models/get", name="churn")["registered_model"]
    assert [one["alias"] for one in model["aliases"]] == ["champion"]
    client.post("runs/delete", run_id=first.run_id)
    with pytest.raises(RemoteError, match="mlflow runs restore"):
        workspace.remotes.register("models:/churn/1", url)


def test_reserved_alias_is_a_note(workspace, churn, server):
    workspace.registry.promote("churn", 1, "latest")
    found = workspace.remotes.register("models:/churn/1", f"mlflow+{server}")
    assert len(found.notes) == 1
    assert "latest" in found.notes[0]


def test_refusal_says_what_the_server_said(server):
    client = MlflowClient(server)
    with pytest.raises(RemoteError, match="experiments/get"):
        client.get("experiments/get", experiment_id="999")
    with pytest.raises(RemoteError, match="cannot be reached"):
        MlflowClient("http://127.0.0.1:9").get("experiments/search")
    with pytest.raises(MlopsError, match="mlflow\\+http"):
        MlflowClient("ftp://somewhere")
