"""XGBoost and LightGBM come back from their own formats; made-up trees do not."""

import json

import lightgbm
import numpy as np
import pytest
import xgboost
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from jupyter_mlops import errors
from jupyter_mlops.registry import LoadWord
from jupyter_mlops.registry.flavors import flavor_for

MODELS = {
    "xgboost": xgboost.XGBClassifier(n_estimators=4, enable_categorical=True),
    "xgboost-regressor": xgboost.XGBRegressor(n_estimators=4, enable_categorical=True),
    "lightgbm": lightgbm.LGBMClassifier(n_estimators=4, verbose=-1),
    "lightgbm-regressor": lightgbm.LGBMRegressor(n_estimators=4, verbose=-1),
}


def fitted(name, frame):
    return MODELS[name].fit(frame, (frame["age"] > 40).astype(int))


@pytest.mark.parametrize("name", MODELS)
def test_wrapped_boosters_come_back(again, frame, name):
    model = fitted(name, frame)
    found = again(model)
    assert type(found) is type(model)
    np.testing.assert_array_equal(found.predict(frame), model.predict(frame))
    assert found.get_params()["n_estimators"] == 4
    assert list(found.feature_names_in_) == list(frame.columns)


@pytest.mark.parametrize("labels", [["no", "yes"], [3, 7]])
def test_labels_of_lightgbm_come_back(again, frame, labels):
    target = np.where(frame["age"] > 40, labels[1], labels[0])
    model = lightgbm.LGBMClassifier(n_estimators=4, verbose=-1).fit(frame, target)
    found = again(model)
    assert found.classes_.tolist() == labels
    assert found.predict(frame).tolist() == model.predict(frame).tolist()


@pytest.mark.parametrize("name", ["xgboost", "lightgbm"])
def test_bare_boosters_come_back(saved, frame, name):
    model = fitted(name, frame)
    booster = model.get_booster() if name == "xgboost" else model.booster_
    flavor, folder, meta = saved(booster)
    found = flavor.load(folder, meta, LoadWord())
    predict = getattr(flavor, "predict", lambda model, data: model.predict(data))
    np.testing.assert_allclose(predict(found, frame), predict(booster, frame))
    assert flavor.inputs(found)["names"] == list(frame.columns)


@pytest.mark.parametrize("name", ["xgboost", "lightgbm"])
def test_pipelines_with_boosters_need_no_word(again, frame, name):
    numbers = frame[["age", "height"]]
    model = make_pipeline(StandardScaler(), MODELS[name])
    model.fit(numbers, (frame["age"] > 40).astype(int))
    assert flavor_for(model).NAME == "sklearn"
    assert (again(model).predict(numbers) == model.predict(numbers)).all()


def test_unfitted_booster_is_refused(saved):
    with pytest.raises(errors.UnstorableObjectError, match="Fit it first"):
        saved(xgboost.XGBClassifier())


def model_of(document):
    return document["learner"]["gradient_booster"]["model"]


def tree_of(document):
    return model_of(document)["trees"][0]


XGBOOST = {
    "child far away": lambda d: tree_of(d)["left_children"].__setitem__(0, 10**6),
    "child in a circle": lambda d: tree_of(d)["right_children"].__setitem__(0, 0),
    "feature far away": lambda d: tree_of(d)["split_indices"].__setitem__(0, 10**6),
    "class far away": lambda d: model_of(d)["tree_info"].__setitem__(0, 10**6),
    "categories far away": lambda d: tree_of(d).update(
        categories_nodes=[0], categories_segments=[10**6], categories_sizes=[1]
    ),
    "fewer nodes": lambda d: tree_of(d)["split_indices"].pop(),
    "no trees' room": lambda d: d["learner"].pop("gradient_booster"),
    "a list": lambda d: d.clear(),
}


@pytest.mark.parametrize("case", XGBOOST)
def test_made_up_trees_of_xgboost_are_refused(saved, frame, canary, case):
    flavor, folder, meta = saved(fitted("xgboost", frame))
    path = folder / "model.json"
    document = json.loads(path.read_text())
    XGBOOST[case](document)
    path.write_text(json.dumps(document))
    with pytest.raises(errors.UnsafeModelError, match="refused"):
        flavor.load(folder, meta, LoadWord())


def edited(text, name, place, value):
    lines = text.split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith(f"{name}="))
    parts = lines[at].partition("=")[2].split(" ")
    parts[place] = value
    lines[at] = f"{name}=" + " ".join(parts)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("left_child", "999999"),
        ("left_child", "-999999"),
        ("right_child", "0"),
        ("split_feature", "77"),
        ("num_leaves", "999999"),
        ("leaf_value", ""),
        ("max_feature_idx", "0"),
    ],
)
def test_made_up_trees_of_lightgbm_are_refused(saved, frame, canary, name, value):
    flavor, folder, meta = saved(fitted("lightgbm", frame))
    path = folder / "model.txt"
    path.write_text(edited(path.read_text(), name, 0, value))
    with pytest.raises(errors.UnsafeModelError, match="refused"):
        flavor.load(folder, meta, LoadWord())


def test_class_of_the_file_is_not_looked_for(saved, frame, canary):
    for name in ("xgboost", "lightgbm"):
        flavor, folder, meta = saved(fitted(name, frame))
        meta["class"] = "os.system"
        with pytest.raises(errors.UnsafeModelError, match="no class of"):
            flavor.load(folder, meta, LoadWord())
