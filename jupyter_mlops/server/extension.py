"""Joins the routes to a Jupyter server."""

from __future__ import annotations

import atexit
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_server.utils import url_path_join

from jupyter_mlops.server.places import OpenWorkspaces
from jupyter_mlops.server.routes import ROUTES
from jupyter_mlops.server.watching import Watches

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

PREFIX = "mlops/api"


def load(serverapp: ServerApp) -> None:
    """Add our routes; nothing is opened before the first request."""
    root = Path(serverapp.root_dir).expanduser()
    places = OpenWorkspaces(root)
    watches = Watches(places)
    shared = {"places": places, "watches": watches}
    base = serverapp.web_app.settings["base_url"]
    serverapp.web_app.add_handlers(  # type: ignore[no-untyped-call]  # tornado types it not
        ".*$",
        [
            (url_path_join(base, PREFIX, pattern), handler, shared)
            for pattern, handler in ROUTES
        ],
    )
    atexit.register(places.close)
    serverapp.log.info("jupyter_mlops shows the workspaces in %s", root)
