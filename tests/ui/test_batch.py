"""Batch work in JupyterLab: pipelines, notebooks that fill in, sweeps that grow."""

import os
from pathlib import Path

import nbformat
import pytest

from tests.ui.sidebar import SHOW

pytestmark = [pytest.mark.ui, pytest.mark.timeout(400)]
IMAGES = os.environ.get("MLOPS_BATCH_IMAGES")
SECTION = (
    "() => window.jupyterapp.commands.execute('jupyter-mlops:show-section', "
    "{section: 'batch'})"
)
PIPELINE = """description: What runs each night.
parameters: {days: 30}
steps:
  prepare:
    notebook: prepare.ipynb
    parameters: {days: "${params.days}"}
  train: {notebook: train.ipynb, after: [prepare]}
  report: {notebook: report.ipynb, after: [train]}
"""
GATE = """import pathlib, time
until = time.monotonic() + 120
while not pathlib.Path('go').exists() and time.monotonic() < until:
    time.sleep(0.05)"""


def write(path, *sources, parameters=""):
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    if parameters:
        tagged = nbformat.v4.new_code_cell(parameters)
        tagged.metadata["tags"] = ["parameters"]
        cells.insert(0, tagged)
    book = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
    nbformat.write(book, path)


def picture(page, name):
    """Keep what is on the page, when somebody wants to look at it."""
    if IMAGES:
        page.screenshot(path=str(Path(IMAGES) / f"{name}.png"))


def step(page, name, state):
    return page.locator(f"[data-step={name}][data-state='{state}']")


def open_section(page):
    page.evaluate(f"() => {SHOW}")
    page.locator(".jp-Mlops-tabs").wait_for()
    page.evaluate(SECTION)


@pytest.mark.core
def test_pipeline_fails_is_mended_and_goes_on(page, workspace, project):
    write(project / "prepare.ipynb", "rows = days * 40", parameters="days = 7")
    write(project / "train.ipynb", "auc = 0.75", "1 / 0")
    write(project / "report.ipynb", "print('done')")
    (project / "pipeline.yaml").write_text(PIPELINE)
    open_section(page)
    page.get_by_role("button", name="project 3 steps").click()
    step(page, "prepare", "runs").wait_for()
    step(page, "report", "may run").wait_for()
    picture(page, "pipeline-new")
    page.get_by_role("button", name="Run with parameters…").click()
    page.get_by_label("days", exact=True).first.fill("10")
    picture(page, "form")
    page.get_by_role("dialog").get_by_role("button", name="Run").click()
    step(page, "train", "failed").wait_for()
    step(page, "prepare", "runs").wait_for()
    step(page, "train", "failed").click()
    details = page.get_by_role("region", name="Step train")
    details.get_by_text("ZeroDivisionError").first.wait_for()
    picture(page, "pipeline-failed")
    # What it did, and then the mended notebook.
    details.get_by_role("button", name="Show what it did").click()
    page.locator(".jp-Mlops-liveCell", has_text="ZeroDivisionError").wait_for()
    picture(page, "live-failed")
    write(project / "train.ipynb", "auc = 0.75", "1 / 1")
    page.get_by_role("button", name="Resume").click()
    # It is as far as that step by then: with as many days as before.
    toolbar = page.get_by_role("toolbar", name="project")
    toolbar.get_by_role("status").filter(has_text="finished").wait_for()
    picture(page, "pipeline-resumed")
    page.get_by_role("toolbar", name="project").get_by_role(
        "button", name="Run", exact=True
    ).click()
    for name in ("prepare", "train", "report"):
        step(page, name, "cached").wait_for()
    picture(page, "pipeline-done")
    runs = workspace.runs("kind = 'parent'")
    assert sorted(runs["status"]) == ["failed", "finished", "finished"]


def test_notebook_fills_in_fails_and_is_resumed(page, workspace, project):
    hostile = (
        "from IPython.display import HTML, display\n"
        "display(HTML('<b>bold</b><script>window.wasRun = 1</script>"
        '<img src=x onerror="window.wasRun = 1">\'))'
    )
    sources = ["print('first')", hostile, f"print('waits')\n{GATE}", "print(C)", "1/0"]
    write(project / "long.ipynb", *sources, parameters="C: float = 0.5  # strength")
    open_section(page)
    page.evaluate(
        "() => { window.jupyterapp.commands.execute('jupyter-mlops:run-in-batch', "
        "{path: 'long.ipynb'}) }"
    )
    page.get_by_label("C", exact=True).fill("0.25")
    page.get_by_role("dialog").get_by_role("button", name="Run").click()
    current = page.locator(".jp-Mlops-liveCell.jp-mod-current", has_text="go")
    current.locator(".jp-OutputArea-output", has_text="waits").wait_for()
    page.locator(".jp-Mlops-headFacts", has_text="of 7 cells").wait_for()
    page.locator(".jp-Mlops-liveCell b", has_text="bold").wait_for()
    assert page.evaluate("() => window.wasRun") is None
    picture(page, "live-running")
    (project / "go").touch()
    page.locator(".jp-Mlops-liveCell", has_text="ZeroDivisionError").wait_for()
    failed = page.get_by_role("toolbar", name="long")
    failed.get_by_role("status").filter(has_text="failed").wait_for()
    page.locator(".jp-OutputArea-output", has_text="0.25").wait_for()
    write(
        project / "long.ipynb",
        *sources[:-1],
        "print('mended')",
        parameters="C: float = 0.5  # strength",
    )
    page.get_by_role("button", name="Resume").click()
    page.locator(".jp-Mlops-liveCell", has_text="mended").locator(
        ".jp-OutputArea-output"
    ).wait_for()
    failed.get_by_role("status").filter(has_text="finished").wait_for()
    runs = workspace.runs("kind = 'notebook'")
    assert sorted(runs["status"]) == ["failed", "finished"]
    assert list(runs["params.C"]) == [0.25, 0.25]


def test_running_notebook_is_cancelled_and_outlives_the_server(
    page, workspace, project, running
):
    write(project / "long.ipynb", GATE, "print('over')")
    open_section(page)
    page.evaluate(
        "() => { window.jupyterapp.commands.execute('jupyter-mlops:run-in-batch', "
        "{path: 'long.ipynb'}) }"
    )
    page.get_by_role("dialog").get_by_role("button", name="Run").click()
    page.locator(".jp-Mlops-liveCell.jp-mod-current").wait_for()
    running.stop()
    page.get_by_text("Server Connection Error").wait_for()
    running.start()
    head = page.get_by_role("toolbar", name="long")
    # JupyterLab says so itself.
    page.get_by_role("button", name="Close").last.click()
    head.get_by_role("status").filter(has_text="running").wait_for()
    assert workspace.get_run("last").status == "running"
    head.get_by_role("button", name="Cancel").click()
    head.get_by_role("status").filter(has_text="cancelled").wait_for()
    assert workspace.get_run("last").status == "cancelled"


def test_sweep_is_started_by_a_form(page, workspace, project):
    write(
        project / "fit.ipynb",
        "import jupyter_mlops as mlops\nmlops.log_metric('auc', 1 - 1 / (1 + C))",
        parameters="C = 0.1  # how strong\nkind = 'rbf'",
    )
    page.evaluate(
        "() => window.jupyterapp.commands.execute('docmanager:open', "
        "{path: 'fit.ipynb'})"
    )
    page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for()
    open_section(page)
    page.get_by_role("button", name="Sweep notebook…").click()
    form = page.get_by_role("dialog")
    form.get_by_label("values_kind", exact=True).fill("linear")
    form.get_by_role("button", name="Start").click()
    # What was typed is still there.
    form.get_by_role("alert").filter(has_text="A sweep needs a parameter").wait_for()
    assert form.get_by_label("values_kind", exact=True).input_value() == "linear"
    form.get_by_label("values_C", exact=True).fill("0.1, 1, ten")
    form.get_by_role("button", name="Start").click()
    form.get_by_role("alert").filter(has_text="ten").wait_for()
    picture(page, "sweep-form")
    form.get_by_label("values_C", exact=True).fill("log:0.1..10:3")
    form.get_by_label("metric", exact=True).fill("auc")
    form.get_by_role("button", name="Start").click()
    page.locator("tr[data-state=finished]").nth(2).wait_for()
    assert "10" in page.locator("tr.jp-mod-best").inner_text()
    picture(page, "sweep-started")
    points = workspace.runs("kind = 'notebook'")
    assert sorted(points["params.C"]) == [0.1, 1.0, 10.0]
    assert set(points["params.kind"]) == {"linear"}


def test_sweep_grows(page, workspace, project):
    write(
        project / "fit.ipynb",
        "import jupyter_mlops as mlops, pathlib, time",
        f"if C > 1:\n    {GATE.replace(chr(10), chr(10) + '    ')}",
        "mlops.log_metric('auc', 1 - 1 / (1 + C))",
        parameters="C = 0.1\nkind = 'rbf'",
    )
    job = workspace.background.start_sweep(
        project / "fit.ipynb", grid={"C": "0.1,1,10,100"}, metric="auc"
    )
    open_section(page)
    sweeps = page.get_by_role("region", name="Sweeps")
    sweeps.get_by_role("button", name="fit").click()
    page.locator("tr[data-state=finished]").nth(1).wait_for()
    page.locator("tr[data-state=running]").wait_for()
    picture(page, "sweep-growing")
    (project / "go").touch()
    page.locator("tr[data-state=finished]").nth(3).wait_for()
    best = page.locator("tr.jp-mod-best")
    assert "100" in best.inner_text()
    assert page.locator(".jp-Mlops-dot").count() == 4
    assert page.locator(".jp-Mlops-dot.jp-mod-best").count() == 1
    picture(page, "sweep-done")
    best.get_by_role("button").click()
    page.locator(".jp-Mlops-liveCell", has_text="log_metric").wait_for()
    assert workspace.background.job(job.id).state == "finished"


def test_points_left_are_finished_from_the_sweep(page, workspace, project):
    cells = [
        "import jupyter_mlops as mlops\nrows = 3",
        "mlops.log_metric('auc', C / {})",
    ]
    write(
        project / "fit.ipynb", cells[0], cells[1].format("(C - 1)"), parameters="C = 2"
    )
    workspace.background.start_sweep(project / "fit.ipynb", grid={"C": "1,2,3"})
    open_section(page)
    page.get_by_role("region", name="Sweeps").get_by_role("button", name="fit").click()
    page.locator("tr[data-state=failed]").wait_for()
    resume = page.get_by_role("button", name="Resume", exact=True)
    resume.wait_for()
    picture(page, "sweep-failed")
    write(project / "fit.ipynb", cells[0], cells[1].format("rows"), parameters="C = 2")
    resume.click()
    page.get_by_text("resumed", exact=True).wait_for()
    page.locator("tr[data-state=finished]:visible").nth(2).wait_for()
    picture(page, "sweep-resumed")
    (found,) = workspace.runs("kind = 'parent' and status = 'finished'").run_id
    assert workspace.sweeps.read(found).resumed.restored == 1
