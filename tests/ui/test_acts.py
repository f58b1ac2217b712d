"""What one does in the sidebar with work and models: cancelled, attached to, exported.

``MLOPS_SHOTS=folder pytest tests/ui/test_acts.py -m ui`` keeps pictures on the way.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_process import COMMAND
from tests.ui.conftest import IDLE
from tests.ui.lab import TOKEN, options_of
from tests.ui.test_batch import GATE, open_section, write
from tests.ui.test_models import open_model, push
from tests.ui.test_run_view import deed, open_run

pytestmark = [pytest.mark.ui, pytest.mark.timeout(400)]
SHOTS = os.environ.get("MLOPS_SHOTS")
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
THEMES = ("JupyterLab Dark", "JupyterLab Light")


def shot(page, name):
    """Keep pictures for who looks at how it is: dark, light and narrow."""
    if not SHOTS:
        return
    for theme in THEMES:
        page.evaluate(
            "theme => window.jupyterapp.commands.execute("
            "'apputils:change-theme', {theme})",
            theme,
        )
        page.wait_for_function(f"() => document.body.dataset.jpThemeName === '{theme}'")
        page.locator("#jupyterlab-splash").wait_for(state="detached")
        page.screenshot(path=Path(SHOTS) / f"{name}-{theme.split()[1].lower()}.png")
    page.emulate_media(forced_colors="active")
    page.screenshot(path=Path(SHOTS) / f"{name}-forced.png")
    page.emulate_media(forced_colors="none")
    if page.viewport_size["width"] <= 900:
        return
    size = page.viewport_size
    page.set_viewport_size({"width": 900, "height": 700})
    page.screenshot(path=Path(SHOTS) / f"{name}-narrow.png")
    page.set_viewport_size(size)


@pytest.fixture
def terminal(project):
    """Start our command elsewhere, as from a terminal."""
    started = []

    def terminal(*words):
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *words],
            cwd=project,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield terminal
    for process in started:
        process.kill()
        process.wait(30)


def test_work_of_a_terminal_is_cancelled(page, workspace, project, terminal):
    write(project / "night.ipynb", "1 + 1", GATE)
    process = terminal("run", "night.ipynb")
    open_section(page)
    runs = page.get_by_role("region", name="Runs")
    cancel = runs.get_by_role("button", name="Cancel")
    cancel.wait_for()
    runs.get_by_role("button", name="night").click()
    page.locator(".jp-Mlops-liveCell.jp-mod-current", has_text="go").wait_for()
    shot(page, "cancel")
    cancel.click()
    cancel.wait_for(state="detached")
    head = page.get_by_role("toolbar", name="night")
    head.get_by_role("status").filter(has_text="cancelled").wait_for()
    assert process.wait(60) == 130
    assert workspace.get_run("last").status == "cancelled"
    # And from the run's own tab.
    process = terminal("run", "night.ipynb")
    runs.get_by_role("button", name="Cancel").wait_for()
    open_run(page, "", workspace.get_run("last").id)
    deed(page, "cancel-run")
    assert process.wait(60) == 130


def test_running_cell_shows_pictures_and_no_script_runs(page, workspace, project):
    shows = (
        "import base64\nfrom IPython.display import HTML, Image, display\n"
        "display(HTML('<b>bold</b><script>window.wasRun = 1</script>"
        '<img src=x onerror="window.wasRun = 1">\'))\n'
        f"display(Image(data=base64.b64decode({PICTURE!r})))\n"
        f"print('waits', flush=True)\n{GATE}\nprint('over')"
    )
    write(project / "long.ipynb", shows)
    job = workspace.background.start_notebook(project / "long.ipynb")
    open_section(page)
    page.get_by_role("region", name="Runs").get_by_role("button", name="long").click()
    current = page.locator(".jp-Mlops-liveCell.jp-mod-current")
    current.locator("b", has_text="bold").wait_for()
    current.locator(".jp-RenderedImage img").wait_for()
    current.locator(".jp-OutputArea-output", has_text="waits").wait_for()
    shot(page, "showing")
    assert page.evaluate("() => window.wasRun") is None
    bold = current.locator("b", has_text="bold").element_handle()
    (project / "go").touch()
    page.locator(".jp-OutputArea-output", has_text="over").wait_for()
    assert page.evaluate("() => window.wasRun") is None
    assert bold is not None
    run = workspace.background.job(job.id).run
    folder = workspace.layout.journal_folder(run)
    assert [one.suffix for one in folder.iterdir()] == [".jsonl"]


def test_model_is_exported_by_a_form(page, workspace, project):
    push(workspace, 0.95)
    open_model(page)
    page.get_by_role("button", name="Export…").click()
    form = page.get_by_role("form", name="Export version 1")
    place = form.get_by_role("textbox", name="To")
    assert place.input_value() == "exports/churn-1-mlflow"
    form.get_by_role("combobox", name="Form").select_option("docker")
    assert place.input_value() == "exports/churn-1-docker"
    shot(page, "export")
    for wrong, told in (("../out", "outside the folder"), (".mlops/x", "hidden")):
        place.fill(wrong)
        form.get_by_role("button", name="Export", exact=True).click()
        form.get_by_role("alert").filter(has_text=told).wait_for()
    place.fill("served")
    (project / "served").mkdir()
    (project / "served" / "mine.txt").write_text("mine")
    form.get_by_role("checkbox", name="Replace what an earlier export").check()
    form.get_by_role("button", name="Export", exact=True).click()
    form.get_by_role("alert").filter(has_text="is not replaced").wait_for()
    shot(page, "export-refused")
    assert (project / "served" / "mine.txt").read_text() == "mine"
    place.fill("out")
    form.get_by_role("button", name="Export", exact=True).click()
    form.wait_for(state="detached")
    page.get_by_role("status").filter(has_text="Exported to out").wait_for()
    assert (project / "out" / "Dockerfile").is_file()
    shot(page, "exported")


def without_notebook(route):
    answer = route.fetch()
    route.fulfill(response=answer, json={**answer.json(), "notebook": None})


def test_attach_says_how_where_it_cannot_open(page, workspace, project):
    write(project / "fit.ipynb", "kept = [1, 2]", "kept.append(1 / 0)")
    workspace.background.start_notebook(project / "fit.ipynb")
    open_section(page)
    page.get_by_role("button", name="Attach: open the state").click()
    said = page.get_by_role("dialog")
    said.get_by_text("A kernel holds the state").wait_for()
    assert "As the failed cell left it." in said.inner_text()
    console = said.locator("code, pre").first.inner_text()
    assert console.startswith("jupyter console --existing")
    shot(page, "attach-how")
    file = console.split()[-1].strip("'\"")
    assert Path(file).is_file()
    said.get_by_role("button", name="Close").click()
    said.wait_for(state="detached")


def test_failed_state_opens_as_its_notebook(
    browser, workspace, project, serve, tmp_path, monkeypatch
):
    kernels = tmp_path / "kernels"
    address = serve(
        "lab",
        *options_of(tmp_path),
        "--ServerApp.allow_external_kernels=True",
        f"--ServerApp.external_connection_dir={kernels}",
    )
    write(project / "fit.ipynb", "kept = [1, 2]\nprint('first')", "kept.append(1 / 0)")
    job = workspace.background.start_notebook(project / "fit.ipynb")
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{address.partition('?')[0]}lab?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Launcher")
    open_section(page)
    attach = page.get_by_role("button", name="Attach: open the state")
    attach.wait_for()
    shot(page, "attach")
    # Where no notebook may be saved, a console.
    page.route("**/attach*", without_notebook)
    attach.click()
    prompt = page.locator(".jp-CodeConsole-promptCell .cm-content")
    prompt.click()
    page.keyboard.type("print(kept * 3)")
    page.keyboard.press("Shift+Enter")
    page.locator(".jp-CodeConsole-content", has_text="[1, 2, 1, 2, 1, 2]").wait_for()
    page.unroute("**/attach*")
    attach.click()
    page.wait_for_function(IDLE)
    panel = page.locator(".jp-NotebookPanel:visible")
    panel.locator(".jp-OutputArea-output", has_text="ZeroDivisionError").wait_for()
    run = workspace.background.job(job.id).run
    name = f"fit-attached-{run[-6:]}.ipynb"
    assert (project / name).is_file()
    # The cell that failed is the one to go on in.
    page.evaluate(
        """async () => {
          const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
          content.activeCell.model.sharedModel.setSource('print(kept * 2)');
          await window.jupyterapp.commands.execute('notebook:run-cell');
        }"""
    )
    panel.locator(".jp-OutputArea-output", has_text="[1, 2, 1, 2]").wait_for()
    assert panel.locator(".jp-OutputArea-output", has_text="first").count() == 1
    shot(page, "attached")
    context.close()
