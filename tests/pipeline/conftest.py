"""Notebooks to run, made from the sources of their cells."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

ROOT = Path(__file__).parents[2]


def code(source, *tags):
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})


def notebook_of(*cells, parameters=None):
    """Make a notebook of Python cells; texts are code, `parameters` a tagged cell."""
    node = nbformat.v4.new_notebook()
    node.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    node.metadata.language_info = {"name": "python"}
    if parameters is not None:
        node.cells.append(code(parameters, "parameters"))
    node.cells += [code(cell) if isinstance(cell, str) else cell for cell in cells]
    return node


def write_notebook(path, *cells, parameters=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook_of(*cells, parameters=parameters), path)
    return path


@pytest.fixture(scope="module", autouse=True)
def _importable():
    """Kernels find this package also where it is not installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        yield


@pytest.fixture
def shell(workspace):
    """A real shell with our extension, in a new workspace."""
    config = Config()
    config.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config, colors="nocolor")
    shell.run_line_magic("load_ext", "jupyter_mlops")
    yield shell
    shell.run_line_magic("unload_ext", "jupyter_mlops")
    shell.run_cell("%reset -f")
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


@pytest.fixture
def track(shell, workspace):
    """Run cells; return the run of the last one, which is tracked."""

    def track(*cells):
        for cell in cells:
            shell.run_cell(cell, store_history=True)
        return workspace.get_run("last")

    return track
