"""Libraries that come while a cell runs, each in a process of its own."""

import subprocess
import sys

import pytest

WATCH = "import sys\nfrom jupyter_mlops.capture.fits import FitWatch\nw = FitWatch().start()\n"
TELL = "\nprint(*[fit.short for fit in w.stop()])"
DATA = "X, y = [[0.0], [1.0], [2.0], [3.0]] * 9, [0, 1, 0, 1] * 9\n"


def told_by(source):
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_nothing_is_imported_for_it():
    wanted = "{'sklearn', 'xgboost', 'lightgbm', 'keras', 'torch', 'numpy', 'pandas'}"
    assert told_by(WATCH + f"w.stop()\nprint({wanted} & set(sys.modules))") == "set()"


@pytest.mark.parametrize(
    "fit",
    [
        "from sklearn.svm import SVC\nSVC().fit(X, y)",
        "import sklearn.linear_model as m\nm.SGDClassifier().fit(X, y)",
        "from sklearn.base import BaseEstimator\n"
        "class Mine(BaseEstimator):\n    def fit(self, X, y): return self\n"
        "Mine().fit(X, y)",
    ],
)
def test_library_imported_meanwhile_is_seen(fit):
    assert told_by(WATCH + DATA + fit + TELL) in ("SVC", "SGDClassifier", "Mine")


@pytest.mark.slow
@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_boosting_imported_meanwhile_is_seen(library):
    pytest.importorskip(library)
    make = {"xgboost": "DMatrix", "lightgbm": "Dataset"}[library]
    source = (
        f"import numpy as np, {library} as b\n"
        f"b.train({{}}, b.{make}(np.array(X), np.array(y)), 2)"
    )
    assert told_by(WATCH + DATA + source + TELL).splitlines()[-1] == "Booster"


@pytest.mark.slow
def test_loader_is_put_back():
    look = (
        "import sklearn.base\nprint(type(sklearn.base.__spec__.loader).__name__,"
        " type(sklearn.base.__loader__).__name__)"
    )
    assert told_by(WATCH + look) == "SourceFileLoader SourceFileLoader"


def test_failing_import_fails_as_before():
    broken = (
        "import importlib.abc, importlib.util\n"
        "class Bad(importlib.abc.Loader):\n"
        "    def exec_module(self, module): raise ImportError('no sklearn today')\n"
        "class Find:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'sklearn.base':\n"
        "            return importlib.util.spec_from_loader(name, Bad())\n"
        "sys.meta_path.insert(0, Find())\n" + WATCH + "try:\n    import sklearn\n"
        "except ImportError as error:\n    print(error)"
    )
    assert told_by("import sys\n" + broken) == "no sklearn today"
