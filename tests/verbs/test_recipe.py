"""The recipe of a tracked cell by verb."""

from __future__ import annotations

import json

import pytest
from IPython.core.interactiveshell import InteractiveShell


@pytest.fixture
def tracked(workspace):
    """A tracked cell after two others, of which it needs one."""
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_cell("needed = 20", store_history=True)
    shell.run_line_magic("load_ext", "jupyter_mlops")
    shell.run_cell("idle = 1", store_history=True)
    shell.run_cell("%%track\nanswer = needed * 2 + 2", store_history=True)
    yield workspace.get_run("last")
    shell.run_line_magic("unload_ext", "jupyter_mlops")
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


def test_recipe_leaves_idle_cells_out(mlops, tracked):
    said = mlops("recipe", "last").out
    assert "needed = 20" in said
    assert "answer = needed * 2 + 2" in said
    assert "idle = 1" not in said


def test_recipe_is_saved_as_notebook(mlops, tracked, tmp_path):
    nbformat = pytest.importorskip("nbformat")
    target = tmp_path / "deep" / "again.ipynb"
    mlops("recipe", "last", "-o", target)
    nbformat.validate(nbformat.read(target, as_version=4))
    assert mlops("recipe", "last", "-o", target).code == 1
    assert json.loads(target.read_text())["metadata"]["jupyter_mlops"]["run"]


def test_run_without_recipe_is_told(mlops, workspace):
    with workspace.start_run("script"):
        pass
    said = mlops("recipe", "last")
    assert said.code == 1
    assert "%%track" in said.err
