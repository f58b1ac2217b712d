"""A long list of models at the command line, beside the same command with no models."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_mlops.registry import Registry
from jupyter_mlops.store.blobs import Blobs
from jupyter_mlops.store.layout import Layout

from .test_registry_bench import MODELS, VERSIONS, seconds, write_history

pytestmark = pytest.mark.bench

ROUNDS = 9
MOST = 0.050
"""Seconds that the list may take beyond the command's own start."""


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A project without models, and one with 10,000 versions of 100."""
    found = [tmp_path_factory.mktemp(name) for name in ("empty", "crowded")]
    for folder in found:
        Layout(folder).create()
    for model in range(MODELS):
        write_history(Layout(found[1]).model_chain(f"model-{model}"), f"model-{model}")
    return found


def listed(folder, *words):
    """Run the command; return what it printed, and the processor's seconds."""
    program = Path(sys.executable).with_name("jupyter-mlops")
    command = [str(program), "-w", str(folder), "models", *words]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = subprocess.run(command, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return found.stdout.decode(), took


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_list_beyond_the_start(folders, said, words):
    empty, crowded = folders
    Layout(crowded).registry_cache.unlink(missing_ok=True)
    text, cold = listed(crowded, *words)
    assert "model-99" in text
    # The processor's time: one thread, so on a quiet machine that is the time it takes.
    pairs = [
        (listed(empty, *words)[1], listed(crowded, *words)[1]) for _ in range(ROUNDS)
    ]
    beyond = statistics.median(one - other for other, one in pairs)
    start = statistics.median(other for other, _ in pairs)
    said(
        f"jupyter mlops models {' '.join(words)}: {MODELS * VERSIONS} versions of "
        f"{MODELS} models {beyond * 1e3:.0f} ms beyond a start of {start * 1e3:.0f} ms; "
        f"with every link verified {(cold - start) * 1e3:.0f} ms"
    )
    assert beyond <= MOST


def test_list_in_one_process(folders, said):
    layout = Layout(folders[1])
    blobs = Blobs(layout.blobs)
    Registry(layout, blobs).models()
    kept = statistics.median(
        seconds(lambda: Registry(layout, blobs).models()) for _ in range(ROUNDS)
    )
    layout.registry_cache.unlink()
    cold = seconds(lambda: Registry(layout, blobs).models())
    said(f"100 models: {kept * 1e3:.1f} ms as kept, {cold * 1e3:.0f} ms verified anew")
    assert kept <= MOST
