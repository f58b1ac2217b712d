"""Forms that a version can be taken away in, as far as nothing foreign is needed."""

from __future__ import annotations

import importlib.util
import json
import statistics
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import yaml

from jupyter_mlops.errors import InvalidInputError, NotExportableError, UnsafeModelError
from jupyter_mlops.interop import TARGETS, container
from jupyter_mlops.registry.state import DOWNLOADED
from tests.interop.conftest import FRAME, LABELS, asked, push

URI = "models:/churn/1"


@pytest.fixture
def export(workspace):
    return lambda to, output="out", **more: (
        workspace.exports.export(URI, to, Path(output), **more).path
    )


def scorer(folder, name="scorer"):
    spec = importlib.util.spec_from_file_location(name, folder)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_mlflow_folder_says_what_it_is(churn, export):
    folder = export("mlflow")
    told = yaml.safe_load((folder / "MLmodel").read_text())
    assert told["metadata"]["jupyter_mlops.version"] == URI
    assert "scikit-learn" in (folder / "requirements.txt").read_text()
    columns = json.loads(told["signature"]["inputs"])
    assert [(item["name"], item["type"]) for item in columns] == [
        ("age", "double"), ("income", "double"), ("seen", "double"),
    ]  # fmt: skip


def test_onnx_predicts_the_same(workspace, churn, export):
    runtime = pytest.importorskip("onnxruntime")
    pytest.importorskip("skl2onnx")
    session = runtime.InferenceSession(str(export("onnx", "churn.onnx")))
    ((name, kind),) = ((item.name, item.type) for item in session.get_inputs())
    dtype = {"tensor(float)": "float32", "tensor(double)": "float64"}[kind]
    found = session.run(None, {name: FRAME.to_numpy(dtype)})[0]
    told = workspace.models.load(URI).predict(FRAME)
    assert (found == told).all()


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("library", ["xgboost", "lightgbm", "torch"])
def test_onnx_of_others_predicts_the_same(workspace, export, library):
    module = pytest.importorskip(library)
    runtime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript" if library == "torch" else "onnxmltools")
    data = FRAME.to_numpy("float32").copy()
    if library == "torch":
        model = module.nn.Sequential(module.nn.Linear(3, 2), module.nn.Tanh())
        told = model(module.as_tensor(data)).detach().numpy()
    else:
        kind = {"xgboost": "XGBRegressor", "lightgbm": "LGBMRegressor"}[library]
        model = getattr(module, kind)(n_estimators=3).fit(data, LABELS)
        told = model.predict(data)
    push(workspace, model)
    session = runtime.InferenceSession(str(export("onnx", "model.onnx")))
    found = session.run(None, {session.get_inputs()[0].name: data})[0]
    assert np.allclose(found.reshape(told.shape), told, atol=1e-4)


@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_boosted_classes_score_alike(workspace, export, library):
    module = pytest.importorskip(library)
    kind = {"xgboost": "XGBClassifier", "lightgbm": "LGBMClassifier"}[library]
    more = {"verbose": -1, "min_child_samples": 1} if library == "lightgbm" else {}
    model = getattr(module, kind)(n_estimators=3, **more)
    labels = LABELS + (FRAME.seen > 0.5)
    push(workspace, model.fit(FRAME, labels))
    folder = export("docker")
    found = scorer(folder / "scorer.py").load(folder / "model").predict(FRAME)
    assert (found == model.predict(FRAME)).all()
    assert set(found) == {0, 1, 2}


@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_booster_in_a_pipeline_brings_its_library(workspace, export, library):
    module = pytest.importorskip(library)
    linear = pytest.importorskip("sklearn.pipeline")
    scale = pytest.importorskip("sklearn.preprocessing").StandardScaler()
    kind = {"xgboost": "XGBRegressor", "lightgbm": "LGBMRegressor"}[library]
    model = linear.make_pipeline(scale, getattr(module, kind)(n_estimators=2))
    push(workspace, model.fit(FRAME, LABELS), example=FRAME)
    folder = export("docker")
    lines = (folder / "requirements.txt").read_text().split()
    assert [line for line in lines if line.startswith(library)]
    # Its wheel takes OpenMP from the system, which a slim image has not.
    has_openmp = "libgomp1" in (folder / "Dockerfile").read_text()
    assert has_openmp is (library == "lightgbm")


@pytest.mark.slow
def test_torch_module_needs_no_class(workspace, export):
    torch = pytest.importorskip("torch")
    model = torch.nn.Sequential(
        torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1)
    )
    push(workspace, model)
    folder = export("docker")
    assert [path.name for path in (folder / "model/files").iterdir()] == ["model.pt2"]
    data = FRAME.to_numpy("float32").copy()
    found = scorer(folder / "scorer.py").load(folder / "model").predict(data)
    told = model(torch.as_tensor(data)).detach().numpy()
    assert np.allclose(found, told, atol=1e-6)


def test_changed_byte_is_not_loaded(churn, export):
    folder = export("docker")
    file = folder / "model/files/model.skops"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(ValueError, match="was changed"):
        scorer(folder / "scorer.py").load(folder / "model")


def test_plain_folder_serves(churn, export, started, ports, workspace):
    folder = export("docker")
    (port,) = ports(1)
    url = f"http://127.0.0.1:{port}"
    started(
        [sys.executable, folder.resolve() / "serve.py", port], f"{url}/v2/health/ready"
    )
    rows = FRAME.head(4)
    told = workspace.models.load(URI).predict(rows).tolist()
    found = asked(f"{url}/predict", rows.to_dict("records"))
    assert found == {"predictions": told}
    tensor = {"name": "x", "shape": [4, 3], "datatype": "FP64"}
    tensor["data"] = rows.to_numpy().ravel().tolist()
    found = asked(f"{url}/v2/models/churn/infer", {"inputs": [tensor]})
    assert found["outputs"][0]["data"] == told


def test_archive_holds_plain_names(churn, export):
    with zipfile.ZipFile(export("torchserve", "churn.mar")) as archive:
        names = archive.namelist()
        told = json.loads(archive.read("MAR-INF/MANIFEST.json"))
    assert told["model"]["modelName"] == "churn"
    assert told["model"]["handler"] in names
    assert not [name for name in names if name.startswith("/") or ".." in name]


def test_same_version_is_same_archive(churn, export):
    first, second = export("torchserve", "a.mar"), export("torchserve", "b.mar")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    "to",
    [
        pytest.param(to, marks=() if to == "mlflow" else pytest.mark.slow)
        for to in sorted(set(TARGETS) - {"tensorflow", "onnx"})
    ],
)
def test_nothing_is_overwritten_unasked(churn, export, to):
    path = export(to)
    before = sorted(Path("out").rglob("*"))
    with pytest.raises(InvalidInputError, match="--force"):
        export(to)
    assert export(to, force=True) == path
    assert sorted(Path("out").rglob("*")) == before


def test_failed_export_leaves_nothing(churn, export, monkeypatch):
    monkeypatch.setattr(container, "part", lambda name: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export("docker", "made/out")
    assert list(Path("made").iterdir()) == []


def test_impossible_form_names_possible_ones(churn, export):
    with pytest.raises(NotExportableError, match=r"takes keras.*mlflow, onnx"):
        export("tensorflow")
    with pytest.raises(InvalidInputError, match="Did you mean 'mlflow'"):
        export("mlfow")


def test_unknown_types_need_the_word(workspace, export):
    feature = pytest.importorskip("sklearn.preprocessing").FunctionTransformer
    push(workspace, feature(statistics.fmean).fit(FRAME))
    version = workspace.registry.version("churn", 1)
    assert version.flavor_meta["further_types"]
    with pytest.raises(UnsafeModelError):
        export("mlflow")
    assert export("mlflow", allow_types=version.flavor_meta["further_types"]).is_dir()


def test_every_export_is_on_the_record(workspace, churn, export):
    export("mlflow", "a")
    export("v2", "b")
    events = [e for e in workspace.registry.history("churn") if e.kind == DOWNLOADED]
    assert [event.fields["purpose"] for event in events] == ["mlflow", "v2"]
