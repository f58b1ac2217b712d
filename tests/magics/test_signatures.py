"""What a tracked cell's models take, seen at their fits, in a real shell."""

import numpy as np
import pandas as pd
import pytest

import jupyter_mlops as mlops
from jupyter_mlops import errors

DATA = """\
import numpy as np, pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
X = pd.DataFrame({"age": range(20, 50), "town": ["Bern", "Chur", "Genf"] * 10})
y = pd.Series([0, 1] * 15, name="left")
columns = ColumnTransformer(
    [("n", StandardScaler(), ["age"]), ("c", OneHotEncoder(), ["town"])]
)
"""
FIT = "model = make_pipeline(columns, LogisticRegression()).fit(X, y)"
ROW = {"age": 33, "town": "Bern"}


@pytest.mark.parametrize(
    "source",
    [
        f"%%track -s model\n{FIT}",
        f"%%track\n{FIT}\nimport jupyter_mlops as mlops\nmlops.log_model('m', model)",
    ],
    ids=["saved by name", "logged"],
)
def test_fit_gives_the_signature(run, source):
    run(DATA)
    run(source)
    version = mlops.register_model("last", "left")
    model = mlops.load_model("models:/left/1")
    assert [(c.name, c.kind) for c in model.signature.columns] == [
        ("age", "integer"),
        ("town", "category"),
    ]
    assert model.signature.outputs[0].name == "left"
    assert model.predict([ROW]).shape == (1,)
    with pytest.raises(errors.InvalidModelInputError, match=r"'age' holds 33\.5"):
        model.predict(ROW | {"age": 33.5})
    assert version.example is not None


def test_fit_of_another_model_is_not_taken(run):
    run(DATA)
    run("model = LogisticRegression().fit(X[['age']], y)")
    run("%%track -s model\nother = StandardScaler().fit(np.ones((4, 7)))")
    mlops.register_model("last", "left")
    signature = mlops.load_model("models:/left/1").signature
    assert [(column.name, column.kind) for column in signature.columns] == [
        ("age", "any")
    ]


def test_best_of_a_search_has_the_searchs_data(run):
    run(DATA)
    run(
        "%%track -s best\n"
        "from sklearn.model_selection import GridSearchCV\n"
        "search = GridSearchCV(LogisticRegression(), {'C': [0.1, 1.0]}, cv=2)\n"
        "best = search.fit(X[['age']], y).best_estimator_"
    )
    mlops.register_model("last", "left")
    model = mlops.load_model("models:/left/1")
    assert model.signature.columns[0].kind == "integer"
    frame = pd.DataFrame({"age": np.array([30, 40], dtype="int32")})
    assert model.predict(frame).shape == (2,)
