"""Exported models, loaded and served by the software that they are made for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
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


def kept_program(workspace):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Tanh()).eval()
    rows = FRAME.to_numpy("float32").copy()
    shapes = ({0: torch.export.Dim.DYNAMIC},)
    example = (torch.as_tensor(rows[:3]),)
    program = torch.export.export(module, example, dynamic_shapes=shapes)
    push(workspace, program, allow_pickle=True, example=rows)
    return {"allow_pickle": True}


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    "keep", [kept_formula, kept_function, kept_bytes, kept_program]
)
def test_mlflow_loads_what_needs_a_word(workspace, keep, python, answer):
    word = keep(workspace)
    found = workspace.exports.export(URI, "mlflow", Path("out"), **word)
    script = PYFUNC.replace("sys.argv[2]", "__import__('io').StringIO(sys.argv[2])")
    rows = FRAME.to_json(orient="split", double_precision=15)
    found = answer(python("mlflow"), script, found.path.resolve(), rows)
    model = workspace.models.load(URI, **word)
    names = model.signature.names
    told = model.predict(FRAME[names] if names else FRAME.to_numpy("float32"))
    limits = {"rtol": 1e-9} if names else {"atol": 1e-6}
    np.testing.assert_allclose(found, np.asarray(told).tolist(), **limits)


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
    return {}


def pipeline(workspace):
    linear = pytest.importorskip("sklearn.linear_model")
    push(workspace, linear.LogisticRegression().fit(FRAME, LABELS), example=FRAME)
    return {}


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("keep", [torch_module, kept_program, pipeline])
def test_torchserve_answers(keep, workspace, python, started, ports):
    word = keep(workspace)
    exported = workspace.exports.export(URI, "torchserve", Path("churn.mar"), **word)
    store = exported.path.resolve().parent
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
    rows = FRAME if keep is pipeline else FRAME.to_numpy("float32").copy()
    told = workspace.models.load(URI, **word).predict(rows)
    assert np.allclose(found, np.asarray(told), atol=1e-5)


def test_labels_keep_their_names(workspace, export, told, python, answer):
    tree = pytest.importorskip("sklearn.tree").DecisionTreeClassifier(max_depth=2)
    names = LABELS.map({0: "stays", 1: "leaves"})
    push(workspace, tree.fit(FRAME, names), example=FRAME)
    rows = FRAME.to_json(orient="split")
    script = PYFUNC.replace("sys.argv[2]", "__import__('io').StringIO(sys.argv[2])")
    found = answer(python("mlflow"), script, export("mlflow", "out"), rows)
    assert found == told()
    assert set(found) == {"stays", "leaves"}


def test_commands_of_the_dockerfile_serve(churn, export, told, started, ports):
    """What a build does, in a fresh environment: no registry of images is needed."""
    folder = export("docker", "out")
    lines = [
        line.split(" ", 1) for line in (folder / "Dockerfile").read_text().splitlines()
    ]
    steps = [(word, said) for word, said in lines if word in ("COPY", "RUN", "CMD")]
    assert [word for word, _ in steps] == ["COPY", "RUN", "COPY", "CMD"]
    image, place = Path("image").resolve(), Path("python").resolve()
    image.mkdir()
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    path = {"PATH": f"{place / 'bin'}:/usr/bin:/bin", "PYTHONPATH": ""}
    for word, said in steps:
        if word == "COPY":
            what = said.split()[0]
            taken = shutil.copytree if what == "." else shutil.copy
            more = {"dirs_exist_ok": True} if what == "." else {}
            taken(folder / what, image, **more)
        elif word == "RUN":
            environment = {**os.environ, **path}
            subprocess.run(said, shell=True, cwd=image, env=environment, check=True)
    (port,) = ports(1)
    words = [str(port) if word == "8080" else word for word in json.loads(steps[-1][1])]
    words[0] = place / "bin" / words[0]
    url = f"http://127.0.0.1:{port}"
    started(words, f"{url}/v2/health/ready", env=path, cwd=image)
    assert asked(f"{url}/predict", FRAME.to_dict("records")) == {"predictions": told()}
