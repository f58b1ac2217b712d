"""The same small work by others, where they are installed: `pip install -e ".[peers]"`.

Each writes into its own local store, as its documentation begins with.
"""

import os
import statistics
import time

import pytest

import jupyter_mlops as mlops

pytestmark = [
    pytest.mark.bench,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("default"),
]


def ours_points(count):
    with mlops.start_run("peers"):
        began = time.perf_counter()
        for step in range(count):
            mlops.log_metric("loss", step * 0.37, step)
        return count / (time.perf_counter() - began)


def ours_small_run(_number):
    with mlops.start_run("small", experiment="bench"):
        mlops.log_params({f"p{i}": i for i in range(20)})
        for i in range(10):
            mlops.log_metric(f"m{i}", i * 0.1)
        mlops.log_object("text", f"hello {_number}")


def median_seconds(work, times):
    spans = []
    for number in range(times):
        began = time.perf_counter()
        work(number)
        spans.append(time.perf_counter() - began)
    return statistics.median(spans)


@pytest.fixture
def mlflow(workspace):
    mlflow = pytest.importorskip("mlflow", reason="pip install -e '.[peers]'")
    mlflow.set_tracking_uri(f"sqlite:///{workspace.layout.project}/mlflow.db")
    mlflow.set_experiment("bench")
    return mlflow


def mlflow_small_run(mlflow, number):
    with mlflow.start_run():
        mlflow.log_params({f"p{i}": i for i in range(20)})
        for i in range(10):
            mlflow.log_metric(f"m{i}", i * 0.1)
        mlflow.log_text(f"hello {number}", "text.txt")


def test_log_metric_beside_mlflow(mlflow, said):
    with mlflow.start_run():
        mlflow.log_metric("loss", 0.0)
        began = time.perf_counter()
        for step in range(300):
            mlflow.log_metric("loss", step * 0.37, step)
        theirs = 300 / (time.perf_counter() - began)
    ours = ours_points(50_000)
    said(f"log_metric: {ours:,.0f} a second, MLflow {mlflow.__version__} {theirs:,.0f}")
    assert ours > 100 * theirs


def test_small_run_beside_mlflow(mlflow, said):
    mlflow_small_run(mlflow, 0)
    ours_small_run(0)
    theirs = median_seconds(lambda n: mlflow_small_run(mlflow, n), 9)
    ours = median_seconds(ours_small_run, 51)
    said(f"small run: {ours * 1e3:.1f} ms, MLflow {theirs * 1e3:.0f} ms")
    assert ours < theirs / 10


def test_log_metric_beside_trackio(workspace, said, monkeypatch):
    monkeypatch.setenv("TRACKIO_DIR", str(workspace.layout.project / "trackio"))
    trackio = pytest.importorskip("trackio", reason="pip install -e '.[peers]'")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    trackio.init(project="bench")
    began = time.perf_counter()
    for step in range(2_000):
        trackio.log({"loss": step * 0.37}, step=step)
    trackio.finish()
    theirs = 2_000 / (time.perf_counter() - began)
    ours = ours_points(50_000)
    version = trackio.__version__
    said(f"log_metric: {ours:,.0f} a second, trackio {version} {theirs:,.0f}")
    assert ours > theirs
