"""A flavor of another package: installed for real, found by its entry point."""

import subprocess
import sys

import pytest

PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "mlops-test-flavor"
version = "1.0"

[project.entry-points."jupyter_mlops.flavors"]
constant = "mlops_test_flavor"
broken = "mlops_test_flavor.nowhere"
"""
FLAVOR = '''\
"""Models that always say the same."""
from pathlib import Path

NAME = "constant"


class Constant:
    def __init__(self, value):
        self.value = value


def matches(value):
    return isinstance(value, Constant)


def describe(value):
    return {"class": "Constant", "library": "x", "version": None, "params": {}}


def save(value, folder):
    (folder / "value.txt").write_text(str(value.value))
    return describe(value)


def load(folder, meta, word):
    return Constant(int((folder / "value.txt").read_text()))


def predict(model, data):
    return [model.value] * len(data)
'''
USE = """\
import warnings
warnings.simplefilter("ignore")
import jupyter_mlops as mlops
from mlops_test_flavor import Constant
with mlops.start_run("own"):
    mlops.log_model("own", Constant(7), example=[[1.0], [2.0]])
print(mlops.register_model("last", "own").flavor)
print(mlops.load_model("models:/own/1").predict([[1.0], [3.0]]))
"""


@pytest.fixture
def site(tmp_path):
    """Install a little package with pip into a folder of its own."""
    source, site = tmp_path / "source", tmp_path / "site"
    (source / "mlops_test_flavor").mkdir(parents=True)
    (source / "pyproject.toml").write_text(PROJECT)
    (source / "mlops_test_flavor" / "__init__.py").write_text(FLAVOR)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "-q", "--no-deps"),
            *("--no-index", "--no-build-isolation", "--target", site, source),
        ],
        check=True,
        capture_output=True,
    )
    return site


def test_installed_flavor_keeps_and_loads(site, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(site))
    done = subprocess.run(
        [sys.executable, "-c", USE], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["constant", "[7, 7]"]
