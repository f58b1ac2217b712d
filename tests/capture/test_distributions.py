import importlib.metadata
import re
import subprocess
import sys

import pandas as pd
import pytest

from jupyter_mlops.capture import distributions, ownimports
from jupyter_mlops.capture.environment import describe_environment
from jupyter_mlops.capture.ownimports import OwnImports


def test_imported_distributions_agree_with_the_standard_library(monkeypatch):
    modules = {name for name in sys.modules if "." not in name}
    listed = importlib.metadata.packages_distributions()
    expected = {
        re.sub(r"[-_.]+", "-", name).lower()
        for module in modules
        for name in listed.get(module, ())
    }
    # What other tests had us import is ours, and none of theirs.
    monkeypatch.setattr(ownimports, "_own", set())
    found = distributions.imported_distributions()
    assert found["pandas"] == pd.__version__
    assert set(found) - {"jupyter-mlops"} == expected - {"jupyter-mlops"}


def test_installed_distributions_agree_with_the_standard_library():
    expected = {
        re.sub(r"[-_.]+", "-", item.name).lower(): item.version
        for item in importlib.metadata.distributions()
    }
    assert describe_environment(imported_only=False)["packages"] == expected


def test_path_is_scanned_once(monkeypatch):
    distributions.imported_distributions()
    monkeypatch.setattr(distributions, "_scan", None)
    assert "pandas" in distributions.imported_distributions()


def test_new_install_is_noticed(tmp_path, monkeypatch):
    site = tmp_path / "site-packages"
    (site / "Some.Thing-1.5.dist-info").mkdir(parents=True)
    (site / "Some.Thing-1.5.dist-info" / "RECORD").write_text("thing_module.py,,\n")
    (site / "thing_module.py").write_text("")
    monkeypatch.syspath_prepend(site)
    assert "some-thing" not in distributions.imported_distributions()
    __import__("thing_module")
    assert distributions.imported_distributions()["some-thing"] == "1.5"
    (site / "Some.Thing-1.5.dist-info").rename(site / "Some.Thing-1.6.dist-info")
    assert distributions.imported_distributions()["some-thing"] == "1.6"
    del sys.modules["thing_module"]


def packages_after(*lines):
    """Run lines in a process of their own; return what it is said to have imported."""
    script = "\n".join((*START, *lines, "print(*imported_distributions())"))
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    return done.stdout.split()


START = (
    "from jupyter_mlops.capture.distributions import imported_distributions",
    "from jupyter_mlops.capture.ownimports import OwnImports",
    "with OwnImports():",
    "    import alembic.config",
    "del alembic",
)


def test_what_only_we_imported_is_left_out():
    found = packages_after("import yaml")
    assert "pyyaml" in found
    assert not {"alembic", "mako", "sqlalchemy"} & set(found)


@pytest.mark.parametrize(
    "line",
    [
        "import sqlalchemy as sa",
        "from sqlalchemy import create_engine",
        "import sqlalchemy; engine = sqlalchemy.create_engine('sqlite://'); del sqlalchemy",
    ],
)
def test_what_the_user_imported_too_is_told(line):
    found = packages_after(line)
    assert "sqlalchemy" in found
    assert "mako" not in found


def test_import_in_a_file_of_the_user_is_told(tmp_path, monkeypatch):
    (tmp_path / "helper.py").write_text("from sqlalchemy import Table\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "sqlalchemy" in packages_after("import helper")


def test_what_an_imported_distribution_requires_is_told():
    found = packages_after("import alembic.op")
    assert {"alembic", "mako", "markupsafe", "sqlalchemy"} <= set(found)


def test_witness_is_there_only_while_we_import():
    before = list(sys.meta_path)
    with OwnImports():
        with OwnImports():
            assert len(sys.meta_path) == len(before) + 1
        assert len(sys.meta_path) == len(before) + 1
    assert sys.meta_path == before
