"""Runs compared in JupyterLab: picked by keys, what differs, plots, pictures."""

import base64
import io

import pytest

from tests.ui.sidebar import ROW, SHOW

pytestmark = [pytest.mark.ui, pytest.mark.timeout(240)]
GRID = ".jp-Mlops-grid"
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
SOURCE = """%%track fit
depth = {depth}
frame = read("churn.csv")
model = fit(frame, depth)
for epoch in range(40):
    report(epoch)
auc = score(model)
print("auc", auc)
"""


@pytest.fixture
def runs(workspace, project):
    """Four runs of a cell: a number, a word and a wide range differ."""
    pytest.importorskip("PIL")
    for number, kernel in enumerate(("rbf", "linear", "poly", HOSTILE)):
        run = workspace.start_run(
            f"fit {number}",
            params={
                "depth": number + 3,
                "C": 10.0 ** (number - 2),
                "kernel": kernel,
                "seed": 7,
            },
        )
        auc = round(0.75 + number / 40, 4)
        for epoch in range(30):
            run.log_metric("loss", 1 / (epoch + number + 1), epoch)
        run.log_metrics({"auc": auc})
        run.record(
            "cell", n=0, source=SOURCE.format(depth=number + 3), status="finished",
            began=1, seconds=0.5, outputs=outputs(number, auc),
        )  # fmt: skip
        (project / "roc.png").write_bytes(picture(number))
        run.log_artifact(project / "roc.png")
        run.end()


def outputs(number, auc):
    page = f"<b>auc {auc}</b>{HOSTILE}"
    shown = base64.b64encode(picture(number)).decode()
    return [
        {"output_type": "stream", "name": "stdout", "text": f"auc {auc}\ndone\n"},
        display({"text/html": page, "text/plain": f"auc {auc}"}),
        display({"image/png": shown, "text/plain": "<Figure>"}),
    ]


def display(data):
    return {"output_type": "display_data", "data": data, "metadata": {}}


def picture(number):
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (360, 220), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 10, 350, 200), outline="gray")
    points = [
        (20 + 8 * at, 200 - int(190 * (1 - (1 - at / 41) ** (number + 2))))
        for at in range(42)
    ]
    draw.line(points, fill=("navy", "crimson", "teal", "purple")[number], width=3)
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def tab_to(page, selector):
    """Press Tab until the focus is there: nothing is reached by the mouse alone."""
    for _ in range(60):
        if page.evaluate("to => document.activeElement?.matches(to)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {selector}")


def show_runs(page):
    page.keyboard.press("Control+Alt+E")
    page.locator(ROW).nth(3).wait_for()
    tab_to(page, GRID)


def compare_all(page):
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW).nth(3).wait_for()
    page.locator(GRID).focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+Alt+C")
    page.locator(".jp-Mlops-compareTable").wait_for()


def section(page, name):
    return page.locator(".jp-Mlops-compareFold").and_(
        page.get_by_label(name, exact=True)
    )


@pytest.mark.core
def test_two_runs_are_picked_and_compared_by_keys(page, runs):
    show_runs(page)
    for key in ("ArrowDown", "Control+ArrowDown", "Control+ArrowDown", "Space"):
        page.keyboard.press(key)
    picked = page.locator(f"{ROW}[aria-selected=true]")
    assert [row.inner_text().split()[1] for row in picked.all()] == ["3", "1"]
    tab_to(page, ".jp-Mlops-picked .jp-Button")
    page.keyboard.press("Enter")
    # Only what differs is seen, what is equal on demand.
    table = page.locator(".jp-Mlops-compareTable")
    table.wait_for()
    names = [row.get_attribute("data-name") for row in table.locator("tr").all()]
    params = ["params.C", "params.depth", "params.kernel"]
    assert [*filter(None, names)] == [*params, "metrics.auc", "metrics.loss"]
    best = table.locator("[data-name='metrics.auc'] td").nth(1)
    assert best.get_by_label("best").count() == 1
    assert "+0.05" in best.inner_text()
    assert "better than the baseline" in best.inner_text()
    assert page.get_by_text("seed", exact=True).count() == 0
    tab_to(page, ".jp-Mlops-compareFold .jp-Mlops-compareFold button")
    page.keyboard.press("Enter")
    assert page.get_by_text("seed", exact=True).count() == 1
    # Code line by line, in colours; an output that would run a script does not.
    code = section(page, "Code").locator(".jp-Mlops-diffLines")
    code.locator("code span[class]:not([class=''])").first.wait_for()
    assert code.locator("mark").all_inner_texts() == ["4", "6"]
    shown = section(page, "Outputs")
    assert "auc 0.775" in shown.inner_text()
    shown.locator("b", has_text="auc 0.825").wait_for()
    assert shown.locator("script").count() == 0
    assert page.evaluate("window.hacked") is None
    assert HOSTILE in table.inner_text()
    page.locator(".jp-Mlops-curves canvas").first.wait_for()


def test_pictures_lie_under_a_slider_moved_by_keys(page, runs):
    compare_all(page)
    slider = section(page, "Pictures").get_by_role("slider")
    slider.wait_for()
    above = section(page, "Pictures").locator("img").nth(1)
    assert "50%" in above.get_attribute("style")
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert "60%" in above.get_attribute("style")
    assert slider.get_attribute("aria-valuetext") == "60 % of fit 0"
    page.keyboard.press("Home")
    assert "inset(0px 0px 0px 0%)" in above.get_attribute("style")
    # The same for pictures among the outputs.
    assert section(page, "Outputs").get_by_role("slider").count() == 1


def test_runs_are_picked_out_of_parallel_coordinates(page, runs):
    compare_all(page)
    plot = section(page, "Parallel coordinates")
    assert plot.locator(".jp-Mlops-parallelLine").count() == 4
    faded = plot.locator(".jp-Mlops-parallelLine.jp-mod-faded")
    low = plot.get_by_role("slider", name="Lower end of depth")
    low.focus()
    for _ in range(8):
        page.keyboard.press("ArrowUp")
    assert faded.count() == 2
    assert "2 of 4 runs" in plot.inner_text()
    # With the pointer, on another axis; a click leaves it whole again.
    band = plot.locator("[data-column='params.C']").bounding_box()
    across = band["x"] + band["width"] / 2
    page.mouse.move(across, band["y"] + 2)
    page.mouse.down()
    page.mouse.move(across, band["y"] + band["height"] * 0.2, steps=4)
    page.mouse.up()
    assert faded.count() == 3
    plot.get_by_role("button", name="Scale of C: log").press("Enter")
    plot.get_by_role("button", name="Scale of C: values").wait_for()
    assert faded.count() == 2
    # Keys go through the runs that are left, and every plot shows which.
    plot.get_by_role("listbox").focus()
    page.keyboard.press("ArrowDown")
    assert "fit 2" in plot.get_by_role("status").inner_text()
    point = section(page, "Scatter").locator("circle.jp-mod-pointed")
    assert point.get_attribute("aria-label") == "fit 2"
    section(page, "Scatter").locator("circle").nth(3).hover()
    assert "fit 3" in section(page, "Scatter").get_by_role("status").inner_text()


def test_comparison_is_there_after_a_reload(page, runs, workspace):
    compare_all(page)
    page.get_by_label("Baseline").select_option(label="fit 2")
    page.locator("th[data-run]", has_text="fit 2").get_by_text("baseline").wait_for()
    running = workspace.start_run("going on", params={"depth": 9})
    page.wait_for_function(
        "() => window.jupyterapp.serviceManager.workspaces.fetch('default').then("
        "saved => JSON.stringify(saved.data).includes('jupyter-mlops-compare'))"
    )
    page.goto(page.url.partition("?")[0])
    page.locator("th[data-run]").nth(3).wait_for()
    # A run that goes on is followed while it is looked at.
    compare = {"runs": [run_id(page, 0), running.id], "workspace": ""}
    page.evaluate(
        "args => { window.jupyterapp.commands.execute("
        "'jupyter-mlops:compare-runs', args); }",
        compare,
    )
    front = page.locator(".jp-Mlops-compareView:visible")
    front.locator("th[data-run]", has_text="going on").wait_for()
    running.log_metric("auc", 0.9875)
    front.get_by_text("0.9875").first.wait_for()
    running.end()


def run_id(page, place):
    return page.locator("th[data-run]").nth(place).get_attribute("data-run")
