"""Keras: archives come back in safe mode; whatever else is in one is refused first."""

import io
import json
import os
import zipfile

import numpy as np
import pytest

from jupyter_mlops import errors
from jupyter_mlops.registry import LoadWord

os.environ.setdefault("KERAS_BACKEND", "torch")
pytest.importorskip("keras", reason="comes with the extra 'deep'")
pytestmark = pytest.mark.filterwarnings("default")

import keras  # noqa: E402 - where it is installed


@keras.saving.register_keras_serializable("mlops_tests")
class Twice(keras.layers.Layer):
    def call(self, rows):
        return rows * 2


@pytest.fixture
def small():
    return keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(3, activation="relu", name="one")]
    )


@pytest.fixture
def rows():
    return np.random.default_rng(0).normal(size=(6, 4)).astype("float32")


def functional():
    given = keras.Input((4,))
    one = keras.layers.Dense(3, kernel_regularizer="l2")(given)
    joined = keras.layers.Concatenate()([one, keras.ops.relu(given * 2)])
    return keras.Model(given, keras.layers.Dense(1, activation="sigmoid")(joined))


def test_functional_models_come_back(saved, rows):
    model = functional()
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    model.fit(rows, rows[:, 0] > 0, verbose=0)
    flavor, folder, meta = saved(model)
    found = flavor.load(folder, meta, LoadWord())
    assert meta["further_types"] == []
    expected = model.predict(rows, verbose=0)
    np.testing.assert_allclose(flavor.predict(found, rows), expected, rtol=1e-5)


def test_own_layers_are_given(saved, rows):
    model = keras.Sequential([keras.Input((4,)), Twice()])
    flavor, folder, meta = saved(model)
    assert meta["further_types"] == ["mlops_tests>Twice"]
    with pytest.raises(errors.UnsafeModelError, match="custom_objects="):
        flavor.load(folder, meta, LoadWord())
    found = flavor.load(folder, meta, LoadWord(custom_objects={"Twice": Twice}))
    np.testing.assert_allclose(flavor.predict(found, rows), rows * 2)


def test_lambda_is_not_kept(saved):
    layer = keras.layers.Lambda(lambda rows: rows * 2)
    with pytest.raises(errors.UnstorableObjectError, match="lambda"):
        saved(keras.Sequential([keras.Input((4,)), layer]))


def rewritten(path, edit=None, more=()):
    """Write an archive anew, its configuration edited and files added."""
    with zipfile.ZipFile(path) as archive:
        items = {name: archive.read(name) for name in archive.namelist()}
    if edit is not None:
        config = json.loads(items["config.json"])
        edit(config)
        items["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in [*items.items(), *more]:
            archive.writestr(name, data)


def layer(name, module="keras.layers", **config):
    return {
        "class_name": name,
        "module": module,
        "registered_name": None,
        "config": {"name": "evil", **config},
    }


EXPLODE = {"class_name": "__lambda__", "config": {"value": "evil"}}
OBJECTS = {
    "a lambda": layer("Lambda", function=EXPLODE),
    "code in a config": layer("Dense", units=1, activation=EXPLODE),
    "os.system": layer("system", "os"),
    "a function of Keras": layer("get_file", "keras.utils"),
    "unsafe mode": layer("enable_unsafe_deserialization", "keras.config"),
    "unpickling": layer("TorchModuleWrapper", module="keras.layers"),
    "another program": layer("TFSMLayer", filepath="evil"),
    "another file": layer("StringLookup", vocabulary="/etc/passwd"),
    "by its inner name": layer("Lambda", "keras.src.layers.core.lambda_layer"),
    "a registered name": layer("Dense", "keras.layers") | {"registered_name": "x>Evil"},
    "builtins": {"class_name": "function", "module": "os", "config": "system"},
}


@pytest.mark.parametrize("case", OBJECTS)
def test_made_up_objects_are_refused(saved, small, canary, case):
    flavor, folder, meta = saved(small)

    def edit(config):
        config["config"]["layers"].append(OBJECTS[case])

    rewritten(folder / "model.keras", edit)
    with pytest.raises(errors.UnsafeModelError, match="not known to be safe"):
        flavor.load(folder, meta, LoadWord(custom_objects={"Twice": Twice}))


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "assets/x", "config.json"])
def test_further_files_are_refused(saved, small, canary, name):
    flavor, folder, meta = saved(small)
    with (
        pytest.warns(UserWarning, match="Duplicate")
        if name == "config.json"
        else _nothing()
    ):
        rewritten(folder / "model.keras", more=[(name, b"{}")])
    with pytest.raises(errors.UnsafeModelError, match="too much, too often"):
        flavor.load(folder, meta, LoadWord())
    assert not (folder.parent / "evil").exists()


def _nothing():
    from contextlib import nullcontext

    return nullcontext()


def linked(weights, h5py):
    weights["layers"]["out"] = h5py.ExternalLink("/etc/passwd", "/")


def outside(weights, h5py):
    arrays = next(iter(weights["layers"].values()))["vars"]
    del arrays["0"]
    place = [("/etc/passwd", 0, 48)]
    arrays.create_dataset("0", (4, 3), dtype="f4", external=place)


@pytest.mark.parametrize("edit", [linked, outside])
def test_weights_from_elsewhere_are_refused(saved, small, canary, edit):
    import h5py

    flavor, folder, meta = saved(small)
    path = folder / "model.keras"
    with zipfile.ZipFile(path) as archive:
        items = {name: archive.read(name) for name in archive.namelist()}
    held = io.BytesIO(items["model.weights.h5"])
    with h5py.File(held, "r+") as weights:
        edit(weights, h5py)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (items | {"model.weights.h5": held.getvalue()}).items():
            archive.writestr(name, data)
    with pytest.raises(errors.UnsafeModelError, match=r"elsewhere|another file"):
        flavor.load(folder, meta, LoadWord())
