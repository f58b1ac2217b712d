"""A real JupyterLab with the sidebar of this checkout; it outlives its tests."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.jupyterserver import end_server

LABEXTENSION = Path(__file__).parents[2] / "jupyter_mlops" / "labextension"
TOKEN = "secret"
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


class Lab:
    """A JupyterLab on the folder `place`/project; it stops and starts at one address.

    Between tests `clean` takes away all that a user left: notebooks, kernels,
    workspaces, settings, the layout of the page.
    """

    def __init__(self, place):
        self.place = place
        self.project = place / "project"
        self.project.mkdir()
        self._log = (place / "lab.log").open("a")
        with socket.socket() as free:
            free.bind(("localhost", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://localhost:{self.port}/"
        self._process = None
        self._begin_anew()

    def start(self):
        if self._process is not None:
            return
        words = [sys.executable, "-m", "jupyter", "lab", "--allow-root"]
        words += ["--no-browser", f"--port={self.port}", *options_of(self.place)]
        words += [f"--IdentityProvider.token={TOKEN}"]
        words += [f"--ServerApp.root_dir={self.project}"]
        self._process = subprocess.Popen(
            words, env=environment(self.place), stdout=self._log, stderr=self._log
        )
        wait_until_listening(self.port, self._process)

    def stop(self):
        if self._process is not None:
            end_server(self._process)
            self._process = None

    def close(self):
        self.stop()
        self._log.close()

    def ask(self, path, *, method="GET", **query):
        """Ask the server's REST API; return its JSON."""
        address = f"{self.address}{path}?{urlencode(query)}"
        sent = Request(
            address, headers={"Authorization": f"token {TOKEN}"}, method=method
        )
        with urlopen(sent) as reply:
            return json.loads(reply.read() or "null")

    def clean(self):
        """Make it as new."""
        self.start()
        for kernel in self.ask("api/kernels"):
            self.ask(f"api/kernels/{kernel['id']}", method="DELETE")
        known = self.ask("mlops/api/workspaces", all="1")["workspaces"]
        for one in self.project.iterdir():
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        for workspace in known:
            # The server lets go of what is no longer there when it is asked for it.
            with contextlib.suppress(HTTPError):
                self.ask("mlops/api/names", workspace=workspace["path"])
        self._begin_anew()

    def _begin_anew(self):
        shutil.rmtree(self.place / FOLDERS["JUPYTERLAB_WORKSPACES_DIR"], True)
        shutil.rmtree(self.place / FOLDERS["JUPYTERLAB_SETTINGS_DIR"], True)
        write_settings(self.place)


def environment(place):
    """Keep Jupyter's own folders of a server in `place`."""
    return os.environ | {name: str(place / told) for name, told in FOLDERS.items()}


def write_settings(place):
    """Settings of JupyterLab that keep tests off the network, and cells in sight."""
    for name, values in SETTINGS.items():
        folder = place / FOLDERS["JUPYTERLAB_SETTINGS_DIR"] / "@jupyterlab"
        file = folder / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))


def options_of(place):
    """Lead JupyterLab to the sidebar that was built in this checkout."""
    extensions = place / "labextensions"
    extensions.mkdir(exist_ok=True)
    link = extensions / "jupyter-mlops"
    if not link.exists():
        link.symlink_to(LABEXTENSION)
    return [
        "--expose-app-in-browser",
        f"--LabServerApp.extra_labextensions_path={extensions}",
        "--ServerApp.jpserver_extensions={'jupyter_mlops.server': True}",
    ]


def wait_until_listening(port, process):
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("localhost", port)).close()
            return
        except ConnectionRefusedError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
    raise AssertionError("JupyterLab did not start")
