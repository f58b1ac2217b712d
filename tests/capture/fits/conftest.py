from __future__ import annotations

import numpy as np
import pytest

from jupyter_mlops.capture.fits import FitWatch


@pytest.fixture(scope="module")
def data():
    generator = np.random.default_rng(0)
    features = generator.normal(size=(60, 3))
    return features, (features[:, 0] > 0).astype(int)


@pytest.fixture
def seen():
    """Watch what a call fits; return the fits."""

    def seen(work, on_epoch=None):
        watch = FitWatch(on_epoch).start()
        try:
            work()
        finally:
            fits = watch.stop()
        assert watch.problems == []
        return fits

    return seen
