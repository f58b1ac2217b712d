"""Metrics as curves in JupyterLab: looked at closely, and while they grow."""

import json
import math
import random

import pytest

from tests.ui.sidebar import SHOW, figure

pytestmark = [pytest.mark.ui, pytest.mark.timeout(240)]
PLOT = ".jp-Mlops-plot"
DRAWN = f"{PLOT}[data-points]"
OPEN = "run => window.jupyterapp.commands.execute('jupyter-mlops:open-run', {run})"
TIMED = """async ([action, told, value]) => {
  const began = performance.now();
  eval(action);
  const seen = () => [...document.querySelectorAll('.jp-Mlops-plot')]
    .map(plot => plot.dataset.points).includes(told);
  while (seen() !== value) {
    if (performance.now() - began > 30000) { return NaN; }
    await new Promise(requestAnimationFrame);
  }
  return performance.now() - began;
}"""
"""Milliseconds until a chart says, or no longer says, that it drew so many points."""
MILLION = 1_000_000


def write_series(workspace, name, count, key="loss"):
    """Record a run with a long series, as a journal's lines."""
    run = workspace.start_run(name, experiment="long")
    run.end()
    folder = workspace.layout.journal_folder(run.id)
    rng = random.Random(count)
    began = 1_790_000_000_000_000
    with (folder / "9-00000000.jsonl").open("w") as file:
        for step in range(count):
            value = 0.2 + math.exp(-3 * step / count) + rng.gauss(0, 0.05)
            event = {"e": "metric", "t": began + step, "k": key, "v": value, "s": step}
            file.write(json.dumps(event) + "\n")
    return run.id


def open_run(page, run):
    page.evaluate(OPEN, run)
    page.locator(DRAWN).first.wait_for()


def drawn(page):
    """Return how many points the first chart shows, and from where to where."""
    data = page.locator(PLOT).first.evaluate("node => ({...node.dataset})")
    low, high = map(float, data["range"].split())
    return int(data["points"]), low, high


def drag(page, first, last):
    """Drag over a part of the first chart, in shares of its width."""
    box = page.locator(f"{PLOT} .u-over").first.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + first * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + last * box["width"], y, steps=4)
    page.mouse.up()


def wait_for_points(page, test):
    page.wait_for_function(
        f"() => {{ const points = Number(document.querySelector('{PLOT}')"
        f".dataset.points); return {test}; }}"
    )


def test_curve_is_looked_at_closely(page, workspace):
    run = write_series(workspace, "long", 20_000)
    page.evaluate(f"() => {SHOW}")
    open_run(page, run)
    assert drawn(page) == (20_000, 0, 19_999)
    drag(page, 0.25, 0.5)
    wait_for_points(page, "points < 6000")
    points, low, high = drawn(page)
    assert 4000 < low < 6000 < 9000 < high < 11_000
    assert abs(points - (high - low)) < 5
    chart = page.get_by_role("group", name="loss")
    chart.focus()
    chart.press("ArrowRight")
    page.wait_for_function(
        f"low => Number(document.querySelector('{PLOT}').dataset.range.split(' ')[0])"
        " > low + 500",
        arg=low,
    )
    chart.press("Escape")
    wait_for_points(page, "points === 20000")
    drag(page, 0.25, 0.5)
    page.get_by_role("button", name="Show everything").click()
    wait_for_points(page, "points === 20000")
    page.get_by_role("combobox", name="Over").select_option("age")
    page.wait_for_function(
        f"() => Number(document.querySelector('{PLOT}').dataset.range.split(' ')[1])"
        " !== 19999"
    )
    page.get_by_role("slider", name="Smoothing").fill("0.9")
    page.get_by_role("checkbox", name="Log scale").check()
    legend = page.locator(".jp-Mlops-legend tbody tr")
    assert "20,000" in legend.inner_text()
    legend.get_by_role("button").click()
    assert legend.get_by_role("button").get_attribute("aria-pressed") == "false"


def test_growing_curve_is_followed(page, workspace):
    with workspace.start_run("live") as run:
        for step in range(50):
            run.log_metrics({"loss": 1 / (step + 1)}, step=step)
        page.evaluate(f"() => {SHOW}")
        open_run(page, run.id)
        assert drawn(page) == (50, 0, 49)
        canvas = page.locator(f"{PLOT} canvas").first.element_handle()
        run.log_metrics({"loss": 0.5}, step=60)
        wait_for_points(page, "points === 51")
        assert drawn(page) == (51, 0, 60)
        drag(page, 0.25, 0.75)
        page.get_by_role("button", name="Show everything").wait_for()
        seen = drawn(page)[1:]
        run.log_metrics({"loss": 0.25}, step=80)
        wait_for_points(page, "points === 52")
        assert drawn(page)[1:] == seen
        # Drawn into what was there: nothing flickered.
        assert canvas.evaluate("node => node.isConnected")
        page.get_by_role("group", name="loss").press("Escape")
        page.wait_for_function(
            f"() => document.querySelector('{PLOT}').dataset.range === '0 80'"
        )


def test_figures_of_a_million_points(page, workspace):
    few, many = (
        write_series(workspace, "few", 5),
        write_series(workspace, "many", MILLION),
    )
    workspace.store.index.catch_up()
    page.evaluate(f"() => {SHOW}")
    # What draws is loaded, and the server has the index open.
    open_run(page, few)
    page.locator(".jp-Mlops-row[data-run]").first.wait_for()
    opened = OPEN.partition("=> ")[2].replace("{run}", json.dumps({"run": many}))
    took = page.evaluate(TIMED, [opened, str(MILLION), True])
    figure("a curve of 1,000,000 points is drawn", took, 300)
    page.locator(f"{PLOT}[data-points='{MILLION}']").focus()
    nearer = (
        "document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key: '+', bubbles: true}))"
    )
    seen = []
    told = MILLION
    for _ in range(6):
        seen.append(page.evaluate(TIMED, [nearer, str(told), False]))
        told = page.evaluate("document.activeElement.dataset.points")
    figure("a zoom into 1,000,000 points", sorted(seen)[len(seen) // 2], 100)
    figure("the slowest of six zooms", max(seen), 100)
    assert not any(math.isnan(one) for one in [took, *seen])


def test_rows_in_sight_have_their_curves(page, workspace):
    for number in range(150):
        run = workspace.start_run(f"fit {number}", experiment="fits")
        for step in range(6):
            run.log_metrics({"loss": number / (step + 1)}, step=step)
        run.end()
    page.evaluate(f"() => {SHOW}")
    page.locator(".jp-Mlops-row[data-run]").first.wait_for()
    asked = []
    page.on("request", lambda sent: "api/curves" in sent.url and asked.append(sent.url))
    column = "{column: 'curves.loss'}"
    page.evaluate(
        "() => window.jupyterapp.commands.execute("
        f"'jupyter-mlops:toggle-column', {column})"
    )
    page.get_by_role("img", name="loss: 6 points, from 149 to 24.833").wait_for()
    assert len(asked) == 1
    grid = page.get_by_role("grid", name="Runs")
    grid.evaluate("node => { node.scrollTop = node.scrollHeight; }")
    page.get_by_role("img", name="loss: 6 points, from 1 to 0.16667").wait_for()
    assert len(asked) == 2
    grid.evaluate("node => { node.scrollTop = 0; }")
    page.get_by_role("img", name="loss: 6 points, from 149 to 24.833").wait_for()
    # What was drawn is kept; and a run that comes is asked for alone.
    assert len(asked) == 2
    with workspace.start_run("new") as run:
        run.log_metrics({"loss": 2.0}, step=0)
        run.log_metrics({"loss": 1.0}, step=1)
        page.get_by_role("img", name="loss: 2 points, from 2 to 1").wait_for()
    page.get_by_role("columnheader", name="loss curve").get_by_role("button").click()
    page.locator("[role=columnheader][aria-sort=ascending]").wait_for()
    page.locator(".jp-Mlops-row[data-run]", has_text="fit 0").wait_for()
