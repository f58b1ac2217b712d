"""A loaded model is the model itself, with a `predict` that looks at its data."""

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone, is_classifier
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

import jupyter_mlops as mlops
from jupyter_mlops import errors
from jupyter_mlops.registry.loaded import LoadedModel

FRAME = pd.DataFrame({"age": [20, 30, 40, 50], "height": [1.6, 1.7, 1.8, 1.9]})
TARGET = [0, 0, 1, 1]
SECRET = "sk-proj-" + "Ab3dEf9h" * 6


@pytest.fixture
def model():
    return LogisticRegression().fit(FRAME, TARGET)


@pytest.fixture
def loaded(workspace, model):
    with mlops.start_run("own"):
        mlops.log_model("own", model, example=FRAME)
    mlops.register_model("last", "own")
    return mlops.load_model("models:/own/1")


def test_it_is_the_model_in_all_else(loaded, model):
    assert isinstance(loaded, LogisticRegression)
    assert is_classifier(loaded)
    check_is_fitted(loaded)
    assert type(clone(loaded)) is LogisticRegression
    assert loaded.get_params() == model.get_params()
    assert repr(loaded) == repr(model)
    np.testing.assert_array_equal(loaded.coef_, model.coef_)


def test_it_can_be_unwrapped(loaded):
    assert type(loaded) is LoadedModel
    assert loaded.unwrap() is loaded.model
    assert type(loaded.unwrap()) is LogisticRegression
    assert loaded.flavor == "sklearn"


def test_its_methods_look_at_the_data(loaded, model):
    rows = [{"height": 1.6, "age": 20}]
    expected = model.predict_proba(FRAME[:1])
    np.testing.assert_allclose(loaded.predict_proba(rows), expected)
    for method in (loaded.predict, loaded.predict_proba, loaded.decision_function):
        with pytest.raises(errors.InvalidModelInputError, match="'age' is missing"):
            method(FRAME[["height"]])


def test_it_goes_to_other_processes(loaded):
    again = pickle.loads(pickle.dumps(loaded))
    assert again.signature == loaded.signature
    assert again.predict(FRAME).tolist() == loaded.predict(FRAME).tolist()


def test_it_can_be_kept_again(loaded, workspace):
    with mlops.start_run("again") as run:
        mlops.log_model("again", loaded)
    assert type(mlops.get_run(run.id).artifact("again")) is LogisticRegression


def test_attributes_are_set_on_the_model(loaded):
    loaded.marked_ = 3
    assert loaded.unwrap().marked_ == 3
    with pytest.raises(AttributeError, match="nowhere"):
        loaded.nowhere  # noqa: B018 - asking is the test


def test_model_knows_its_names_without_an_example(workspace, model):
    with mlops.start_run("own"):
        mlops.log_model("own", model)
    found = mlops.load_model("runs:/last/own")
    assert found.signature.names == ["age", "height"]
    assert found.predict(FRAME.to_dict("records")).tolist() == [0, 0, 1, 1]
    with pytest.raises(errors.InvalidModelInputError, match="'width'"):
        found.predict(FRAME.assign(width=1))


def test_example_at_push_is_the_better_word(workspace, model):
    with mlops.start_run("own"):
        mlops.log_model("own", model)
    version = mlops.register_model("last", "own", example=FRAME.assign(height=1.0))
    assert mlops.load_model("models:/own/1").signature.columns[0].kind == "integer"
    kept = workspace.store.blobs.get_bytes(version.example)
    assert b'"rows":[[20,1.0]' in kept


def test_secrets_in_an_example_are_masked(workspace, model):
    rows = FRAME.assign(password=["hunter2", "b", "c", "d"], note=[SECRET] * 4)
    with mlops.start_run("own"):
        mlops.log_model("own", model, example=rows)
    mlops.register_model("last", "own")
    texts = [
        path.read_bytes()
        for path in Path(workspace.layout.folder).rglob("*")
        if path.is_file()
    ]
    assert not [text for text in texts if b"hunter2" in text or SECRET.encode() in text]


def test_flipped_byte_anywhere_is_seen(workspace, loaded):
    version = workspace.registry.version("own", 1)
    blobs = workspace.store.blobs
    digests = {file.digest for file in blobs.files(version.files)}
    digests |= {version.files, version.digest, version.signature, version.example}
    digests |= {version.environment, version.lock} - {None}
    for digest in digests:
        path = Path(blobs.where(digest))
        good = path.read_bytes()
        path.chmod(0o644)
        for offset in (0, len(good) // 2, len(good) - 1):
            bad = bytearray(good)
            bad[offset] ^= 1
            path.write_bytes(bad)
            with pytest.raises(errors.BlobCorruptError):
                mlops.load_model("models:/own/1")
        path.write_bytes(good)
    assert mlops.load_model("models:/own/1").predict(FRAME).tolist() == TARGET


HOSTILE = ["../evil", "/tmp/evil", "a/../../evil", "..", "a\\evil", "C:/evil"]


@pytest.mark.parametrize("path", HOSTILE)
def test_files_that_lead_out_are_refused(workspace, loaded, path):
    from jupyter_mlops.registry.binding import binding_from
    from jupyter_mlops.store.manifest import ManifestEntry, write_manifest

    blobs = workspace.store.blobs
    version = workspace.registry.version("own", 1)
    bound = binding_from(version)
    entry = ManifestEntry(path=path, digest=blobs.put_bytes(b"x"), size=1)
    manifest = blobs.put_bytes(write_manifest([entry]))
    fields = {name: getattr(bound, name) for name in bound.__slots__}
    evil = type(bound)(**fields | {"files": manifest, "run_id": None})
    with pytest.raises((errors.InvalidNameError, errors.BlobCorruptError)):
        workspace.registry.register("evil", evil)
    assert not list(workspace.layout.project.parent.rglob("evil"))
