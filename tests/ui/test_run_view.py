"""A run in the main area: all of it is shown, none of it is run, and what one can do."""

import time

import nbformat
import pytest

from jupyter_mlops.records import Kind
from tests.ui.conftest import IDLE
from tests.ui.sidebar import ROW, SHOW, wait_until_kept, write_notebook

pytestmark = [pytest.mark.ui, pytest.mark.timeout(240)]
HOSTILE = """%%track forest -e churn
from IPython.display import HTML, SVG, display
C = 0.5
display(HTML("<b>bold</b><script>window.hacked = 1</script>"
             "<img src=x onerror='window.hacked = 2'>"
             "<a href='javascript:window.hacked = 3'>a link</a>"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='window.hacked = 4'>"
            "<script>window.hacked = 5</script><circle cx='9' cy='9' r='9'/></svg>"))
print("C is", C)
auc = C + 0.25"""
VIEW = ".jp-Mlops-runTab:visible"
BUTTON = ".jp-Mlops-runWidget:visible [data-command='jupyter-mlops:{}']"


def open_run(page, workspace, run):
    """Open a run as the table does, and return its view."""
    page.evaluate(
        "args => window.jupyterapp.commands.execute('jupyter-mlops:open-run', args)",
        {"run": str(run), "workspace": workspace},
    )
    view = page.locator(VIEW)
    view.get_by_role("heading", level=1).wait_for()
    return view


def deed(page, name):
    """Press one of the buttons above the run."""
    page.wait_for_function(
        "id => window.jupyterapp.commands.isEnabled(id)", arg=f"jupyter-mlops:{name}"
    )
    page.evaluate(
        "id => void window.jupyterapp.commands.execute(id)", f"jupyter-mlops:{name}"
    )


def tracked(page, project):
    """Run a notebook with a tracked cell; its output bears scripts."""
    write_notebook(project / "churn.ipynb", ["%load_ext jupyter_mlops", HOSTILE])
    page.evaluate(
        "() => window.jupyterapp.commands.execute("
        "'docmanager:open', {path: 'churn.ipynb'})"
    )
    page.wait_for_function(IDLE)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.locator(".jp-Mlops-mark").wait_for()
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")


def wait_for(found, what):
    until = time.monotonic() + 60
    while not found():
        assert time.monotonic() < until, what
        time.sleep(0.1)  # another process writes it: there is nothing to wait on


@pytest.mark.core
def test_hostile_cell_is_shown_and_not_run(page, project):
    tracked(page, project)
    # In the notebook itself, whose user ran it, the scripts may have run.
    page.evaluate("() => { window.hacked = 0; }")
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW, has_text="forest").dblclick()
    view = page.locator(VIEW)
    view.get_by_role("heading", name="forest").wait_for()
    view.locator(".jp-Mlops-outputs b", has_text="bold").wait_for()
    view.locator(
        ".jp-Mlops-outputs .jp-RenderedImage img[src^='data:image/svg']"
    ).wait_for()
    view.get_by_text("C is 0.5", exact=True).wait_for()
    view.locator(".cm-content", has_text="auc = C + 0.25").wait_for()
    link = view.get_by_text("a link", exact=True)
    assert not (link.get_attribute("href") or "").startswith("javascript")
    link.click()
    assert view.locator(".jp-Mlops-outputs script, .jp-Mlops-outputs svg").count() == 0
    assert page.evaluate("() => window.hacked") == 0
    assert view.locator("dt", has_text="C").count()
    wait_until_kept(page, "jupyter-mlops-run")
    page.reload()
    page.locator(VIEW).get_by_role("heading", name="forest").wait_for()


@pytest.mark.core
def test_recipe_opens_runs_and_runs_again(page, project, workspace):
    tracked(page, project)
    run = workspace.get_run("last").id
    view = open_run(page, "", run)
    deed(page, "open-recipe")
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.context?.path.includes('recipe')"
    )
    page.wait_for_function(IDLE)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    wait_for(lambda: workspace.get_run("last").id != run, "the recipe runs")
    assert workspace.get_run("last").params["C"] == 0.5
    (file,) = project.glob("churn-recipe-*.ipynb")
    assert "auc = C + 0.25" in nbformat.read(file, as_version=4).cells[-1].source
    view = open_run(page, "", run)
    deed(page, "run-again")
    field = page.locator(".jp-Mlops-formDialog input").first
    field.fill("2.5")
    page.get_by_role("button", name="Run", exact=True).click()
    wait_for(
        lambda: len(workspace.runs("params.C = 2.5 and kind = 'cell'")), "runs again"
    )
    view = page.locator(VIEW)
    view.get_by_text("C is 2.5", exact=True).wait_for()


def test_words_are_said_and_a_run_is_archived(page, project, workspace):
    with workspace.start_run("quiet", kind=Kind.CELL) as run:
        run.log_metrics({"auc": 0.75})
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW, has_text="quiet").wait_for()
    view = open_run(page, "", run.id)
    view.get_by_role("button", name="Add a note").click()
    view.get_by_role("textbox", name="Note").fill("overfits from step 300 on")
    page.keyboard.press("Control+Enter")
    view.locator(".jp-Mlops-note p", has_text="overfits").wait_for()
    tag = view.get_by_role("textbox", name="New tag")
    tag.fill("mlops.verify=reproduced")
    tag.press("Enter")
    view.page.get_by_role("alert").get_by_text("begins with").wait_for()
    tag.fill("team=risk")
    tag.press("Enter")
    view.get_by_role("button", name="Take off the tag team").wait_for()
    found = workspace.get_run(run.id)
    assert (found.record.note, found.tags) == (
        "overfits from step 300 on",
        {"team": "risk"},
    )
    view.get_by_role("button", name="Take off the tag team").click()
    view.locator(".jp-Mlops-tag").wait_for(state="detached")
    deed(page, "archive-run")
    page.locator(ROW, has_text="quiet").wait_for(state="detached")
    view.get_by_text("archived").wait_for()
    deed(page, "archive-run")
    page.locator(ROW, has_text="quiet").wait_for()


def test_model_is_pushed_and_loading_code_inserted(page, project, workspace):
    linear = pytest.importorskip("sklearn.linear_model")
    with workspace.start_run("fit", kind=Kind.CELL) as run:
        run.log_model("model", linear.LogisticRegression().fit([[0.0], [1.0]], [0, 1]))
    write_notebook(project / "use.ipynb", [""])
    page.evaluate(
        "() => window.jupyterapp.commands.execute('docmanager:open', {path: 'use.ipynb'})"
    )
    page.wait_for_function(IDLE)
    view = open_run(page, "", run.id)
    deed(page, "push-model")
    page.get_by_label("Name of the model").fill("churn")
    page.get_by_role("button", name="Push", exact=True).click()
    wait_for(lambda: workspace.registry.models(), "the model is registered")
    assert workspace.registry.versions("churn")[0].run_id == run.id
    view.get_by_role("button", name="Insert code that loads model").click()
    source = page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.activeCell"
        ".model.sharedModel.getSource()"
    )
    assert source == (
        f'import jupyter_mlops as mlops\nmlops.load_model("runs:/{run.id}/model")'
    )


@pytest.mark.core
def test_running_run_fills_in_and_a_hidden_one_asks_nothing(page, workspace):
    run = workspace.start_run("live", kind=Kind.SCRIPT)
    view = open_run(page, "", run.id)
    run.log_metrics({"loss": 0.5})
    view.locator("td", has_text="0.5").first.wait_for()
    page.evaluate("() => window.jupyterapp.commands.execute('launcher:create')")
    page.locator(VIEW).wait_for(state="detached")
    asked = []
    page.on("request", lambda sent: asked.append(sent.url))
    run.log_metrics({"loss": 0.25})
    run.end()
    page.wait_for_timeout(1500)  # nothing is to happen: there is nothing to wait on
    assert [url for url in asked if "mlops" in url] == []
    view = open_run(page, "", run.id)
    view.locator("td", has_text="0.25").first.wait_for()
