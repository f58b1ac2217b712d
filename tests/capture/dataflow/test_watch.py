"""What is seen of cells while they run, in a plain namespace."""

from __future__ import annotations

import gc
import os
import random
import warnings
import weakref

import pytest

from jupyter_mlops.capture.dataflow.namespace import NamesWatch
from jupyter_mlops.capture.dataflow.watch import CellWatch


@pytest.fixture
def see():
    """Run a cell in a namespace that the test may set up; give the evidence."""

    def see(source, **names):
        watch = CellWatch(names)
        watch.begin()
        exec(source, names)
        return watch.end()

    return see


def test_bound_and_deleted_names_are_seen(see):
    seen = see("a = 2\nb = [1]\ndel c", a=1, c=[], d="same", __builtins__={})
    assert (seen.bound, seen.deleted, seen.unsure) == ({"a", "b"}, {"c"}, set())


def test_same_place_in_memory_is_no_proof(see):
    class Thing:
        pass

    seen = see("pass", big=[[1]], thing=Thing(), text="x", __builtins__={})
    assert seen.unsure == {"big"}


def test_object_in_the_place_of_another_is_unsure():
    class Thing:
        pass

    names = {"one": Thing()}
    watch = NamesWatch(names)
    place = id(names["one"])
    names["one"] = None
    names["one"] = Thing()
    seen = watch.look()
    # The place is free again when the second is made, so it may be taken again.
    assert "one" in (seen.unsure if id(names["one"]) == place else seen.bound)
    assert watch.look().unsure == set()


def test_watching_keeps_no_object_alive():
    frames = {"frame": type("Frame", (), {})(), "rows": [[0] * 10]}
    gone = weakref.ref(frames["frame"])
    watch = NamesWatch(frames)
    del frames["frame"]
    gc.collect()
    assert gone() is None
    assert watch.look().deleted == {"frame"}


def test_array_can_still_be_resized(see):
    np = pytest.importorskip("numpy")
    names = {"a": np.arange(3)}
    watch = CellWatch(names)
    watch.begin()
    # Refused when a weak reference, or a second strong one, exists.
    names["a"].resize(6)
    assert "a" in watch.end().unsure


@pytest.mark.parametrize(
    ("source", "state"),
    [
        ("import random; random.random()", "random"),
        ("import os; os.environ['MLOPS_TRY'] = '1'", "environ"),
        ("import os; os.chdir('/')", "cwd"),
        ("import sys; sys.path.append('x')", "sys.path"),
        ("import warnings; warnings.simplefilter('ignore')", "warnings.filters"),
        ("import numpy; numpy.random.rand()", "numpy.random"),
        ("import numpy; numpy.set_printoptions(precision=3)", "numpy.options"),
        ("import pandas; pandas.options.display.precision = 3", "pandas.options"),
        (
            "import sklearn; sklearn.set_config(transform_output='pandas')",
            "sklearn.config",
        ),
        (
            "import matplotlib; matplotlib.rcParams['font.serif'].append('x')",
            "rcParams",
        ),
    ],
)
def test_changed_state_is_seen(state_kept, see, source, state):
    seen = see(source)
    assert seen.touched == {state}
    assert see("1 + 1").touched == set()
    assert state in seen.watched


@pytest.fixture
def state_kept(monkeypatch, tmp_path):
    """Put every global state back, and have the libraries loaded."""
    import matplotlib as mpl
    import numpy as np
    import pandas as pd
    import sklearn

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLOPS_TRY", "0")
    monkeypatch.syspath_prepend(tmp_path)
    drawn, numbers = random.getstate(), np.random.get_state()
    serif = list(mpl.rcParams["font.serif"])
    with (
        warnings.catch_warnings(),
        np.printoptions(),
        pd.option_context("display.precision", 6),
        sklearn.config_context(),
    ):
        yield
    random.setstate(drawn)
    np.random.set_state(numbers)
    mpl.rcParams["font.serif"][:] = serif


def test_first_import_is_seen(see, tmp_path, monkeypatch):
    (tmp_path / "seen_once.py").write_text("x = 1")
    monkeypatch.syspath_prepend(tmp_path)
    assert "seen_once" in see("import seen_once").imported
    assert see("import seen_once").imported == set()


def test_cell_within_a_cell_is_part_of_both():
    names = {"a": 1}
    watch = CellWatch(names)
    watch.begin()
    names["b"] = 2
    watch.begin()
    names["c"] = 3
    inner = watch.end()
    names["d"] = 4
    outer = watch.end()
    assert (inner.bound, outer.bound) == ({"c"}, {"b", "c", "d"})


def test_name_bound_between_cells_is_a_stray():
    names = {"a": 1}
    watch = CellWatch(names)
    names["a"] = 2
    watch.begin()
    names["b"] = os
    seen = watch.end()
    assert (seen.strays, seen.bound) == ({"a"}, {"b"})
