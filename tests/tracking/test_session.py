"""The session of a real shell: what is noted of its cells, for their recipes."""

from __future__ import annotations

import json

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from jupyter_mlops.tracking.session import KernelSession, RanCell


@pytest.fixture
def shell(workspace):
    """A real shell, in a new workspace."""
    config = Config()
    config.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config, colors="nocolor")
    yield shell
    if "jupyter_mlops" in shell.extension_manager.loaded:
        shell.run_line_magic("unload_ext", "jupyter_mlops")
    shell.run_cell("%reset -f")
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


@pytest.fixture
def recipe_of(shell, workspace):
    """Run cells; return which of them the recipe of the last one keeps."""

    def recipe_of(*cells):
        for cell in cells:
            shell.run_cell(cell, store_history=True)
        found = workspace.get_run("last").artifacts["recipe.ipynb"]
        notebook = json.loads(workspace.store.blobs.get_bytes(found.digest))
        told = [cell["metadata"].get("jupyter_mlops") for cell in notebook["cells"]]
        return [item["ran_as"] for item in told if item], notebook

    return recipe_of


_LOAD = "%load_ext jupyter_mlops"


def test_branch_that_did_not_run_is_left_out(recipe_of):
    kept, _ = recipe_of(
        _LOAD, "x = 1.5", "flag = False", "if flag:\n    x = 2.5", "%%track\ny = x"
    )
    assert kept == [2, 5]


def test_branch_that_ran_takes_the_place(recipe_of):
    kept, _ = recipe_of(
        _LOAD, "x = 1.5", "flag = True", "if flag:\n    x = 2.5", "%%track\ny = x"
    )
    assert kept == [3, 4, 5]


def test_draw_that_did_not_happen_is_left_out(recipe_of):
    kept, _ = recipe_of(
        _LOAD,
        "import random\nrandom.seed(3)",
        "rest = []\nfor one in rest:\n    random.random()",
        "%%track\nx = random.random()",
    )
    assert kept == [2, 4]


def test_failed_cell_before_loading_is_known(recipe_of):
    kept, notebook = recipe_of(
        "x = 1.5",
        "1 / 0\nx = 2.5",
        "x = [x]\nx.append(3.5)\nraise ValueError",
        _LOAD,
        "%%track\ny = x[-1]",
    )
    assert kept == [1, 2, 3, 5]
    tags = [cell["metadata"].get("tags") for cell in notebook["cells"][-4:]]
    assert tags == [["parameters"], ["raises-exception"], ["raises-exception"], None]


def test_older_shell_does_not_tell_which_failed(recipe_of, shell, monkeypatch):
    shell.run_cell("x = 1.5", store_history=True)
    shell.run_cell("pass\nx = 2.5", store_history=True)
    monkeypatch.delattr(type(shell.history_manager), "exceptions")
    assert recipe_of(_LOAD, "%%track\ny = x")[0] == [1, 2, 4]


def test_name_bound_while_no_cell_ran_is_told(recipe_of, shell):
    shell.run_cell(_LOAD, store_history=True)
    shell.run_cell("x = 1.5", store_history=True)
    shell.user_ns["x"] = 2.5
    kept, notebook = recipe_of("%%track\ny = x")
    assert kept == [2, 3]
    (warning,) = notebook["metadata"]["jupyter_mlops"]["warnings"]
    assert "reads x, which was bound while no cell ran" in warning


def test_edited_cell_needs_not_its_own_earlier_run(recipe_of):
    text = "%%track\nimport math\nk = {}\ntotal = math.sqrt(base) * k"
    kept, _ = recipe_of(_LOAD, "base = 4.0", text.format(1), text.format(2))
    assert kept == [2, 4]


def test_long_session_analyses_as_it_goes():
    session = KernelSession({})
    for place in range(300):
        session.add(RanCell(f"x = {place}", f"x = {place}", None, place + 1))
    assert len(session._history) >= 200
    recipe = session.recipe(set())
    assert [kept.cell.source for kept in recipe.cells] == ["x = 299"]
