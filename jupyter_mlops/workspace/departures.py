"""What goes along with a version that leaves, and the note in its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MlopsError, ModelNotFoundError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.workspace.workspace import Workspace


def noted_departure(
    workspace: Workspace,
    version: VersionRecord,
    purpose: str,
    target: str,
    before: Callable[[bytes], None] | None = None,
) -> VersionRecord:
    """Keep that a version was taken there, once; return it as it is now."""
    if is_noted(workspace, version, purpose, target):
        return version
    return workspace.registry.standing.keep_download(
        version.model, version.version, purpose, target, before=before
    )


def is_noted(
    workspace: Workspace, version: VersionRecord, purpose: str, target: str
) -> bool:
    """Tell whether a version's history says that it was taken there."""
    about = {"version": version.version, "purpose": purpose}
    return any(
        about.items() <= fields.items()
        for fields in departures_to(workspace, version.model, target)
    )


def departures_to(
    workspace: Workspace, model: str, target: str
) -> Iterator[Mapping[str, Any]]:
    """Tell of versions of a model that were taken there: ``version``, ``purpose``."""
    from jupyter_mlops.capture.masking import Masker
    from jupyter_mlops.registry.state import DOWNLOADED

    # As it is kept: masked.
    shown = Masker().text(target)
    for event in workspace.registry.history(model):
        if event.kind == DOWNLOADED and event.fields.get("target") == shown:
            yield event.fields


def runs_along(workspace: Workspace, version: VersionRecord) -> list[RunId]:
    """Return the run, those that it is within, and those within it."""
    run = workspace.models.run_of(version)
    if run is None:
        return []
    found = [run.id]
    outer = run.record.parent_id
    while outer is not None and outer not in found:
        found.append(outer)
        try:
            outer = workspace.get_run(outer).record.parent_id
        except MlopsError:
            # It was begun elsewhere, and is not here.
            break
    todo = list(run.children)
    while todo:
        child = todo.pop()
        found.append(child.id)
        todo += child.children
    return found


def not_there(name: str, where: str, there: Sequence[str]) -> ModelNotFoundError:
    """Return the error that says so, and what there is."""
    if not name:
        return ModelNotFoundError(
            f"Nothing of ours is published at {where}. Push a model there first: "
            f"'jupyter mlops push NAME --to URL'.",
            where=where,
        )
    return ModelNotFoundError(
        f"No model '{name}' of ours is at {where}.{nearest(name, there)}",
        model=name,
        where=where,
    )
