"""Batch work over the server: started, followed, cancelled; and what is refused."""

import subprocess
import sys

import nbformat
import pytest

from jupyter_mlops.workspace import Workspace
from tests.workspace.test_background import LONG, until, write

pytestmark = pytest.mark.timeout(240)
ALIVE = ("starting", "running", "stopping")
PIPELINE = """steps:
  prepare: {notebook: prepare.ipynb}
  train: {notebook: train.ipynb, after: [prepare]}
"""


@pytest.fixture(scope="session")
def batch_root(server_root):
    """A workspace with a pipeline, below the server's root."""
    place = server_root / "nightly"
    place.mkdir()
    write(place / "prepare.ipynb", "rows = C", parameters="C = 1  # how many")
    write(place / "train.ipynb", "1 / 0", parameters="")
    write(place / "long.ipynb", LONG)
    write(place / "fit.ipynb", "import jupyter_mlops as m\nm.log_metric('auc', C)")
    (place / "pipeline.yaml").write_text(PIPELINE)
    Workspace(place).close()
    return place


@pytest.fixture
def ask(server, batch_root):
    def ask(route, body=None, **options):
        query = {"workspace": "nightly", **options.pop("query", {})}
        method = "GET" if body is None else "POST"
        return server.ask(route, query, body=body, method=method, **options)

    return ask


@pytest.fixture
def ended(ask):
    def ended(job):
        def look():
            found = ask(f"jobs/{job['job_id']}").json
            return None if found["state"] in ALIVE else found

        return until(look)

    return ended


def start(ask, kind="notebook", path="nightly/long.ipynb", **body):
    return ask("jobs", {"kind": kind, "path": path, **body})


def test_notebook_is_started_followed_cancelled(ask, ended):
    asked = start(ask, parameters={"C": 0.25})
    assert (asked.status, asked.json["path"]) == (201, "nightly/long.ipynb")
    job = asked.json
    again = start(ask, parameters={"C": 0.25})
    assert (again.status, again.json["error"]) == (409, "AlreadyRunningError")
    assert again.json["details"]["job"] == job["job_id"]
    run = until(lambda: ask(f"jobs/{job['job_id']}").json["run_id"])

    def shows():
        told = ask(f"runs/{run}/live").json
        texts = [out["text"] for cell in told["cells"] for out in cell["outputs"]]
        return told if "begun\n" in texts else None

    told = until(shows)
    assert told["progress"]["planned"] == len(told["cells"])
    assert told["job"]["job_id"] == job["job_id"]
    query = {"book": told["book"], "seen": told["seen"]}
    assert ask(f"runs/{run}/live", query=query).json["cells"] == []
    other = {"book": "another", "seen": told["seen"]}
    assert len(ask(f"runs/{run}/live", query=other).json["cells"]) == len(told["cells"])
    assert ask(f"jobs/{job['job_id']}/cancel", {}).status == 200
    assert ended(job)["state"] == "cancelled"
    late = ask(f"jobs/{job['job_id']}/cancel", {})
    assert (late.status, late.json["error"]) == (409, "JobEndedError")
    assert ask(f"runs/{run}/live").json["status"] == "cancelled"


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"kind": "party"}, 400, "InvalidInputError"),
        ({"kind": "notebook"}, 400, "InvalidInputError"),
        ({"parameters": {"D": 1}}, 400, "UnknownParameterError"),
        ({"parameters": {"C": "much"}}, 400, "InvalidParameterError"),
        ({"parameters": [1]}, 400, "InvalidInputError"),
        ({"options": {"party": True}}, 400, "InvalidInputError"),
        ({"options": {"timeout": "1"}}, 400, "InvalidInputError"),
        ({"path": "nightly/none.ipynb"}, 400, "NotebookNotFoundError"),
        ({"path": "../outside/a.ipynb"}, 404, "WorkspaceNotFoundError"),
        ({"kind": "pipeline", "path": "nightly/none.yaml"}, 400, "PipelineFileError"),
        (
            {
                "kind": "pipeline",
                "path": "nightly/pipeline.yaml",
                "options": {"until": "z"},
            },
            400,
            "PipelineError",
        ),
        ({"kind": "resume", "run": "0123"}, 404, "RunNotFoundError"),
        ({"kind": "sweep", "path": "nightly/fit.ipynb"}, 400, "InvalidInputError"),
    ],
)
def test_bad_wishes_start_nothing(ask, body, status, error):
    known = ask("batch").json["jobs"]
    path = {} if body == {"kind": "notebook"} else {"path": "nightly/long.ipynb"}
    answer = ask("jobs", {"kind": "notebook", **path, **body})
    assert (answer.status, answer.json["error"]) == (status, error)
    assert ask("batch").json["jobs"] == known


def test_pipeline_fails_is_mended_and_runs(ask, ended, batch_root):
    listed = ask("batch").json["pipelines"]
    assert [one["path"] for one in listed] == ["nightly/pipeline.yaml"]
    query = {"path": "nightly/pipeline.yaml"}
    before = ask("pipeline", query=query).json
    assert [one["state"] for one in before["steps"]] == ["runs", "may run"]
    assert before["steps"][1]["needs"] == ["prepare"]
    assert before["steps"][0]["parameters"][0]["help"] == "how many"
    job = start(ask, "pipeline", query["path"], parameters={"prepare.C": 2}).json
    assert ended(job)["state"] == "failed"
    failed = ask("pipeline", query=query).json["steps"][1]
    assert failed["state"] == "failed"
    assert "ZeroDivisionError" in failed["why"][0]
    write(batch_root / "train.ipynb", "1 / 1", parameters="")
    job = start(ask, "pipeline", query["path"], options={"until": "train"}).json
    assert ended(job)["state"] == "finished"
    after = ask("pipeline", query=query).json
    assert [one["state"] for one in after["steps"]] == ["cached", "cached"]


def test_sweep_is_told_point_by_point(ask, ended):
    options = {"grid": {"C": "0.25,0.5"}, "metric": "auc"}
    job = start(ask, "sweep", "nightly/fit.ipynb", options=options).json
    found = ended(job)
    assert found["state"] == "finished", found["said"]
    told = ask(f"runs/{found['run_id']}/sweep").json
    assert [one["metrics"]["auc"] for one in told["points"]] == [0.5, 0.25]
    assert (told["planned"], told["best"]) == (2, told["points"][0]["point"])
    point = told["points"][0]["run_id"]
    assert ask(f"runs/{point}/sweep").status == 404
    assert ask(f"runs/{point}/attach", {}).json["error"] == "NoCheckpointError"


def test_sweep_is_gone_on_with(ask, ended, batch_root):
    write(batch_root / "part.ipynb", "rows = 3", "assert C < 0.5, rows")
    options = {"grid": {"C": "0.25,0.5,0.75"}}
    job = ended(start(ask, "sweep", "nightly/part.ipynb", options=options).json)
    told = ask(f"runs/{job['run_id']}/sweep").json
    assert (job["state"], told["is_resumable"], told["resumed"]) == ("failed", True, "")
    (failed, _) = [one for one in told["points"] if one["state"] == "failed"]
    assert ask(f"runs/{failed['run_id']}/live").json["sweep"] == job["run_id"]
    refused = start(ask, "resume", run=job["run_id"], options={"from_cell": "1"})
    assert (refused.status, refused.json["error"]) == (400, "InvalidInputError")
    write(batch_root / "part.ipynb", "rows = 3", "assert C < 5, rows")
    again = ended(start(ask, "resume", run=failed["run_id"]).json)
    assert again["state"] == "finished", again["said"]
    told = ask(f"runs/{again['run_id']}/sweep").json
    assert {one["state"] for one in told["points"]} == {"finished"}
    assert not told["is_resumable"]
    assert told["resumed"].startswith(f"from {job['run_id']}")


def test_parameters_are_told(ask, batch_root):
    told = ask("parameters", query={"path": "nightly/long.ipynb"}).json["parameters"]
    assert [(one["name"], one["kind"]) for one in told[:2]] == [
        ("C", "float"),
        ("password", "str"),
    ]
    assert told[1]["is_secret"]
    (batch_root / "broken.ipynb").write_text("{}")
    broken = ask("parameters", query={"path": "nightly/broken.ipynb"})
    assert broken.status == 400
    assert ask("parameters", query={"path": "../outside"}).status == 404


def test_who_may_only_look_starts_nothing(ask):
    body = {"kind": "notebook", "path": "nightly/long.ipynb"}
    assert ask("jobs", body, token="look").status == 403
    assert ask("batch", token="look").status == 200
    assert ask("jobs/0123/cancel", {}, token="look").status == 403
    assert ask("jobs/0123").json["error"] == "JobNotFoundError"


def test_unreadable_pipeline_is_told(ask, batch_root):
    place = batch_root / "old"
    place.mkdir()
    (place / "pipeline.yaml").write_text("stepz: {}\n")
    nbformat.write(nbformat.v4.new_notebook(), place / "a.ipynb")
    found = ask("batch").json["pipelines"][-1]
    assert found["path"] == "nightly/old/pipeline.yaml"
    assert "stepz" in found["problem"]
    (place / "pipeline.yaml").unlink()


def test_run_of_a_terminal_is_cancelled(ask, batch_root):
    code = "import sys; from jupyter_mlops.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", code, "run", "long.ipynb"]
    process = subprocess.Popen(
        words, cwd=batch_root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def begun():
        runs = ask("batch").json["runs"]
        running = [one["run_id"] for one in runs if one["status"] == "running"]
        return [run for run in running if ask(f"runs/{run}/live").json["cells"]]

    (run,) = until(begun)
    assert ask(f"runs/{run}/cancel", {}, token="look").status == 403
    told = ask(f"runs/{run}/cancel", {}).json
    assert told == {"run_id": run, "process": process.pid, "job": None}
    process.wait(60)
    late = until(lambda: ask(f"runs/{run}/cancel", {}))
    assert (late.status, late.json["error"]) == (409, "JobEndedError")
    assert ask("runs/0123/cancel", {}).status == 404


@pytest.mark.parametrize(
    ("on", "status", "error"),
    [
        ("somewhere", 400, "InvalidInputError"),
        ("dask://nowhere", 400, "InvalidInputError"),
        ("dask://localhost:1", 400, "ClusterError"),
        (8786, 400, "InvalidInputError"),
    ],
)
def test_sweep_on_no_cluster_starts_nothing(ask, on, status, error):
    pytest.importorskip("distributed")
    known = ask("batch").json["jobs"]
    options = {"grid": {"C": "0.25,0.5"}, "on": on}
    answer = start(ask, "sweep", "nightly/fit.ipynb", options=options)
    assert (answer.status, answer.json["error"]) == (status, error)
    assert ask("batch").json["jobs"] == known
