"""The sidebar's server part: routes over workspaces, for Jupyter Server.

tornado and jupyter_server are reached from here only; no other room knows HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Tell Jupyter Server which module it is to load."""
    return [{"module": "jupyter_mlops.server"}]


def _load_jupyter_server_extension(serverapp: ServerApp) -> None:
    """Add the routes to a server that is starting."""
    from jupyter_mlops.server.extension import load

    load(serverapp)
