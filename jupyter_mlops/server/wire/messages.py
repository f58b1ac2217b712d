"""What the websocket says."""

from __future__ import annotations

from typing import Any


def changed(workspace: str, topics: list[str]) -> dict[str, Any]:
    """Say what is not as it was: ``runs``, ``models``."""
    return {"type": "changed", "workspace": workspace, "topics": topics}


def problem(workspace: str, sentence: str) -> dict[str, Any]:
    """Say why the workspace cannot be looked at."""
    return {"type": "problem", "workspace": workspace, "message": sentence}
