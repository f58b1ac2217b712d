"""A registry over real blobs, and models small enough to fit at once."""

import numpy as np
import pytest

from jupyter_mlops.records import ArtifactRecord
from jupyter_mlops.registry import Registry, binding_of
from jupyter_mlops.registry.flavors.format import ModelFormat
from jupyter_mlops.store.blobs import Blobs


@pytest.fixture
def blobs(layout):
    return Blobs(layout.blobs)


@pytest.fixture
def registry(layout, blobs):
    return Registry(layout, blobs)


@pytest.fixture
def keep(blobs, tmp_path):
    """Keep a model as a run would, and bind it."""

    def keep(value, name="model"):
        folder = tmp_path / f"kept-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        meta = ModelFormat().write(value, folder, name)
        stored = blobs.put_folder(folder)
        artifact = ArtifactRecord(
            name=name,
            format="model",
            digest=stored.digest,
            size=stored.size,
            is_folder=True,
            meta=meta,
        )
        return binding_of(artifact, blobs)

    return keep


@pytest.fixture
def binding(blobs):
    """Bind a plain file, as different as `number` is."""
    return lambda number=0: make_binding(blobs, number)


def make_binding(blobs, number=0):
    data = b"%d" % number
    artifact = ArtifactRecord(
        name="model",
        format="file",
        digest=blobs.put_bytes(data),
        size=len(data),
        meta={"file": "model.bin"},
    )
    return binding_of(artifact, blobs, loader="json:loads")


@pytest.fixture(scope="session")
def points():
    rng = np.random.default_rng(0)
    columns = rng.normal(size=(80, 4))
    return columns, (columns[:, 0] + columns[:, 1] > 0).astype(int)
