"""What happens to the sidebar when others act: a kernel restarts, somebody may only
look, colours are the user's own, a failed state is opened in a console.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_mlops.records import Status
from jupyter_mlops.workspace import Workspace
from tests.ui.conftest import IDLE
from tests.ui.lab import options_of
from tests.ui.sidebar import ROW, SHOW, record_runs, write_notebook
from tests.ui.test_batch import open_section, write

pytestmark = [pytest.mark.ui, pytest.mark.timeout(300)]
IMAGES = os.environ.get("MLOPS_RECOVERY_IMAGES")
STATUS = ".jp-Mlops-recording"
MARK = ".jp-Mlops-mark"
RUN_ALL = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
RESTART = (
    "() => window.jupyterapp.shell.currentWidget.context.sessionContext.restartKernel()"
)
PATIENT = [
    "%load_ext jupyter_mlops",
    "%%track patient\nimport os, time, pathlib\nimport jupyter_mlops as mlops\n"
    "mlops.log_metric('auc', 0.5)\n"
    "while not pathlib.Path('go').exists():\n"
    "    time.sleep(0.05)\n"
    "    if pathlib.Path('die').exists(): os.kill(os.getpid(), 9)",
]
SECTION = (
    "section => window.jupyterapp.commands.execute('jupyter-mlops:show-section', "
    "{section})"
)
USERS = """
from jupyter_server.auth import Authorizer, IdentityProvider, User

TOKENS = {"owns": "owner", "looks": "reader", "knocks": "stranger"}

class Users(IdentityProvider):
    def get_user_token(self, handler):
        name = TOKENS.get(self.get_token(handler))
        return User(name) if name else None

class Rights(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        if resource != "jupyter_mlops" or user.username == "owner":
            return True
        return user.username == "reader" and action == "read"

c.ServerApp.identity_provider_class = Users
c.ServerApp.authorizer_class = Rights
"""


def picture(page, name):
    """Keep what is on the page, when somebody wants to look at it."""
    if IMAGES:
        page.screenshot(path=str(Path(IMAGES) / f"{name}.png"))


@pytest.mark.core
def test_kernel_restarts_under_an_open_panel(page, project, open_notebook):
    write_notebook(project / "slow.ipynb", PATIENT)
    open_notebook("slow.ipynb")
    page.set_default_timeout(30_000)
    page.evaluate(f"() => {SHOW}")
    page.evaluate(RUN_ALL)
    page.locator(STATUS, has_text="patient").wait_for()
    page.locator(f"{ROW} .jp-mod-running").wait_for()
    page.evaluate(RESTART)
    # A restart interrupts first: the bar lets go of the run, row and margin say so.
    page.locator(STATUS).wait_for(state="detached")
    page.locator(f"{ROW} .jp-mod-cancelled").wait_for()
    page.locator(f"{MARK}.jp-mod-cancelled").wait_for()
    picture(page, "kernel-restarted")
    page.wait_for_function(IDLE)
    page.evaluate(RUN_ALL)
    page.locator(STATUS, has_text="auc 0.5").wait_for()
    (project / "die").touch()
    page.locator(f"{ROW} .jp-mod-lost").wait_for()
    page.locator(STATUS).wait_for(state="detached")
    page.locator(f"{MARK}.jp-mod-lost").wait_for()
    picture(page, "kernel-died")
    page.keyboard.press("Escape")
    page.wait_for_function(IDLE)
    (project / "die").unlink()
    (project / "go").touch()
    page.evaluate(RUN_ALL)
    page.locator(f"{ROW} .jp-mod-finished").wait_for()
    page.locator(f"{MARK}.jp-mod-finished").wait_for()
    workspace = Workspace(project)
    states = {Status.CANCELLED, Status.FINISHED, Status.LOST}
    assert set(workspace.runs()["status"]) == states
    workspace.close()


@pytest.fixture
def visit(browser, serve, tmp_path):
    """Open JupyterLab as a user of a server whose users have rights of their own."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "jupyter_server_config.py").write_text(USERS)
    address = serve("lab", *options_of(tmp_path))
    contexts = []

    def visit(token):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{address}lab?token={token}&reset")
        page.wait_for_selector(".jp-Launcher")
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.mark.core
def test_who_may_only_look_is_told_so(project, workspace, visit):
    record_runs(workspace, 5)
    write(project / "long.ipynb", "print(C)", parameters="C = 1")
    page = visit("looks")
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW, has_text="mlp 3").dblclick()
    page.locator(".jp-Mlops-runTab:visible h1").wait_for()
    page.evaluate(
        "() => void window.jupyterapp.commands.execute('jupyter-mlops:archive-run')"
    )
    refused = page.get_by_text("may not")
    refused.first.wait_for()
    picture(page, "reader-archives")
    open_section(page)
    page.evaluate(
        "() => { window.jupyterapp.commands.execute('jupyter-mlops:run-in-batch', "
        "{path: 'long.ipynb'}) }"
    )
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Run").click()
    dialog.get_by_text("The notebook cannot run").wait_for()
    assert "may not" in dialog.inner_text()
    picture(page, "reader-runs")
    assert workspace.background.jobs() == []
    assert len(workspace.runs()) == 5
    stranger = visit("knocks")
    stranger.evaluate(f"() => {SHOW}")
    stranger.get_by_role("heading", name="cannot be shown").wait_for()
    picture(stranger, "stranger")
    assert "may not" in stranger.get_by_role("alert").inner_text()
    assert stranger.locator(ROW).count() == 0
    owner = visit("owns")
    owner.evaluate(f"() => {SHOW}")
    owner.locator(ROW, has_text="mlp 3").dblclick()
    owner.locator(".jp-Mlops-runTab:visible h1").wait_for()
    owner.evaluate(
        "() => window.jupyterapp.commands.execute('jupyter-mlops:archive-run')"
    )
    owner.wait_for_function(
        "() => document.querySelectorAll('.jp-Mlops-row[data-run]').length === 4"
    )
    assert "mlp 3" not in set(workspace.runs()["name"])


def record_all_states(workspace):
    """Record a run of each state; return the one that still runs."""
    for status in (Status.FINISHED, Status.FAILED, Status.CANCELLED):
        workspace.start_run(str(status)).end(status)
    words = "import os, jupyter_mlops as m; m.start_run('lost'); os._exit(0)"
    subprocess.run(
        [sys.executable, "-c", words], cwd=workspace.layout.project, check=True
    )
    return workspace.start_run("running")


def test_states_are_told_apart_without_our_colours(page, workspace):
    running = record_all_states(workspace)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.evaluate(f"() => {SHOW}")
    signs = {}
    for state in map(str, Status):
        row = page.locator(ROW, has_text=state)
        row.locator(f".jp-mod-{state}").wait_for()
        signs[state] = row.locator(".jp-Mlops-status").screenshot()
    assert len(set(signs.values())) == len(Status)
    plain = page.locator(ROW, has_text="failed").screenshot()
    page.locator(ROW, has_text="failed").click()
    page.locator(f"{ROW}[aria-selected=true]", has_text="failed").wait_for()
    assert page.locator(ROW, has_text="failed").screenshot() != plain
    picture(page, "forced-colors")
    for section in ("batch", "models"):
        page.evaluate(SECTION, section)
        picture(page, f"forced-colors-{section}")
    running.end()
