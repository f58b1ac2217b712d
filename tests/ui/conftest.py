"""A real JupyterLab and a real browser, in temporary folders."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update "
    "--disable-dev-shm-usage"
).split()
FOLDERS = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
}
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false"},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
IDLE = """() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  const session = panel?.context?.sessionContext;
  const kernel = session?.session?.kernel;
  return session?.isReady && kernel?.connectionStatus === 'connected'
    && kernel.status === 'idle';
}"""


@pytest.fixture
def project(tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    for file in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(file, project)
    return project


@pytest.fixture
def serve(tmp_path, project):
    """Start a Jupyter server on the project; return its address, token included."""
    servers = []

    def serve(application, *options):
        pytest.importorskip("jupyterlab", reason="pip install 'jupyter-mlops[ui]'")
        for place, values in SETTINGS.items():
            folder = tmp_path / "settings" / "@jupyterlab"
            file = folder / f"{place}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
        environ = os.environ | {k: str(tmp_path / v) for k, v in FOLDERS.items()}
        words = [application, "--allow-root", "--no-browser", "--port=0", *options]
        words += [
            "--IdentityProvider.token=secret",
            f"--ServerApp.root_dir={project}",
        ]
        with (tmp_path / "server.log").open("w") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "jupyter", *words],
                env=environ,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        servers.append(server)
        return address_of(tmp_path / "runtime", server)

    yield serve
    for server in servers:
        server.terminate()
        server.wait(30)


@pytest.fixture
def lab(serve):
    """Start JupyterLab on the project; return its address."""
    return serve("lab", "--expose-app-in-browser")


def address_of(runtime, server):
    """Wait until the server has written where it is, and listens there."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            try:
                told = json.loads(file.read_text())
                socket.create_connection(("localhost", told["port"])).close()
                return told["url"]
            except (json.JSONDecodeError, ConnectionRefusedError):
                continue
    raise AssertionError("the server did not start")


@pytest.fixture
def page(lab):
    """A browser page on the server."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="pip install 'jupyter-mlops[ui]'"
    )
    if CHROMIUM is None:
        pytest.skip("needs chromium: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1250})
        page.set_default_timeout(90_000)
        yield page
        browser.close()


@pytest.fixture
def open_notebook(page, lab):
    def open_notebook(name):
        page.goto(f"{lab}lab/tree/{name}?token=secret&reset")
        page.wait_for_selector(".jp-Notebook")
        page.wait_for_function(IDLE)

    return open_notebook
