"""Models that are fitted in a tracked cell, noticed in a real shell."""

import json

import pytest

from jupyter_mlops.records import Status

DATA = (
    "import numpy as np, pandas as pd\n"
    "from sklearn.linear_model import LogisticRegression, SGDClassifier\n"
    "from sklearn.preprocessing import StandardScaler\n"
    "X = pd.DataFrame(np.arange(60.0).reshape(30, 2), columns=['age', 'fare'])\n"
    "y = pd.Series([0, 1] * 15, name='survived')"
)

SIZE = "30 \N{MULTIPLICATION SIGN} 2"


@pytest.fixture
def cell(run):
    run(DATA)
    return lambda source: run(f"%%track\n{source}")


def test_model_is_noticed_with_params_name_and_data(cell, capsys):
    found = cell("model = LogisticRegression(C=0.5).fit(X, y)")
    (model,) = found.observations["models"]
    assert model.pop("seconds") > 0
    assert model == {
        "class": "sklearn.linear_model._logistic.LogisticRegression",
        "library": "scikit-learn",
        "params": {"C": 0.5},
        "rows": 30,
        "columns": 2,
        "name": "model",
        "profile": "training_profile",
    }
    assert found.params == {"C": 0.5}
    line = f"fitted   LogisticRegression (C=0.5) on {SIZE} as model"
    assert line in capsys.readouterr().out


def test_profile_of_its_data_is_kept(cell):
    kept = cell("LogisticRegression().fit(X, y)").artifact("training_profile")
    assert (kept["rows"], kept["container"]) == (30, "pandas.DataFrame")
    assert [item["name"] for item in kept["features"]] == ["age", "fare"]
    assert kept["features"][0]["quantiles"]["0.5"] == 29
    assert kept["target"][0]["name"] == "survived"
    assert kept["target"][0]["top"] == [[0, 15], [1, 15]]


def test_library_imported_in_the_same_cell_is_noticed(run):
    found = run(f"%%track\n{DATA}\nSGDClassifier(alpha=0.1).fit(X, y)")
    assert found.observations["models"][0]["params"] == {"alpha": 0.1}


def test_names_that_are_taken_stay_the_cells(cell):
    found = cell("C = 3\nmodel = LogisticRegression(C=C / 2, tol=0.1).fit(X, y)")
    assert found.params == {"C": 3, "LogisticRegression.C": 1.5, "tol": 0.1}


def test_same_value_is_not_told_twice(cell):
    assert cell("C = 3\nLogisticRegression(C=C).fit(X, y)").params == {"C": 3}


def test_params_of_several_are_told_by_class(cell):
    found = cell(
        "LogisticRegression(C=2).fit(StandardScaler(with_mean=False).fit_transform(X), y)\n"
        "for alpha in (0.1, 0.2): SGDClassifier(alpha=alpha, tol=0.1).fit(X, y)"
    )
    assert found.params == {
        "StandardScaler.with_mean": False,
        "LogisticRegression.C": 2,
        "SGDClassifier.tol": 0.1,
    }


def test_scaler_without_params_leaves_plain_names(cell):
    found = cell(
        "model = LogisticRegression(C=2).fit(StandardScaler().fit_transform(X), y)"
    )
    assert found.params == {"C": 2}
    scaler, model = found.observations["models"]
    assert model["profile"] == "training_profile"
    assert scaler["profile"] == "training_profile.2"
    assert found.artifact("training_profile")["target"]


def test_search_keeps_what_was_best(cell):
    found = cell(
        "from sklearn.model_selection import GridSearchCV\n"
        "search = GridSearchCV(LogisticRegression(), {'C': [1.0]}, cv=2).fit(X, y)"
    )
    (model,) = found.observations["models"]
    assert model["best"]["params"] == {"C": 1.0}
    assert found.params["best_C"] == 1.0
    assert found.metrics["best_score"] == model["best"]["score"]


def test_failed_fit_is_told_and_shown_as_ever(cell, shell, capsys):
    source = "LogisticRegression(C=-1).fit(X, y)"
    capsys.readouterr()
    shell.run_cell(source)
    plain = capsys.readouterr().out
    found = cell(source)
    assert found.status is Status.FAILED
    assert found.observations["models"][0]["error"] == "InvalidParameterError"
    assert "jupyter_mlops" not in found.record.error.traceback
    tracked = capsys.readouterr().out
    # Only the cell's number differs.
    assert tracked.splitlines()[3:10] == plain.splitlines()[3:10]
    assert "jupyter_mlops/capture" not in tracked


def test_loop_says_how_many(cell, capsys):
    found = cell("for C in range(1, 41): LogisticRegression(C=C).fit(X, y)")
    models = found.observations["models"]
    assert sum(model.get("count", 1) for model in models) == 40
    assert len(models) == 21
    assert "and 37 more" in capsys.readouterr().out


@pytest.mark.parametrize("off", ["%%track --no-autolog", "%track --no-autolog"])
def test_it_can_be_switched_off(cell, run, off, capsys):
    fit = "LogisticRegression(C=2).fit(X, y)"
    if off.startswith("%%"):
        assert run(f"{off}\n{fit}").observations.get("models") is None
    else:
        run(off)
        assert cell(fit).observations.get("models") is None
        run("%track --autolog")
    assert cell(fit).observations["models"]


def test_setting_switches_it_off(cell, monkeypatch, workspace):
    monkeypatch.setenv("JUPYTER_MLOPS_AUTOLOG", "false")
    found = cell("LogisticRegression(C=2).fit(X, y)")
    assert (found.params, found.artifacts.keys()) == ({}, {"recipe.ipynb"})


def test_secrets_are_masked_everywhere(cell, workspace):
    secret = "ghp_" + "Ab1" * 12
    found = cell(
        f"X2 = pd.DataFrame({{'a': ['{secret}', 'b'] * 15, 'password': ['hunter2'] * 30}})\n"
        "from sklearn.base import BaseEstimator\n"
        "class Mine(BaseEstimator):\n"
        "    def __init__(self, api_key=None, text=None):\n"
        "        self.api_key, self.text = api_key, text\n"
        "    def fit(self, X, y=None):\n"
        "        return self\n"
        f"Mine(api_key='k3y-of-mine', text='{secret}').fit(X2)"
    )
    told = json.dumps(found.observations["models"]) + json.dumps(found.params)
    assert "api_key" in told
    kept = json.dumps(found.artifact("training_profile"))
    for word in (secret, "hunter2", "k3y-of-mine"):
        assert word not in told + kept


def test_models_are_shown(cell, shell, capsys):
    cell("model = LogisticRegression(C=0.5).fit(X, y)")
    capsys.readouterr()
    shell.run_line_magic("mlops", "show last")
    line = f"LogisticRegression (C=0.5) on {SIZE} as model"
    assert line in capsys.readouterr().out
    shell.run_line_magic("mlops", "show last --json")
    assert json.loads(capsys.readouterr().out)["models"][0]["name"] == "model"


def test_losses_are_metrics_by_round(cell):
    pytest.importorskip("xgboost")
    found = cell(
        "import xgboost\ndata = xgboost.DMatrix(X, y)\n"
        "for eta in (0.1, 0.2): xgboost.train(\n"
        "    {'eta': eta}, data, 3, evals=[(data, 'train')], verbose_eval=False)"
    )
    assert list(found.history("train.rmse")["step"]) == [0, 1, 2]
    assert list(found.history("fit2.train.rmse")["step"]) == [0, 1, 2]
    assert found.params["Booster.num_boost_round"] == 3


@pytest.mark.filterwarnings("default")
def test_epochs_of_keras_are_metrics(cell, monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    pytest.importorskip("keras")
    found = cell(
        "import keras\n"
        "net = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])\n"
        "net.compile('sgd', 'mse', metrics=['mae'])\n"
        "net.fit(X / 60, y, epochs=2, verbose=0)\nnet.fit(X / 60, y, verbose=0)\n"
        "loss, other = net.evaluate(X / 60, y, verbose=0)"
    )
    assert list(found.history("mae")["step"]) == [0, 1, 2]
    # The name that the cell computes is the cell's.
    assert list(found.history("fit.loss")["step"]) == [0, 1, 2]
    assert list(found.history("loss")["step"]) == [0]
    assert found.observations["models"][0]["count"] == 2


def test_plain_torch_loop_goes_through_log_metric(cell):
    pytest.importorskip("torch")
    found = cell(
        "import torch, jupyter_mlops\n"
        "w = torch.zeros(2, requires_grad=True)\n"
        "for epoch in range(3):\n"
        "    error = ((torch.tensor(X.values / 60).float() @ w - 1) ** 2).mean()\n"
        "    error.backward()\n"
        "    with torch.no_grad():\n"
        "        w -= 0.1 * w.grad\n"
        "    jupyter_mlops.log_metric('mse', error, step=epoch)"
    )
    values = list(found.history("mse")["value"])
    assert len(values) == 3
    assert values[0] > values[2]


def test_untracked_cells_are_left_alone(cell, shell):
    cell("LogisticRegression().fit(X, y)")
    shell.run_cell("fit = vars(LogisticRegression)['fit']")
    assert type(shell.user_ns["fit"]).__name__ == "function"
