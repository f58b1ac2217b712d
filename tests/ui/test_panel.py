"""The section of runs: filters with help, groups, the keyboard."""

import re

import pytest
from playwright.sync_api import expect

from jupyter_mlops.records import Kind
from tests.ui.sidebar import ROW, SHOW, record_runs

pytestmark = [pytest.mark.ui, pytest.mark.timeout(240)]
COUNT = ".jp-Mlops-count [role=status]"
GROUP = ".jp-Mlops-group"
GROUP_BY = "by => window.jupyterapp.commands.execute('jupyter-mlops:group-runs', {by})"


def filter_of(page):
    return page.get_by_role("combobox", name="Filter runs")


def offers_of(page):
    return page.get_by_role("listbox", name="What may come next").get_by_role("option")


def test_filter_is_written_with_the_keyboard(workspace, page):
    record_runs(workspace, 60)
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW).first.wait_for()
    field = filter_of(page)
    field.press_sequentially("dep")
    offers_of(page).first.wait_for()
    assert offers_of(page).all_inner_texts() == ["params.depth"]
    field.press("ArrowDown")
    field.press("Enter")
    offers_of(page).filter(has_text=">=").wait_for()
    expect(field).to_have_value("params.depth ")
    field.press_sequentially("< 4 and status = ")
    offers_of(page).filter(has_text="'finished'").click()
    field.press("Enter")
    wanted = "params.depth < 4 and status = 'finished'"
    expect(field).to_have_value(re.compile(rf"^{re.escape(wanted)}\s*$"))
    page.locator(COUNT, has_text=f"{len(workspace.runs(wanted))} runs").wait_for()
    field.fill("metrics.auc > 0.9 und")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert alert.locator("mark").inner_text() == "und"
    assert field.get_attribute("aria-invalid") == "true"


def test_runs_are_grouped_and_folded_away(workspace, page):
    record_runs(workspace, 300)
    record_runs(workspace, 200, experiment="prices")
    with workspace.start_run("sweep", kind=Kind.PARENT) as parent:
        for number in range(3):
            with workspace.start_run(f"point {number}") as point:
                point.log_metrics({"auc": number / 4})
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW).first.wait_for()
    page.evaluate(GROUP_BY, "experiment")
    page.locator(GROUP, has_text="churn").wait_for()
    grid = page.get_by_role("treegrid", name="Runs")
    assert "300 runs" in page.locator(GROUP, has_text="churn").inner_text()
    grid.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    page.locator(f"{GROUP}[aria-expanded=false]", has_text="churn").wait_for()
    prices = page.locator(GROUP, has_text="prices")
    page.keyboard.press("ArrowDown")
    while "jp-mod-front" not in (prices.get_attribute("class") or ""):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.locator(".jp-Mlops-row[aria-selected=true]", has_text="199").wait_for()
    page.evaluate(GROUP_BY, "parent")
    sweep = page.locator(GROUP, has_text="sweep")
    sweep.wait_for()
    assert "3 runs" in sweep.inner_text()
    assert "best auc 0.5" in sweep.inner_text()
    assert parent.id
