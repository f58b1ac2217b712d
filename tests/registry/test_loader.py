"""Bytes with a loader: nothing is imported or run before the caller says its name."""

import os
import pickle
import sys

import pytest

from jupyter_mlops import errors
from jupyter_mlops.registry import LoadWord, Registry
from jupyter_mlops.registry.flavors import flavor_named, loader
from jupyter_mlops.registry.flavors.loader import LoaderModel

NAME = "mlops_test_loader:read"


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Put a module with a loader on the path, not imported yet."""
    folder = tmp_path / "modules"
    folder.mkdir()
    code = (
        "from pathlib import Path\n"
        "def read(path):\n"
        "    return Path(path).read_bytes()[::-1]\n"
    )
    (folder / "mlops_test_loader.py").write_text(code)
    monkeypatch.syspath_prepend(folder)
    yield
    sys.modules.pop("mlops_test_loader", None)


def test_said_name_is_called(registry, keep, module):
    registry.register("own", keep(LoaderModel(b"abc", NAME, "own.bin")))
    assert registry.load("models:/own/1", LoadWord(loader=NAME)) == b"cba"


def test_trusted_loader_is_called(registry, keep, layout, blobs, module):
    registry.register("own", keep(LoaderModel(b"abc", NAME)))
    trusting = Registry(layout, blobs, trusted_loaders=(NAME,))
    assert trusting.load("models:/own/1") == b"cba"


@pytest.mark.parametrize("said", [None, "os:system", NAME + "x", ""])
def test_unsaid_name_is_not_imported(registry, keep, module, said):
    registry.register("own", keep(LoaderModel(b"abc", NAME)))
    with pytest.raises(errors.UnsafeModelError, match="Nothing was run") as caught:
        registry.load("models:/own/1", LoadWord(loader=said))
    assert caught.value.loader == NAME
    assert "mlops_test_loader" not in sys.modules


def test_file_is_kept_by_path(registry, keep, tmp_path, module):
    (tmp_path / "big.onnx").write_bytes(b"onnx")
    model = LoaderModel(tmp_path / "big.onnx", NAME, "big.onnx")
    registry.register("own", keep(model))
    assert registry.load("models:/own/1", LoadWord(loader=NAME)) == b"xnno"


class Bomb:
    def __reduce__(self):
        return os.system, ("touch exploded",)


def test_pickle_is_kept_never_opened(registry, keep, tmp_path, monkeypatch, module):
    monkeypatch.chdir(tmp_path)
    data = pickle.dumps(Bomb())
    registry.register("own", keep(LoaderModel(data, NAME, "model.pkl")))
    with pytest.raises(errors.UnsafeModelError):
        registry.load("models:/own/1")
    assert registry.load("models:/own/1", LoadWord(loader=NAME)) == data[::-1]
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize(
    "name", ["read", "a.b", "os:system('x')", "a:b:c", ":x", "a b:c"]
)
def test_odd_loader_is_refused(tmp_path, name):
    with pytest.raises(errors.InvalidInputError, match=r"package\.module:function"):
        loader.save(LoaderModel(b"abc", name), tmp_path)


@pytest.mark.parametrize("file", ["../evil", "/tmp/evil", "a/b", ""])
def test_escaping_file_is_refused(tmp_path, file):
    with pytest.raises(errors.InvalidNameError):
        loader.save(LoaderModel(b"abc", NAME, file), tmp_path)
    with pytest.raises(errors.InvalidNameError):
        loader.load(tmp_path, {"loader": NAME, "file": file}, LoadWord(loader=NAME))


def test_missing_loader_is_named(registry, keep):
    registry.register("own", keep(LoaderModel(b"abc", "nowhere_at_all:read")))
    with pytest.raises(errors.RegistryError, match="Install the package"):
        registry.load("models:/own/1", LoadWord(loader="nowhere_at_all:read"))


def test_unknown_flavor_is_named():
    with pytest.raises(errors.RegistryError, match="mean 'sklearn'"):
        flavor_named("sklern")
