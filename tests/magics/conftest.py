from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


@pytest.fixture
def plain_shell():
    """A real shell without our extension, and without history on disk."""
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    config.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config, colors="nocolor")
    yield shell
    shell.run_cell("%reset -f")
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


@pytest.fixture
def shell(plain_shell, workspace):
    """A real shell with our extension, in a new workspace."""
    plain_shell.run_line_magic("load_ext", "jupyter_mlops")
    yield plain_shell
    plain_shell.run_line_magic("unload_ext", "jupyter_mlops")


@pytest.fixture
def run(shell, workspace):
    """Run a cell; return the run that it made, None if it made none."""

    def run(source):
        before = set(workspace.layout.journals.iterdir())
        shell.run_cell(source, store_history=True)
        made = sorted(set(workspace.layout.journals.iterdir()) - before)
        return workspace.get_run(made[0].name) if made else None

    return run
