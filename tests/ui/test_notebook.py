"""The example notebook in JupyterLab, cell by cell."""

import pytest

from jupyter_mlops.records import Status
from jupyter_mlops.workspace import Workspace

pytestmark = [pytest.mark.ui, pytest.mark.timeout(240)]
COUNTS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter(cell => cell.model.type === 'code')
  .map(cell => cell.model.executionCount)"""
IDS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .map(cell => cell.model.id)"""


def test_example_works_cell_by_cell(page, open_notebook, project):
    open_notebook("breast_cancer.ipynb")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(f"() => ({COUNTS})().every(count => count > 0)")
    assert page.evaluate(COUNTS) == list(range(1, 8))
    cards = page.locator(".jp-Mlops-card")
    assert [card.split()[1] for card in cards.all_inner_texts()] == [
        "logistic",
        "forest",
        "boosting",
    ]
    workspace = Workspace(project)
    frame = workspace.runs(order_by="started")
    assert list(frame["name"]) == ["logistic", "forest", "boosting"]
    assert set(frame["experiment"]) == {"breast_cancer"}
    run = workspace.get_run(frame["run_id"][0])
    assert run.record.cell_id in page.evaluate(IDS)
    assert run.record.notebook.endswith("breast_cancer.ipynb")
    assert run.status is Status.FINISHED
    workspace.close()
