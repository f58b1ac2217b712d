"""How the run of a model came about, as far as a version binds it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.lock import lock_of
from jupyter_mlops.tracking.badges import own_tags
from jupyter_mlops.tracking.fittedmodels import PROFILE
from jupyter_mlops.tracking.recipes import ARTIFACT as RECIPE
from jupyter_mlops.tracking.scripts import ARTIFACT as SCRIPT
from jupyter_mlops.tracking.surroundings import DIFF

if TYPE_CHECKING:
    from jupyter_mlops.ids import Digest
    from jupyter_mlops.records import JsonValue
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.tracking.recorded import RecordedRun

_MEANS = {"recipe": RECIPE, "notebook": "notebook.ipynb", "script": SCRIPT}
"""What a run is done again with, and the artifact that holds it, the best first."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a binding says beside params, metrics and data: see `Binding`."""

    lock: Digest | None = None
    recipe: Digest | None = None
    recipe_kind: str | None = None
    profile: Digest | None = None
    git: dict[str, JsonValue] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def to_fields(self) -> dict[str, Any]:
        """Return it as fields of a binding."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @classmethod
    def of(cls, run: RecordedRun, blobs: Blobs) -> Origin:
        """Gather what is recorded of a run."""
        kept = {name: artifact.digest for name, artifact in run.artifacts.items()}
        kind = next((kind for kind, name in _MEANS.items() if name in kept), None)
        environment = run.environment
        git = {k: v for k, v in (environment.get("git") or {}).items() if v is not None}
        if git and DIFF in kept:
            git["diff"] = kept[DIFF]
        lock = lock_of(environment, run.id)
        return cls(
            lock=blobs.put_bytes(lock.encode()) if lock else None,
            recipe=kept[_MEANS[kind]] if kind else None,
            recipe_kind=kind,
            profile=kept.get(PROFILE),
            git=git,
            tags=own_tags(run.tags),
        )
