"""Verbs' answers and the live curve in JupyterLab: with trust, without, reopened."""

import json

import nbformat
import pytest

from jupyter_mlops.workspace import Workspace

pytestmark = [pytest.mark.ui, pytest.mark.timeout(240)]
CELLS = [
    "%load_ext jupyter_mlops",
    "%mlops runs -e fits",
    "%mlops plot loss -e fits",
    "%mlops runs -e fits -i",
    """%%track
import jupyter_mlops as mlops
live, step = get_ipython()._jupyter_mlops_tracker._running[-1].live, 0
while not live._is_shown:
    mlops.log_metric("loss", 1 / (step + 1))
    step += 1""",
]
DONE = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .every(cell => cell.model.executionCount > 0)"""


@pytest.fixture
def viewport():
    """High enough for all cells to be in sight."""
    return {"width": 1280, "height": 1250}


@pytest.fixture
def project(project):
    workspace = Workspace(project)
    for C, loss in ((0.1, 0.5), (10, 0.25), (1, float("nan"))):
        with workspace.start_run(f"C={C}", experiment="fits", params={"C": C}) as run:
            run.log_metrics({"loss": 1.0})
            run.log_metrics({"loss": loss})
    workspace.close()
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
    nbformat.write(book, project / "answers.ipynb")
    return project


def losses(table):
    rows = [row.split("\t") for row in table.locator("tr").all_inner_texts()]
    at = [head.strip(" ▲▼") for head in rows[0]].index("loss")
    return [row[at] for row in rows[1:]]


def test_answers_live_and_outlive_the_kernel(page, open_notebook, lab, project):
    open_notebook("answers.ipynb")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(DONE)
    table = page.locator(".jp-Mlops-runs").first
    head = table.locator("th", has_text="loss")
    assert losses(table) == ["NaN", "0.25", "0.5"]
    head.click()
    assert losses(table) == ["0.25", "0.5", "NaN"]
    head.press("Enter")
    assert losses(table) == ["0.5", "0.25", "NaN"]
    assert head.get_attribute("aria-sort") == "descending"
    assert (
        page.locator(".jp-Mlops-live img").evaluate("image => image.naturalWidth") > 0
    )
    assert page.locator(".jp-RenderedImage img").count() == 1

    controlled = page.locator(".jp-Mlops-runs").nth(1)
    text = page.locator(".widget-text input")
    text.fill("params.C < 1")
    text.press("Enter")
    controlled.locator("tbody tr").nth(1).wait_for(state="detached")
    assert losses(controlled) == ["0.5"]

    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function(
        "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
    )
    book = json.loads((project / "answers.ipynb").read_text())
    book["cells"][0]["source"] = "# somebody else's"
    (project / "strange.ipynb").write_text(json.dumps(book))
    for name, is_trusted in (("answers", True), ("strange", False)):
        open_notebook(f"{name}.ipynb")
        table = page.locator(".jp-Mlops-runs").first
        table.locator("th", has_text="loss").click()
        assert losses(table)[-1] == ("NaN" if is_trusted else "0.5"), name
        image = page.locator(".jp-Mlops-live img")
        assert image.evaluate("image => image.naturalWidth") > 0
