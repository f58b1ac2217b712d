"""Exported models, loaded and served by the software that they are made for."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from jupyter_mlops.registry.flavors.format import OfferedModel
from jupyter_mlops.registry.flavors.loader import LoaderModel
from tests.interop.conftest import FRAME, LABELS, asked, push

pytestmark = [pytest.mark.interop, pytest.mark.timeout(600)]
URI = "models:/churn/1"
PYFUNC = """
import json, sys, mlflow, pandas
model = mlflow.pyfunc.load_model(sys.argv[1])
frame = pandas.read_json(sys.argv[2], orient="split")
print(json.dumps(model.predict(frame).tolist()))
"""
SAVED_MODEL = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy, tensorflow
model = tensorflow.saved_model.load(sys.argv[1])
rows = numpy.array(json.loads(sys.argv[2]), "float32")
print(json.dumps(model.serve(rows).numpy().tolist()))
"""


@pytest.fixture
def export(workspace):
    return lambda to, output: workspace.exports.export(
        URI, to, Path(output)
    ).path.resolve()


@pytest.fixture
def told(workspace):
    return lambda: workspace.models.load(URI).predict(FRAME).tolist()


def test_mlflow_loads_its_folder(churn, export, told, python, answer):
    rows = FRAME.to_json(orient="split")
    script = PYFUNC.replace("sys.argv[2]", "__import__('io').StringIO(sys.argv[2])")
    found = answer(python("mlflow"), script, export("mlflow", "out"), rows)
    assert found == told()


def kept_formula(workspace):
    formulas = pytest.importorskip("statsmodels.formula.api")
    push(workspace, formulas.ols("income ~ age * seen + np.exp(age)", FRAME).fit())
    return {}


def kept_function(workspace):
    def score(frame):
        return np.log1p(frame["age"] ** 2) + frame["seen"]

    # By value, as a notebook's own functions are.
    score.__module__ = "__main__"
    offered = OfferedModel(score, FRAME, allow_pickle=True)
    push(workspace, offered, allow_pickle=True)
    return {"allow_pickle": True}


def kept_bytes(workspace):
    linear = pytest.importorskip("sklearn.linear_model")
    joblib = pytest.importorskip("joblib")
    joblib.dump(linear.LogisticRegression().fit(FRAME, LABELS), "model.joblib")
    kept = LoaderModel(Path("model.joblib"), "joblib:load", "model.joblib")
    push(workspace, kept, example=FRAME)
    return {"loader": "joblib:load"}


@pytest.mark.parametrize("keep", [kept_formula, kept_function, kept_bytes])
def test_mlflow_loads_what_needs_a_word(workspace, keep, python, answer):
    word = keep(workspace)
    found = workspace.exports.export(URI, "mlflow", Path("out"), **word)
    script = PYFUNC.replace("sys.argv[2]", "__import__('io').StringIO(sys.argv[2])")
    rows = FRAME.to_json(orient="split", double_precision=15)
    found = answer(python("mlflow"), script, found.path.resolve(), rows)
    model = workspace.models.load(URI, **word)
    told = model.predict(FRAME[model.signature.names])
    assert np.allclose(found, np.asarray(told).tolist(), rtol=1e-9)


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")
def test_tensorflow_loads_its_version(workspace, export, python, answer, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(4, "relu"), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input((3,)), *layers])
    push(workspace, model)
    tensorflow = python("tensorflow")
    monkeypatch.setattr(sys, "executable", str(tensorflow))
    path = export("tensorflow", "serving")
    assert path.name == "1"
    rows = FRAME.head(5).to_numpy("float32")
    found = answer(tensorflow, SAVED_MODEL, path, json.dumps(rows.tolist()))
    assert np.allclose(found, model.predict(rows, verbose=0), atol=1e-5)


def test_mlserver_infers(churn, export, told, python, started, ports):
    folder = export("v2", "repository").parent
    http, grpc, metrics = ports(3)
    settings = {"http_port": http, "grpc_port": grpc, "metrics_port": metrics}
    text = json.dumps({**settings, "host": "127.0.0.1", "parallel_workers": 0})
    (folder / "settings.json").write_text(text)
    url = f"http://127.0.0.1:{http}/v2/models/churn"
    mlserver = python("mlserver").with_name("mlserver")
    started([mlserver, "start", folder], f"{url}/ready")
    columns = [
        {"name": name, "shape": [60], "datatype": "FP64", "data": FRAME[name].tolist()}
        for name in FRAME
    ]
    found = asked(f"{url}/infer", {"inputs": columns})
    assert found["outputs"][0]["data"] == told()
    assert found["model_version"] == "1"


def torch_module(workspace):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    push(workspace, torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Tanh()))
    return lambda: (
        workspace.models.load(URI).predict(FRAME.to_numpy("float32").copy()).tolist()
    )


@pytest.mark.parametrize("kind", ["torch", "sklearn"])
def test_torchserve_answers(
    kind, request, workspace, export, told, python, started, ports
):
    told = torch_module(workspace) if kind == "torch" else told
    if kind == "sklearn":
        request.getfixturevalue("churn")
    store = export("torchserve", "churn.mar").parent
    inference, management, metrics = ports(3)
    names = ("inference", "management", "metrics")
    addresses = zip(names, (inference, management, metrics), strict=True)
    lines = [f"{name}_address=http://127.0.0.1:{port}" for name, port in addresses]
    lines += ["default_workers_per_model=1", "disable_token_authorization=true"]
    Path("config.properties").write_text("\n".join(lines))
    environment = python("torchserve").parent
    # Its workers are started with the Python that is found first.
    words = [environment / "torchserve", "--start", "--foreground", "--ncs"]
    words += ["--model-store", store, "--models", "churn=churn.mar"]
    words += ["--ts-config", Path("config.properties").resolve()]
    path = {"PATH": f"{environment}:{os.environ['PATH']}", "LOG_LOCATION": str(store)}
    path["METRICS_LOCATION"] = str(store)
    url = f"http://127.0.0.1:{management}/models/churn"
    started(words, url, env=path, cwd=store)
    url = f"http://127.0.0.1:{inference}/predictions/churn"
    found = asked(url, FRAME.to_numpy().tolist())
    assert np.allclose(found, told(), atol=1e-5)


def test_labels_keep_their_names(workspace, export, told, python, answer):
    tree = pytest.importorskip("sklearn.tree").DecisionTreeClassifier(max_depth=2)
    names = LABELS.map({0: "stays", 1: "leaves"})
    push(workspace, tree.fit(FRAME, names), example=FRAME)
    rows = FRAME.to_json(orient="split")
    script = PYFUNC.replace("sys.argv[2]", "__import__('io').StringIO(sys.argv[2])")
    found = answer(python("mlflow"), script, export("mlflow", "out"), rows)
    assert found == told()
    assert set(found) == {"stays", "leaves"}
