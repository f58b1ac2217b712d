"""A registered version on one screen: what it binds, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.modelhistory import event_table

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from jupyter_mlops.records import ModelEvent, VersionRecord
    from jupyter_mlops.store.manifest import ManifestEntry
    from jupyter_mlops.workspace import Workspace

_DIGEST = 12
_WIDTH = 100
_FILES = 20
_BLOBS = ("signature", "example", "environment", "lock", "profile")


@dataclass(frozen=True)
class VersionDetails:
    """One version."""

    version: VersionRecord
    files: list[ManifestEntry]
    events: list[ModelEvent]
    lock: str
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return all that it binds, its files, its lock and its events."""
        from jupyter_mlops.verbs.plain import plain

        return {
            **plain(self.version),
            "uri": f"models:/{self.version.model}/{self.version.version}",
            "model_files": self.files,
            "requirements": self.lock.splitlines(),
            "history": self.events,
        }

    def render(self) -> RenderableType:
        """Return it on one screen."""
        from rich.console import Group

        parts: list[RenderableType] = [self._head(), ""]
        parts += [_files(self.files), ""]
        parts += [event_table(self.events)]
        return Group(*parts)

    def _head(self) -> Table:
        from rich.table import Table

        found = self.version
        kind = found.recipe_kind or "recipe"
        lines = {
            "model": f"{found.model}, version {found.version}",
            "aliases": ", ".join(found.aliases),
            "archived": "yes" if found.archived else "",
            "verified": found.verdict or "",
            "registered": f"{shown.ago(found.registered)} by {found.by} "
            f"({found.by_source})",
            "note": found.note or "",
            "flavor": f"{found.flavor} {found.flavor_meta.get('class', '')}",
            "size": shown.size(found.size),
            "digest": found.digest,
            "run": str(found.run_id or ""),
            "git": _git(found.git),
            kind: str(found.recipe or "")[:_DIGEST],
        }
        for name in _BLOBS:
            lines[name] = str(getattr(found, name) or "")[:_DIGEST]
        for noun in ("metrics", "params", "tags"):
            lines[noun] = _pairs(getattr(found, noun))
        lines["data"] = ", ".join(
            f"{name} {digest[:_DIGEST]}" for name, digest in found.data.items()
        )
        table = Table.grid(padding=(0, 2))
        for name, line in lines.items():
            if line:
                table.add_row(shown.text(name, "dim"), shown.text(line, width=_WIDTH))
        return table


def _git(git: dict[str, Any]) -> str:
    words = [str(git[key]) for key in ("commit", "branch", "remote") if git.get(key)]
    if git.get("diff"):
        words.append("with uncommitted changes")
    return ", ".join(words)


def _pairs(values: dict[str, Any]) -> str:
    return ", ".join(f"{key} {shown.value(value)}" for key, value in values.items())


def _files(files: list[ManifestEntry]) -> Table:
    table = shown.make_table("file", "size", "sha256", right=["size"])
    for file in files[:_FILES]:
        cells = (file.path, shown.size(file.size), file.digest[:_DIGEST])
        table.add_row(*(shown.text(cell, width=60) for cell in cells))
    if len(files) > _FILES:
        table.add_row(shown.text(f"… {len(files) - _FILES} more", "dim"))
    return table


def show_version(workspace: Workspace, uri: str) -> VersionDetails:
    """Look at a version: ``models:/churn/3`` or ``models:/churn@champion``."""
    found = workspace.registry.find(uri)
    blobs = workspace.store.blobs
    number = found.version
    return VersionDetails(
        found,
        blobs.files(found.files),
        [
            event
            for event in workspace.registry.history(found.model)
            if event.fields.get("version") == number
        ],
        blobs.get_bytes(found.lock).decode() if found.lock else "",
    )
