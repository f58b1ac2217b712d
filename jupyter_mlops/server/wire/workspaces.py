"""Workspaces, and what the server is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.server.places import Place

API = 1
"""Grows when an older sidebar could no longer read what is sent."""


def status(version: str) -> dict[str, Any]:
    """Say which version answers."""
    return {"version": version, "api": API}


def place(found: Place) -> dict[str, Any]:
    """Say where a workspace is."""
    return {"path": found.path, "name": found.name}


def workspaces(
    known: Sequence[Place], current: Place | None, proposed: Place | None
) -> dict[str, Any]:
    """List workspaces, the one that holds what was asked about, or where one would be.

    `proposed` is only told where there is no `current`.
    """
    return {
        "workspaces": [place(one) for one in known],
        "current": None if current is None else place(current),
        "proposed": None if proposed is None else place(proposed),
    }
