"""Long lists of versions, and pushing and loading a model of some size."""

import statistics
import time

import pytest

from jupyter_mlops.ids import new_run_id
from jupyter_mlops.registry import Registry
from jupyter_mlops.registry.binding import Binding
from jupyter_mlops.registry.chain import _link
from jupyter_mlops.store.blobs import Blobs
from jupyter_mlops.store.layout import Layout

pytestmark = pytest.mark.bench

MODELS, VERSIONS = 100, 100


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    layout = Layout(tmp_path_factory.mktemp("crowded"))
    layout.create()
    for model in range(MODELS):
        write_history(layout.model_chain(f"model-{model}"), f"model-{model}")
    return layout


def write_history(path, name):
    """Write a chain in one go: what 100 calls of `register` leave behind."""
    previous, lines = "0" * 64, []
    for number in range(1, VERSIONS + 1):
        bound = Binding(
            files="ab" * 32,
            flavor="sklearn",
            flavor_meta={"class": "sklearn.pipeline.Pipeline", "library": "x"},
            size=12345,
            run_id=new_run_id(),
            artifact="model",
            environment="cd" * 32,
            data={"train.csv": "ef" * 32},
            params={f"param{i}": i for i in range(10)},
            metrics={f"metric{i}": i / 7 for i in range(10)},
        ).to_json()
        fields = {"kind": "registered", "model": name, "by": "ann", "source": "system"}
        fields |= {"version": number, "binds": "12" * 32, "bound": bound}
        line, previous = _link(fields, number, previous)
        lines.append(line)
    path.write_bytes(b"".join(lines))


def seconds(call):
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def list_all(registry):
    models = registry.models()
    assert sum(len(registry.versions(model.name)) for model in models) == 10_000


def test_listing_ten_thousand_versions(crowded):
    blobs = Blobs(crowded.blobs)
    cold = statistics.median(
        seconds(lambda: list_all(Registry(crowded, blobs))) for _ in range(5)
    )
    names = statistics.median(
        seconds(lambda: Registry(crowded, blobs).models()) for _ in range(5)
    )
    registry = Registry(crowded, blobs)
    list_all(registry)
    warm = statistics.median(seconds(lambda: list_all(registry)) for _ in range(5))
    print(
        f"\n10,000 versions of 100 models: warm {warm * 1e3:.1f} ms, cold with every "
        f"link verified {cold * 1e3:.0f} ms, models only {names * 1e3:.0f} ms"
    )
    assert warm <= 0.050
