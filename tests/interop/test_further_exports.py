"""Flavors that hold formulas, pickles, programs or bytes, taken away: with the word."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jupyter_mlops.errors import NotExportableError, UnsafeModelError
from jupyter_mlops.registry.flavors.format import OfferedModel
from jupyter_mlops.registry.flavors.loader import LoaderModel
from tests.interop.conftest import FRAME, LABELS, asked, push

URI = "models:/churn/1"
DATA = FRAME.assign(town=["here", "there", "far"] * 20, left=LABELS)


@pytest.fixture
def export(workspace):
    return lambda to, output="out", **more: (
        workspace.exports.export(URI, to, Path(output), **more).path
    )


def scored(folder, data):
    place = folder / "scorer.py"
    spec = importlib.util.spec_from_file_location("scorer", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.load(folder / "model").predict(data)


FORMULAS = {
    "ols": "income ~ age * town + C(town):seen + I(seen ** 2) - 1",
    "functions": "income ~ np.log(np.abs(age) + 1) + Q('seen') + I(-age / 2)",
    "logit": "left ~ age + seen",
}


@pytest.mark.parametrize("kind", FORMULAS)
def test_formulas_score_alike(workspace, export, kind):
    formulas = pytest.importorskip("statsmodels.formula.api")
    fit = getattr(formulas, "logit" if kind == "logit" else "ols")
    model = fit(FORMULAS[kind], DATA).fit(**({"disp": 0} if kind == "logit" else {}))
    push(workspace, model)
    folder = export("docker")
    np.testing.assert_allclose(scored(folder, DATA), model.predict(DATA), rtol=1e-12)
    assert "scipy" in (folder / "requirements.txt").read_text()
    text = (folder / "model/scoring.py").read_text()
    (folder / "model/scoring.py").write_text(text + "\n")
    with pytest.raises(ValueError, match="was changed"):
        scored(folder, DATA)


def test_design_without_a_formula_scores_alike(workspace, export):
    models = pytest.importorskip("statsmodels.api")
    columns = models.add_constant(FRAME[["age", "seen"]])
    model = models.OLS(FRAME.income, columns).fit()
    push(workspace, model, example=columns)
    found = scored(export("docker"), columns)
    np.testing.assert_allclose(found, model.predict(columns), rtol=1e-12)


@pytest.fixture
def function(workspace):
    """A pickled function of this test, which uses NumPy."""

    def score(frame):
        return np.log1p(frame["age"] ** 2) + frame["seen"]

    # By value, as a notebook's own functions are.
    score.__module__ = "__main__"
    offered = OfferedModel(score, FRAME, allow_pickle=True)
    push(workspace, offered, allow_pickle=True)
    return score


def test_pickled_function_needs_the_word(workspace, export, function):
    with pytest.raises(UnsafeModelError, match="--allow-pickle"):
        export("mlflow")
    assert not Path("out").exists()
    folder = export("docker", allow_pickle=True)
    np.testing.assert_allclose(scored(folder, FRAME), function(FRAME))
    lines = (folder / "requirements.txt").read_text().split()
    assert {line.partition("==")[0] for line in lines} >= {"cloudpickle", "numpy"}
    assert not [line for line in lines if "mlops" in line]


def test_pickle_of_another_python_is_refused(export, function):
    folder = export("docker", allow_pickle=True)
    told = folder / "model/model.json"
    text = told.read_text().replace('"python": "3.', '"python": "2.')
    told.write_text(text)
    with pytest.raises(ValueError, match=r"pickled by Python 2\."):
        scored(folder, FRAME)


class Doubling:
    """A class that predicts."""

    def predict(self, frame):
        return frame["age"] * 2


def test_pickled_class_predicts_by_an_instance(workspace, export):
    push(workspace, OfferedModel(Doubling, allow_pickle=True), allow_pickle=True)
    folder = export("docker", allow_pickle=True)
    np.testing.assert_allclose(scored(folder, FRAME), FRAME.age * 2)
    loaded = workspace.models.load(URI, allow_pickle=True)
    assert loaded.predict(FRAME).tolist() == (FRAME.age * 2).tolist()


def test_bytes_go_with_their_loaders_name(workspace, export, started, ports):
    joblib = pytest.importorskip("joblib")
    linear = pytest.importorskip("sklearn.linear_model")
    model = linear.LogisticRegression().fit(FRAME, LABELS)
    joblib.dump(model, "model.joblib")
    kept = LoaderModel(Path("model.joblib"), "joblib:load", "model.joblib")
    push(workspace, kept, example=FRAME)
    with pytest.raises(UnsafeModelError, match="--loader joblib:load"):
        export("docker")
    with pytest.raises(UnsafeModelError, match="joblib:load"):
        export("docker", loader="pickle:load")
    folder = export("docker", loader="joblib:load")
    assert (scored(folder, FRAME) == model.predict(FRAME)).all()
    with pytest.raises(NotExportableError, match="It can go to: mlflow, torchserve"):
        export("onnx", "x.onnx", loader="joblib:load")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_program_scores_alike(workspace, export):
    torch = pytest.importorskip("torch")
    runtime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Tanh())
    data = FRAME.to_numpy("float32").copy()
    shapes = ({0: torch.export.Dim.DYNAMIC},)
    rows = (torch.as_tensor(data[:3]),)
    program = torch.export.export(module.eval(), rows, dynamic_shapes=shapes)
    push(workspace, program, allow_pickle=True)
    with pytest.raises(UnsafeModelError, match="--allow-pickle"):
        export("docker")
    told = module(torch.as_tensor(data)).detach().numpy()
    found = scored(export("docker", allow_pickle=True), data)
    np.testing.assert_allclose(found, told, atol=1e-6)
    path = export("onnx", "model.onnx", allow_pickle=True)
    session = runtime.InferenceSession(str(path))
    found = session.run(None, {session.get_inputs()[0].name: data})[0]
    np.testing.assert_allclose(found, told, atol=1e-5)


def test_formula_is_served_by_records(workspace, export, started, ports):
    import sys

    formulas = pytest.importorskip("statsmodels.formula.api")
    model = formulas.ols("income ~ age * town", DATA).fit()
    push(workspace, model)
    folder = export("docker").resolve()
    (port,) = ports(1)
    url = f"http://127.0.0.1:{port}"
    started([sys.executable, folder / "serve.py", port], f"{url}/v2/health/ready")
    rows = DATA.head(3)[["age", "town"]].to_dict("records")
    found = asked(f"{url}/predict", rows)["predictions"]
    np.testing.assert_allclose(found, model.predict(pd.DataFrame(rows)))
