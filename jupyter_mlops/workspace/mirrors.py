"""Links of models' histories, noted in the journals of the runs they are about.

A history whose end was cut off, or that was written anew from some line on, is a whole
chain all the same. The runs know better, as long as their journals are left alone:
whoever may write in the whole folder can change both, and a link about a version whose
run is elsewhere has no mirror.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MlopsError
from jupyter_mlops.tracking.run import Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.registry.state import ModelState
    from jupyter_mlops.workspace.workspace import Workspace

PREFIX = "registry."
"""Begins the names of the observations that hold a link."""


def mirror_link(workspace: Workspace, state: ModelState) -> None:
    """Note a model's last link in the journal of the run that it is about."""
    link = state.links[-1]
    registered = state.registered.get(link.get("version", 0))
    run_id = registered["bound"].get("run_id") if registered else None
    if run_id is None or not workspace.layout.journal_folder(run_id).is_dir():
        return
    told = {name: link[name] for name in ("n", "digest", "kind", "version")}
    # The link stands; that nothing vouches for it is no reason to fail.
    with suppress(OSError, MlopsError):
        run = Run.join(workspace.store, workspace.formats, run_id)
        try:
            run.observe(PREFIX + state.name, told)
        finally:
            run.end(wait=False)


def mirrored(event: Mapping[str, Any]) -> tuple[str, int, str] | None:
    """Read a mirror: the model, the link's number, and its digest."""
    name, told = event.get("k"), event.get("v")
    if event.get("e") != "observation" or not isinstance(name, str):
        return None
    if not name.startswith(PREFIX) or not isinstance(told, dict):
        return None
    number, digest = told.get("n"), told.get("digest")
    if type(number) is not int or not isinstance(digest, str):
        return None
    return name.removeprefix(PREFIX), number, digest
