"""Estimators come back as they were; files made up to do harm do nothing."""

import json
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.cluster import Birch
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC

from jupyter_mlops import errors
from jupyter_mlops.registry import LoadWord
from jupyter_mlops.registry.flavors import flavor_for, sklearn

ESTIMATORS = {
    "logistic": LogisticRegression(C=0.5),
    "forest": RandomForestClassifier(5, random_state=0),
    "boosting": GradientBoostingClassifier(n_estimators=5),
    "histogram": HistGradientBoostingClassifier(max_iter=5),
    "svc": SVC(),
    "neighbors": KNeighborsClassifier(),
    "scaled": make_pipeline(StandardScaler(), LogisticRegression()),
    "search": GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, scoring="roc_auc"),
}


class Majority(ClassifierMixin, BaseEstimator):
    """An estimator of the user's own."""

    def fit(self, columns, target):
        self.most_ = int(np.median(target))
        return self

    def predict(self, columns):
        return np.full(len(columns), self.most_)


@pytest.fixture
def saved(tmp_path, points):
    """Write a fitted forest, and hand out its file and meta."""
    model = RandomForestClassifier(3, random_state=0).fit(*points)
    meta = sklearn.save(model, tmp_path)
    return tmp_path / "model.skops", meta


def load(folder, **word):
    return sklearn.load(folder, {}, LoadWord(**word))


def edited(path, edit):
    """Rewrite the schema of a skops file."""
    with zipfile.ZipFile(path) as archive:
        items = {name: archive.read(name) for name in archive.namelist()}
    schema = json.loads(items["schema.json"])
    schema = edit(schema) or schema
    items["schema.json"] = json.dumps(schema).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in items.items():
            archive.writestr(name, data)


def arrays_edited(path, edit):
    """Rewrite the structured arrays of a skops file."""
    with zipfile.ZipFile(path) as archive:
        items = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in items.items():
            if name.endswith(".npy"):
                (path.parent / "array.npy").write_bytes(data)
                array = np.load(path.parent / "array.npy").copy()
                if array.dtype.names:
                    edit(array)
                    np.save(path.parent / "array.npy", array)
                    data = (path.parent / "array.npy").read_bytes()
            archive.writestr(name, data)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_usual_estimators_come_back(registry, keep, points, name):
    model = ESTIMATORS[name].fit(*points)
    version = registry.register(name, keep(model))
    again = registry.load(f"models:/{name}/1")
    assert type(again.unwrap()) is type(model)
    np.testing.assert_array_equal(again.predict(points[0]), model.predict(points[0]))
    assert version.flavor_meta["library"] == "scikit-learn"
    assert version.flavor_meta["further_types"] == []


def test_pipeline_with_columns_comes_back(registry, keep):
    frame = pd.DataFrame({"age": [1.0, 2, 3, 4], "town": ["a", "b", "a", "c"]})
    columns = ColumnTransformer(
        [("n", StandardScaler(), ["age"]), ("c", OneHotEncoder(), ["town"])]
    )
    model = make_pipeline(columns, LogisticRegression()).fit(frame, [0, 1, 0, 1])
    registry.register("churn", keep(model))
    again = registry.load("models:/churn/1")
    np.testing.assert_array_equal(
        again.predict_proba(frame), model.predict_proba(frame)
    )


def test_description_names_what_was_changed():
    said = sklearn.describe(LogisticRegression(C=0.5, class_weight="balanced"))
    assert said["class"] == "sklearn.linear_model._logistic.LogisticRegression"
    assert said["params"] == {"C": 0.5, "class_weight": "balanced"}


def test_own_estimator_needs_a_word(registry, keep, points):
    model = Majority().fit(*points)
    name = f"{Majority.__module__}.Majority"
    version = registry.register("own", keep(model))
    assert version.flavor_meta["further_types"] == [name]
    with pytest.raises(errors.UnsafeModelError, match="allow_types=") as caught:
        registry.load("models:/own/1")
    assert caught.value.types == [name]
    again = registry.load("models:/own/1", LoadWord(allow_types=(name,)))
    assert again.most_ == model.most_


@pytest.mark.parametrize("model", [Birch(), FunctionTransformer(lambda x: x)])
def test_unstorable_says_why(tmp_path, model):
    with pytest.raises(errors.UnstorableObjectError, match="without pickle"):
        sklearn.save(model, tmp_path)
    assert not (tmp_path / "model.skops").exists()


class Bomb:
    def __reduce__(self):
        return os.system, ("touch exploded",)


def test_dressed_pickle_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.skops").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(errors.UnsafeModelError, match="no skops file"):
        load(tmp_path)
    assert not (tmp_path / "exploded").exists()


def system_call(loader, module, name):
    argument = {
        "__class__": "str",
        "__module__": "builtins",
        "__loader__": "JsonNode",
        "content": '"touch exploded"',
        "is_json": True,
    }
    arguments = {
        "__class__": "tuple",
        "__module__": "builtins",
        "__loader__": "TupleNode",
        "content": [argument],
    }
    return {
        "__class__": name,
        "__module__": module,
        "__loader__": loader,
        "content": arguments,
        "__reduce__": {"args": arguments},
        "protocol": 2,
    }


@pytest.mark.parametrize(
    "loader",
    ["ConstructorFromReduceNode", "FunctionNode", "TypeNode", "ObjectNode", "LossNode"],
)
@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("posix", "system"),
        ("builtins", "eval"),
        ("sklearn.utils._testing", "check_output"),
        ("sklearn.utils._joblib", "load"),
        ("numpy", "load"),
        ("scipy.stats._distn_infrastructure", "rv_continuous_frozen"),
    ],
)
def test_calls_in_the_schema_are_refused(saved, monkeypatch, loader, module, name):
    path, _ = saved
    monkeypatch.chdir(path.parent)
    edited(path, lambda schema: system_call(loader, module, name))
    with pytest.raises(errors.UnsafeModelError, match=r"safe|refused"):
        load(path.parent)
    assert not (path.parent / "exploded").exists()


def test_call_within_a_model_is_named(saved, monkeypatch):
    path, _ = saved
    monkeypatch.chdir(path.parent)

    def hide(schema):
        call = system_call("ConstructorFromReduceNode", "os", "system")
        schema["content"]["content"]["extra"] = call

    edited(path, hide)
    with pytest.raises(errors.UnsafeModelError) as caught:
        load(path.parent)
    assert caught.value.types == ["os.system"]
    assert not (path.parent / "exploded").exists()


@pytest.mark.parametrize(
    "name", ["../evil.npy", "/tmp/evil.npy", "a/b.npy", "evil.pkl", "1.npy.py"]
)
def test_odd_archive_entries_are_refused(saved, name):
    path, _ = saved
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"evil")
    with pytest.raises(errors.UnsafeModelError, match="no part of a model"):
        load(path.parent)


def test_packed_archive_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "model.skops", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("schema.json", b" " * 1_000_000)
    with pytest.raises(errors.UnsafeModelError, match="packed"):
        load(tmp_path)


@pytest.mark.parametrize("schema", ["[]", "{}", "null", "[" * 100_000, "\xff"])
def test_nonsense_schema_is_refused(tmp_path, schema):
    with zipfile.ZipFile(tmp_path / "model.skops", "w") as archive:
        archive.writestr("schema.json", schema)
    with pytest.raises(errors.UnsafeModelError, match="cannot be read"):
        load(tmp_path)


def child_far_away(nodes):
    nodes["left_child" if "left_child" in nodes.dtype.names else "left"][0] = 10**8


def child_in_a_circle(nodes):
    nodes["left_child" if "left_child" in nodes.dtype.names else "left"][0] = 0


def feature_far_away(nodes):
    nodes["feature" if "feature" in nodes.dtype.names else "feature_idx"][0] = 10**8


@pytest.mark.parametrize("edit", [child_far_away, child_in_a_circle, feature_far_away])
@pytest.mark.parametrize("name", ["forest", "boosting", "histogram"])
def test_trees_out_of_bounds_are_refused(tmp_path, points, name, edit):
    sklearn.save(ESTIMATORS[name].fit(*points), tmp_path)
    arrays_edited(tmp_path / "model.skops", edit)
    with pytest.raises(errors.UnsafeModelError, match="out of its own arrays"):
        load(tmp_path)


def test_neighbors_out_of_bounds_are_refused(tmp_path, points):
    sklearn.save(KNeighborsClassifier(algorithm="kd_tree").fit(*points), tmp_path)

    def edit(nodes):
        if "idx_end" in nodes.dtype.names:
            nodes["idx_end"] = 10**8

    arrays_edited(tmp_path / "model.skops", edit)
    with pytest.raises(errors.UnsafeModelError, match="out of its own arrays"):
        load(tmp_path)


def test_flipped_byte_anywhere_is_seen(registry, keep, blobs, points):
    version = registry.register("churn", keep(LogisticRegression().fit(*points)))
    file = blobs.files(version.files)[0].digest
    for digest in (file, version.files, version.digest):
        path = Path(blobs.where(digest))
        good = path.read_bytes()
        path.chmod(0o644)
        for offset in (0, len(good) // 2, len(good) - 1):
            bad = bytearray(good)
            bad[offset] ^= 1
            path.write_bytes(bad)
            with pytest.raises(errors.BlobCorruptError):
                registry.load("models:/churn/1")
        path.write_bytes(good)
    assert registry.load("models:/churn/1").predict(points[0]).shape == (80,)


def test_library_is_not_imported_to_look():
    code = (
        "import sys\n"
        "from jupyter_mlops.registry.flavors import flavor_for\n"
        "assert flavor_for({'a': 1}) is None\n"
        "assert flavor_for(object()) is None\n"
        "heavy = {'sklearn', 'skops', 'numpy', 'pandas', 'scipy'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert said.stdout == "[]\n"


def test_missing_skops_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "skops.io", None)
    model = LogisticRegression()
    assert flavor_for(model) is sklearn
    with pytest.raises(errors.MissingLibraryError, match=r"jupyter-mlops\[sklearn\]"):
        sklearn.save(model, tmp_path)
