"""Each view of the sidebar over the example's runs: its picture, and what axe says."""

from pathlib import Path

import pytest

from tests.ui.pictures import THEMES, take, use_theme
from tests.ui.sidebar import ROW, SHOW

pytest.importorskip("sklearn")
pytestmark = [pytest.mark.ui, pytest.mark.timeout(400)]
AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
VIOLATIONS = """async place => {
  const found = await axe.run(place, {resultTypes: ['violations']});
  return found.violations.map(one => one.id + ': '
    + one.nodes.map(node => node.html.slice(0, 200)).slice(0, 3).join(' | '));
}"""
EXECUTE = "([id, args]) => void window.jupyterapp.commands.execute(id, args)"
RAN = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .every(cell => cell.model.type !== 'code' || cell.model.executionCount > 0)"""
GATES = "models: {tumours: {champion: [metrics.auc >= 0.9, metrics.logloss <= 0.2]}}\n"
PIPELINE = """description: What runs each night.
parameters: {C: 0.5}
steps:
  fit:
    notebook: breast_cancer.ipynb
    parameters: {C: "${params.C}"}
  check: {notebook: check.ipynb, after: [fit]}
  report: {notebook: report.ipynb, after: [check]}
"""


@pytest.fixture
def viewport():
    return {"width": 1440, "height": 900}


@pytest.fixture
def tried(page, project, open_notebook, git):
    """The example notebook, run in JupyterLab; gates and a pipeline beside it."""
    git(project, "init", "-q")
    git(project, "config", "user.email", "ada@example.org")
    for name in ("check", "report"):
        (project / f"{name}.ipynb").write_bytes(
            (project / "breast_cancer.ipynb").read_bytes()
        )
    (project / "gates.yaml").write_text(GATES)
    (project / "pipeline.yaml").write_text(PIPELINE)
    open_notebook("breast_cancer.ipynb")
    execute(page, "notebook:run-all-cells")
    page.wait_for_function(RAN)
    execute(page, "docmanager:save")
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW).nth(2).wait_for()


def execute(page, command, **args):
    page.evaluate(EXECUTE, [command, args])


def run_view(page, workspace):
    run = workspace.get_run("last")
    execute(page, "jupyter-mlops:open-run", run=str(run.id), workspace="")
    view = page.locator(".jp-Mlops-runTab:visible")
    view.locator("canvas").first.wait_for()
    return view


def comparison(page, workspace):
    runs = [str(item) for item in workspace.runs().run_id[:3]]
    execute(page, "jupyter-mlops:compare-runs", runs=runs, workspace="")
    view = page.locator(".jp-Mlops-compareView:visible")
    view.locator("canvas").first.wait_for()
    return view


def pipeline(page, workspace):
    execute(page, "jupyter-mlops:show-section", section="batch")
    page.get_by_role("button", name="project 3 steps").click()
    page.locator("[data-step=report][data-state='may run']").wait_for()
    return page.locator(".jp-Mlops-pipeline:visible")


def model(page, workspace):
    workspace.models.push("last", "tumours")
    execute(page, "jupyter-mlops:show-models")
    execute(page, "jupyter-mlops:open-model", model="tumours")
    view = page.locator(".jp-Mlops-versionsPlace:visible")
    view.get_by_role("button", name="Promote…").click()
    view.get_by_text("2 gates").first.wait_for()
    return view


VIEWS = {
    "run": run_view,
    "compare": comparison,
    "pipeline": pipeline,
    "model": model,
}


@pytest.mark.parametrize("theme", THEMES)
def test_views_have_their_pictures(theme, page, workspace, tried, tmp_path):
    page.evaluate(AXE.read_text())
    use_theme(page, theme)
    found = {}
    for name, show in VIEWS.items():
        view = show(page, workspace)
        file = take(page, f"sidebar_{name}", tmp_path, theme=theme)
        assert file.stat().st_size > 20_000
        if faults := view.evaluate(VIOLATIONS):
            found[name] = faults
    assert found == {}
