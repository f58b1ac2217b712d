"""A real JupyterLab for each worker of the tests, and a real browser for each file.

A test finds the lab as new: an empty folder `project`, no kernel, no settings of
another test; and a page of its own, with JupyterLab open on it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_mlops.workspace import Workspace
from tests.jupyterserver import address_of, end_server
from tests.ui.lab import (
    FOLDERS,
    LABEXTENSION,
    SETTINGS,
    TOKEN,
    Lab,
    environment,
    write_settings,
)

__all__ = ["CHROMIUM", "FLAGS", "FOLDERS", "IDLE", "SETTINGS"]
NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update "
    "--disable-dev-shm-usage"
).split()
IDLE = """() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  const session = panel?.context?.sessionContext;
  const kernel = session?.session?.kernel;
  return session?.isReady && kernel?.connectionStatus === 'connected'
    && kernel.status === 'idle';
}"""


def do_without(what):
    """Skip; where everything must be tried, fail."""
    (pytest.fail if "CI" in os.environ else pytest.skip)(what)


@pytest.fixture(scope="session")
def shared_lab(tmp_path_factory):
    """The JupyterLab that all browser tests of a worker use, one after the other."""
    pytest.importorskip("jupyterlab", reason="pip install 'jupyter-mlops[lab]'")
    if not (LABEXTENSION / "package.json").is_file():
        do_without("the sidebar is not built: cd js && npm ci && npm run build")
    lab = Lab(tmp_path_factory.mktemp("lab"))
    lab.start()
    yield lab
    lab.close()


@pytest.fixture
def running(shared_lab):
    """JupyterLab as new: `.address`, and `.stop()` and `.start()` at that address."""
    yield shared_lab
    shared_lab.clean()


@pytest.fixture
def lab(running):
    """The address of JupyterLab."""
    return running.address


@pytest.fixture
def project(running):
    """The folder that JupyterLab shows, the example notebooks in it; no workspace."""
    for file in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(file, running.project)
    return running.project


@pytest.fixture
def workspace(project):
    """A workspace in the project."""
    opened = Workspace(project)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def browser():
    """A chromium; for a file only, as Playwright's event loop is in others' way."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="pip install playwright"
    )
    if CHROMIUM is None:
        do_without("needs chromium: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def viewport():
    """The size of the page; a file that needs another overrides it."""
    return {"width": 1280, "height": 800}


@pytest.fixture
def page(browser, running, project, viewport):
    """A page of a browser that was never here, with JupyterLab open on the project."""
    context = browser.new_context(viewport=viewport)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{running.address}lab?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Launcher")
    yield page
    context.close()


@pytest.fixture
def open_notebook(page, running):
    """Open a notebook and wait for its kernel; the second time, in a page as new."""

    def open_notebook(name):
        if page.locator(".jp-NotebookPanel").count():
            page.goto(f"{running.address}lab?token={TOKEN}&reset")
            page.wait_for_selector(".jp-Launcher")
        page.evaluate(
            "path => window.jupyterapp.commands.execute('docmanager:open', {path})",
            name,
        )
        page.wait_for_function(IDLE)

    return open_notebook


@pytest.fixture
def serve(tmp_path, project):
    """Start a Jupyter server on the project; return its address, token included."""
    servers = []

    def serve(application, *options):
        pytest.importorskip("jupyterlab", reason="pip install 'jupyter-mlops[lab]'")
        write_settings(tmp_path)
        words = [application, "--allow-root", "--no-browser", "--port=0", *options]
        words += [
            f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={project}",
        ]
        with (tmp_path / "server.log").open("w") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "jupyter", *words],
                env=environment(tmp_path),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        servers.append(server)
        return address_of(tmp_path / "runtime", server)

    yield serve
    for server in servers:
        end_server(server)
