"""How the panel fits into JupyterLab: status bar, settings, other extensions, Notebook 7,
and who hears instead of seeing.
"""

import json
from pathlib import Path

import pytest

from tests.ui.lab import TOKEN, options_of
from tests.ui.sidebar import ROW, SHOW, record_runs, write_notebook

pytestmark = [pytest.mark.ui, pytest.mark.timeout(300)]
AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
STATUS = ".jp-Mlops-recording"
THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
VIOLATIONS = """async place => {
  const found = await axe.run(place, {resultTypes: ['violations']});
  return found.violations.map(one => one.id + ': ' + one.help + ' '
    + one.nodes.map(node => node.html.slice(0, 160)).slice(0, 3).join(' | '));
}"""
TINY = """async () => {
  const { pluginRegistry } = window.jupyterapp;
  const known = [...pluginRegistry._services.keys()];
  const token = known.find(one => one.name === 'jupyter-mlops:IMlops');
  window.jupyterapp.registerPlugin({
    id: 'tiny',
    autoStart: false,
    requires: [token],
    activate: (app, mlops) => {
      mlops.addColumn({
        id: 'cost', title: 'Cost', isNumeric: true,
        text: run => (run.params.depth * 2) + ' EUR'
      });
      mlops.addAction({
        id: 'order', label: 'Order Again',
        isEnabled: runs => runs.length === 1,
        execute: runs => { window.ordered = runs.map(run => run.name); }
      });
    }
  });
  await window.jupyterapp.activatePlugin('tiny');
}"""
"""A plugin of another extension, as far as ours can tell."""
SET = """async values => {
  const { pluginRegistry } = window.jupyterapp;
  const services = pluginRegistry._services;
  const token = [...services.keys()].find(
    one => one.name === '@jupyterlab/coreutils:ISettingRegistry');
  const registry = await window.jupyterapp.resolveRequiredService(token);
  for (const [name, value] of Object.entries(values)) {
    await registry.set('jupyter-mlops:commands', name, value);
  }
}"""


@pytest.fixture
def project(project):
    write_notebook(
        project / "slow.ipynb",
        [
            "%load_ext jupyter_mlops",
            "%%track patient\nimport time, pathlib\nimport jupyter_mlops as mlops\n"
            "mlops.log_metric('auc', 0.5)\n"
            "while not pathlib.Path('go').exists(): time.sleep(0.05)",
        ],
    )
    return project


def use_theme(page, theme):
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
        theme,
    )
    name = json.dumps(theme)
    page.wait_for_function(f"() => document.body.dataset.jpThemeName === {name}")


def test_recording_stands_in_the_status_bar(page, project, open_notebook):
    open_notebook("slow.ipynb")
    assert page.locator(STATUS).count() == 0
    page.evaluate(
        "() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
    )
    told = page.locator(STATUS, has_text="auc 0.5")
    told.wait_for()
    assert told.inner_text().startswith("patient")
    assert told.get_attribute("title") == "Recording patient of slow.ipynb"
    told.click()
    page.locator(".lm-TabBar-tabLabel", has_text="patient").wait_for()
    (project / "go").touch()
    page.locator(STATUS).wait_for(state="detached")


def test_other_extensions_add_columns_and_actions(workspace, page):
    record_runs(workspace, 5)
    page.evaluate(TINY)
    page.evaluate(f"() => {SHOW}")
    row = page.locator(ROW, has_text="mlp 3")
    row.wait_for()
    page.get_by_role("columnheader", name="Cost").wait_for()
    assert "10 EUR" in row.inner_text()
    row.click(button="right")
    page.get_by_role("menuitem", name="Order Again").click()
    assert page.evaluate("() => window.ordered") == ["mlp 3"]


def test_settings_are_obeyed_at_once(workspace, page):
    record_runs(workspace, 5)
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW).first.wait_for()
    page.evaluate(SET, {"metric": "auc"})
    page.get_by_role("columnheader", name="auc curve").wait_for()
    page.evaluate(SET, {"columns": ["params.depth", "seconds"]})
    page.get_by_role("columnheader", name="depth").wait_for()
    heads = page.get_by_role("columnheader").all_inner_texts()
    assert heads == ["Run", "depth", "Duration"]
    page.evaluate(SET, {"groupBy": "experiment"})
    page.get_by_role("treegrid", name="Runs").wait_for()
    page.evaluate(SET, {"liveUpdates": False})
    with workspace.start_run("unheard"):
        pass
    page.evaluate("() => window.jupyterapp.shell.activateById('filebrowser')")
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW, has_text="unheard").wait_for()


@pytest.mark.core
def test_axe_finds_nothing(workspace, page):
    if not AXE.is_file():
        pytest.skip("axe-core is missing: cd js && npm ci")
    page.evaluate(AXE.read_text())
    page.evaluate(f"() => {SHOW}")
    page.get_by_role("heading", name="No runs yet").wait_for()
    found = {"no runs": page.evaluate(VIOLATIONS, "#jp-mlops-panel")}
    record_runs(workspace, 30)
    page.locator(ROW).first.click()
    for theme in THEMES:
        use_theme(page, theme)
        found[theme] = page.evaluate(VIOLATIONS, "#jp-mlops-panel")
    page.evaluate(SET, {"groupBy": "experiment"})
    page.get_by_role("treegrid", name="Runs").wait_for()
    field = page.get_by_role("combobox", name="Filter runs")
    field.press_sequentially("metr")
    page.get_by_role("listbox", name="What may come next").wait_for()
    found["groups"] = page.evaluate(VIOLATIONS, "#jp-mlops-panel")
    field.fill("metrics.auc >")
    page.get_by_role("alert").wait_for()
    found["a wrong filter"] = page.evaluate(VIOLATIONS, "#jp-mlops-panel")
    assert {state: one for state, one in found.items() if one} == {}


def test_notebook_7_has_the_panel(serve, tmp_path, workspace, project, browser):
    pytest.importorskip("notebook", "7", reason="pip install 'jupyter-mlops[ui]'")
    record_runs(workspace, 5)
    address = serve("notebook", *options_of(tmp_path))
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{address}notebooks/slow.ipynb?token={TOKEN}")
    page.wait_for_selector(".jp-Notebook")
    page.wait_for_function(
        "() => window.jupyterapp?.commands.hasCommand('jupyter-mlops:show-panel')"
    )
    page.evaluate(f"() => {{ {SHOW}; }}")
    page.locator(ROW, has_text="mlp 3").wait_for()
    context.close()
