"""The panel of runs in JupyterLab: what a person at a notebook sees and does."""

import gzip
import time

import pytest

from jupyter_mlops.workspace import Workspace
from tests.ui import sidebar
from tests.ui.conftest import IDLE
from tests.ui.pictures import THEMES, take
from tests.ui.sidebar import (
    ROW,
    SHOW,
    figure,
    record_runs,
    texts,
    wait_for_texts,
    write_notebook,
)

pytestmark = [pytest.mark.ui, pytest.mark.timeout(240)]
COUNT = ".jp-Mlops-count [role=status]"


@pytest.fixture
def project(project):
    """A project with a notebook, and no workspace yet."""
    write_notebook(project / "churn.ipynb")
    return project


def open_notebook(page):
    page.evaluate(
        "() => window.jupyterapp.commands.execute('docmanager:open', {path: 'churn.ipynb'})"
    )
    page.wait_for_function(IDLE)


def run_cells(page):
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")


@pytest.mark.core
def test_tracked_cell_appears(page, project):
    open_notebook(page)
    page.evaluate(f"() => {SHOW}")
    page.get_by_role("heading", name="No workspace here yet").wait_for()
    run_cells(page)
    page.locator(ROW, has_text="second").wait_for()
    wait_for_texts(page, 0, ["second", "first"])
    wait_for_texts(page, 1, ["0.875", "0.75"])
    # From the run back to its cell.
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0"
    )
    page.locator(ROW, has_text="second").dblclick()
    page.get_by_role("button", name="churn.ipynb").click()
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex === 2"
    )


def test_first_workspace_is_made(page, project):
    page.evaluate(f"() => {SHOW}")
    page.get_by_role("button", name="Make one in project").click()
    page.get_by_role("heading", name="No runs yet").wait_for()
    assert (project / ".mlops" / "format").is_file()


@pytest.mark.core
def test_tracked_cells_bear_marks(page):
    open_notebook(page)
    run_cells(page)
    marks = page.locator(".jp-Mlops-mark")
    page.locator(".jp-Mlops-mark[title^='Run second: finished']").wait_for()
    assert marks.count() == 2
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets[2]"
        ".model.sharedModel.setSource('%%track second\\nauc = 0.9')"
    )
    page.locator(".jp-Mlops-mark.jp-mod-stale").wait_for()
    marks.nth(1).click()
    page.get_by_role("heading", name="second").wait_for()


def test_button_tracks_a_cell(page):
    open_notebook(page)
    source = (
        "() => window.jupyterapp.shell.currentWidget.content.widgets[0]"
        ".model.sharedModel.getSource()"
    )
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0"
    )
    button = page.locator("[data-jp-item-name=mlops-track] jp-button")
    button.click()
    assert page.evaluate(source) == "%%track\n%load_ext jupyter_mlops"
    button.click()
    assert page.evaluate(source) == "%load_ext jupyter_mlops"


@pytest.mark.core
def test_runs_are_filtered_sorted_searched(workspace, page):
    record_runs(workspace, 300)
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW).first.wait_for()
    assert page.locator(COUNT).inner_text() == "300 runs"
    field = page.get_by_role("combobox", name="Filter runs")
    field.fill("metrics.auc >")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "a value was expected here" in alert.inner_text()
    field.fill("metrics.auc > 0.9 and params.depth < 5")
    alert.wait_for(state="detached")
    fitting = len(workspace.runs("metrics.auc > 0.9 and params.depth < 5"))
    page.locator(COUNT, has_text=f"{fitting} runs").wait_for()
    head = page.get_by_role("columnheader", name="auc")
    head.get_by_role("button").click()
    page.locator("[role=columnheader][aria-sort=descending]").wait_for()
    values = [float(text) for text in texts(page)]
    assert values == sorted(values, reverse=True)
    assert min(values) > 0.9
    field.fill("")
    page.get_by_role("searchbox", name="Search runs").fill('"forest 17"')
    page.locator(COUNT, has_text="1 run").wait_for()
    assert page.locator("mark").inner_text() == "forest 17"
    page.get_by_role("searchbox", name="Search runs").fill("nowhere")
    page.get_by_role("button", name="Show all runs").click()
    page.locator(COUNT, has_text="300 runs").wait_for()


@pytest.mark.core
def test_keyboard_alone_is_enough(workspace, page):
    record_runs(workspace, 300)
    page.keyboard.press("Control+Alt+e")
    page.locator(ROW).first.wait_for()
    page.get_by_role("searchbox", name="Search runs").focus()
    for _ in range(20):
        if page.evaluate("() => document.activeElement.getAttribute('role')") == "grid":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.locator(".jp-Mlops-row[aria-selected=true]", has_text="298").wait_for()
    page.keyboard.press("End")
    last = page.locator(".jp-Mlops-row[aria-selected=true]", has_text="logistic 0")
    last.wait_for()
    grid = page.get_by_role("grid", name="Runs")
    assert grid.get_attribute("aria-activedescendant") == last.get_attribute("id")


@pytest.mark.core
def test_server_restart_is_outlived(workspace, page, running):
    record_runs(workspace, 3)
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW, has_text="boosting 2").wait_for()
    running.stop()
    page.get_by_text("Trying again").wait_for()
    record_runs(workspace, 4, experiment="later")
    running.start()
    page.locator(ROW, has_text="mlp 3").wait_for()
    page.get_by_text("Trying again").wait_for(state="detached")
    with workspace.start_run("after the restart"):
        page.locator(ROW, has_text="after the restart").wait_for()


def test_switch_between_workspaces(workspace, project, page):
    record_runs(workspace, 2)
    (project / "other").mkdir()
    other = Workspace(project / "other")
    with other.start_run("elsewhere"):
        pass
    other.close()
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW).first.wait_for()
    switch = page.get_by_role("combobox", name="Workspace")
    switch.focus()
    page.locator("option", has_text="other").wait_for(state="attached")
    switch.select_option("other")
    page.locator(ROW, has_text="elsewhere").wait_for()
    switch.select_option(index=0)
    page.locator(ROW, has_text="forest 1").wait_for()


def test_hidden_panel_asks_nothing(workspace, page):
    record_runs(workspace, 2)
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW).first.wait_for()
    page.evaluate("() => window.jupyterapp.shell.activateById('filebrowser')")
    page.locator(ROW).first.wait_for(state="hidden")
    asked = []
    page.on(
        "request", lambda sent: asked.append(sent.url) if "mlops" in sent.url else 0
    )
    page.on(
        "websocket", lambda made: asked.append(made.url) if "mlops" in made.url else 0
    )
    page.clock.install()
    with workspace.start_run("unseen"):
        page.clock.run_for(60_000)
    assert asked == []
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW, has_text="unseen").wait_for()


def test_figures_of_ten_thousand_runs(workspace, page):
    record_runs(workspace, 10_000)
    workspace.store.index.catch_up()
    # The server has the index open, as after the first look of the day.
    page.evaluate("() => fetch('/mlops/api/runs?limit=1').then(told => told.json())")
    figure("first rows of 10,000 runs", page.evaluate(sidebar.FIRST_ROWS), 300)
    click = "document.querySelector('[data-column=\"metrics.auc\"] button').click()"
    first = f"{ROW}"
    took = page.evaluate(sidebar.UNTIL_CHANGED, [click, first])
    figure("sorted 10,000 runs", took, 150)
    assert texts(page)[:1] == ["0.98961"]
    asked = """{
      const field = document.querySelector('input[aria-label="Filter runs"]');
      const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
      set.set.call(field, 'metrics.auc < 0.7');
      field.dispatchEvent(new Event('input', {bubbles: true}));
      setTimeout(() => field.dispatchEvent(
        new KeyboardEvent('keydown', {key: 'Enter', bubbles: true})));
    }"""
    took = page.evaluate(sidebar.UNTIL_CHANGED, [asked, COUNT])
    figure("filtered 10,000 runs", took, 150)
    assert page.locator(COUNT).inner_text() == "2,570 runs"


def test_figure_of_a_logged_metric(workspace, page):
    page.evaluate(f"() => {SHOW}")
    page.get_by_role("heading", name="No runs yet").wait_for()
    run = workspace.start_run("live")
    run.log_metrics({"auc": 0.5})
    page.locator(ROW, has_text="0.5").wait_for()
    seen = []
    for value in range(1, 6):
        began = time.perf_counter()
        run.log_metrics({"auc": value})
        page.wait_for_function(
            f"() => document.querySelectorAll('{ROW} [role=gridcell]')[1]"
            f".textContent === '{value}'"
        )
        seen.append((time.perf_counter() - began) * 1000)
    run.end()
    figure("a logged metric is seen", sorted(seen)[2], 700)


def test_figure_of_code_at_start(page):
    loaded = page.evaluate(
        """() => performance.getEntriesByType('resource')
          .filter(one => one.name.includes('/lab/extensions/jupyter-mlops/static'))
          .map(one => one.name)"""
    )
    files = [
        sidebar.LABEXTENSION / "static" / one.rpartition("/")[2].partition("?")[0]
        for one in loaded
    ]
    size = sum(len(gzip.compress(file.read_bytes())) for file in files) / 1000
    figure("own JavaScript at start, compressed", size, 60, "kB")
    assert 1 < size < 60


def widen(page):
    """Give the panel room, as somebody who compares runs would."""
    handle = page.locator("#jp-main-split-panel > .lm-SplitPanel-handle").first
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 1, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(560, box["y"] + 300, steps=4)
    page.mouse.up()


@pytest.mark.core
@pytest.mark.parametrize("theme", THEMES)
def test_panel_has_its_picture(theme, workspace, page, tmp_path):
    record_runs(workspace, 40)
    with workspace.start_run("boosting 40", experiment="churn") as run:
        run.log_metrics({"auc": 0.9312, "logloss": 0.181})
        open_notebook(page)
        page.evaluate(f"() => {SHOW}")
        page.locator(ROW).first.wait_for()
        widen(page)
        file = take(page, "sidebar_runs", tmp_path, theme=theme)
    assert file.stat().st_size > 20_000
    colours = page.evaluate(
        "() => getComputedStyle(document.querySelector('.jp-Mlops-row')).backgroundColor"
    )
    assert (colours == "rgb(255, 255, 255)") is (theme == "light")
