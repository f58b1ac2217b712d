"""What tests of all flavors share: a model kept and loaded again, and a canary."""

import pickle

import pytest

from jupyter_mlops.registry import LoadWord
from jupyter_mlops.registry.flavors import flavor_for


class Bomb:
    """Writes a file when it is unpickled."""

    def __reduce__(self):
        return exec, ("open('exploded', 'w').close()",)


@pytest.fixture
def canary(tmp_path, monkeypatch):
    """A file that is there after the test only if code of a model's file was run."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path / "exploded"
    assert not (tmp_path / "exploded").exists()


@pytest.fixture
def bomb(canary):
    return pickle.dumps(Bomb())


@pytest.fixture
def saved(tmp_path):
    """Write a model with its flavor; hand out flavor, folder and meta."""

    def saved(model):
        folder = tmp_path / "saved"
        folder.mkdir(exist_ok=True)
        flavor = flavor_for(model)
        return flavor, folder, flavor.save(model, folder)

    return saved


@pytest.fixture
def again(saved):
    """Keep a model and load it again, with the words that are given."""

    def again(model, **word):
        flavor, folder, meta = saved(model)
        return flavor.load(folder, meta, LoadWord(**word))

    return again


@pytest.fixture(scope="session")
def frame():
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "age": rng.integers(20, 70, 120),
            "height": rng.normal(1.7, 0.1, 120),
            "town": pd.Categorical(rng.choice(["Bern", "Chur", "Genf"], 120)),
        }
    )
