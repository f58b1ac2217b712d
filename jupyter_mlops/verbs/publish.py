"""``push … --to``: registered versions go elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.verbs import shown

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jupyter_mlops.registry import LoadWord
    from jupyter_mlops.workspace import Workspace

_URI = "models:/"


@dataclass(frozen=True)
class Sent:
    """What went elsewhere.

    Attributes
    ----------
    told : dict
        As JSON tells it.
    """

    said: str
    told: dict[str, Any]
    notes: tuple[str, ...] = ()
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return what went, and where."""
        return {**self.told, "notes": list(self.notes)}

    def render(self) -> RenderableType:
        """Return a line, and one a note."""
        from rich.console import Group

        notes = (shown.text(f"Note: {note}", "yellow") for note in self.notes)
        return Group(shown.text(self.said), *notes)


def send(
    workspace: Workspace, name: str, to: str, word: LoadWord | None = None
) -> Sent:
    """Register a version with an MLflow server, or publish a model at a URL.

    Parameters
    ----------
    name : str
        A model, or a version's URI. To MLflow a model's name means its champion, else
        its latest version; elsewhere all versions go.
    to : str
        ``mlflow+http://…``, or a URL of fsspec.
    word : LoadWord, optional
        What may run when it is loaded from MLflow.
    """
    from jupyter_mlops.workspace.remotes import is_mlflow

    if "://" not in to:
        raise InvalidInputError(
            f"{to!r} is no URL. Write mlflow+http://HOST:PORT, s3://BUCKET/PREFIX, or "
            f"file:///FOLDER.",
            url=to,
        )
    return (
        _register(workspace, name, to, word)
        if is_mlflow(to)
        else _publish(workspace, name, to)
    )


def _register(workspace: Workspace, name: str, to: str, word: LoadWord | None) -> Sent:
    uri = name if name.startswith(_URI) else _chosen(workspace, name)
    version = workspace.registry.find(uri)
    found = workspace.remotes.register(uri, to, word)
    did = (
        "has been registered" if found.is_new else "was there already; it is up to date"
    )
    said = (
        f"Version {version.version} of {version.model} {did}: version {found.version} "
        f"at {found.url}."
    )
    told = {
        "model": version.model,
        "version": version.version,
        "there": {"version": found.version, "run_id": found.run_id, "url": found.url},
        "is_new": found.is_new,
    }
    return Sent(said, told, tuple(found.notes))


def _publish(workspace: Workspace, name: str, to: str) -> Sent:
    if name.startswith(_URI):
        # Its history is one with that of the others, so they all go.
        name = workspace.registry.find(name).model
    found = workspace.remotes.publish(name, to)
    numbers = shown.counted(len(found.versions), "version")
    said = (
        f"Published {name}: {numbers}, {shown.counted(found.runs, 'run')}, "
        f"{shown.counted(found.blobs, 'new blob')}."
        if found.is_new
        else f"{name} is there already: {numbers}; nothing was to be done."
    )
    told = {
        "model": name,
        "versions": list(found.versions),
        "runs": found.runs,
        "blobs": found.blobs,
        "is_new": found.is_new,
    }
    return Sent(said, told)


def _chosen(workspace: Workspace, name: str) -> str:
    from jupyter_mlops.errors import AliasNotFoundError

    try:
        number = workspace.registry.by_alias(name, "champion").version
    except AliasNotFoundError:
        number = workspace.registry.versions(name)[-1].version
    return f"{_URI}{name}/{number}"
