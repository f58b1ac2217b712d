"""What there is to see of one run, gathered from its record and its blobs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MlopsError
from jupyter_mlops.pipeline.verdict import ARTIFACT as VERIFICATION
from jupyter_mlops.tracking.modelwords import model_line, models_of
from jupyter_mlops.tracking.recipes import ARTIFACT as RECIPE
from jupyter_mlops.tracking.stamps import read_stamp
from jupyter_mlops.tracking.surroundings import OBSERVATION as GIT

if TYPE_CHECKING:
    from jupyter_mlops.records import RunRecord
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.tracking.stamps import RunStamp
    from jupyter_mlops.workspace.workspace import Workspace

_DIFFERENCES = 100


@dataclass(frozen=True, kw_only=True)
class RecipeCell:
    """A cell of a recipe, and why it is kept."""

    source: str
    ran_as: int | None
    cell_id: str | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RunRecipe:
    """The cells that made a run's results, in order."""

    cells: tuple[RecipeCell, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RunVerdict:
    """What came of doing the run again.

    Attributes
    ----------
    word : str
        ``reproduced``, ``differs`` or ``failed``.
    digest : str
        Of the document that says all of it: another verification has another.
    """

    word: str
    summary: str
    differences: tuple[str, ...]
    hints: tuple[str, ...]
    traceback: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class RunDetails:
    """Everything of one run.

    Attributes
    ----------
    git : dict
        ``commit``, ``branch``, ``remote``, ``dirty``, and ``diff``: the digest of
        what was not committed. Empty without git.
    models : tuple of str
        The models that were fitted, in a line each.
    """

    run: RecordedRun
    parent: RunRecord | None
    stamp: RunStamp
    verdict: RunVerdict | None
    recipe: RunRecipe | None
    environment: dict[str, Any]
    git: dict[str, Any]
    models: tuple[str, ...]


def details_of(workspace: Workspace, text: str) -> RunDetails:
    """Gather what there is of a run: an id, a prefix of one, or ``last``.

    What cannot be read of its blobs is left out: the rest is worth seeing.
    """
    run = workspace.get_run(text)
    environment = _environment(run)
    return RunDetails(
        run=run,
        parent=_parent(workspace, run),
        stamp=read_stamp(run, workspace.layout.project),
        verdict=_verdict(workspace, run),
        recipe=_recipe(workspace, run),
        environment={k: v for k, v in environment.items() if k != "git"},
        git=_git(run, environment.get("git")),
        models=tuple(model_line(model) for model in models_of(run)),
    )


def _environment(run: RecordedRun) -> dict[str, Any]:
    try:
        return run.environment
    except (MlopsError, ValueError, OSError):
        return {}


def _git(run: RecordedRun, state: Any) -> dict[str, Any]:
    noticed = run.observations.get(GIT)
    return {
        **(state if isinstance(state, dict) else {}),
        **(noticed if isinstance(noticed, dict) else {}),
    }


def _parent(workspace: Workspace, run: RecordedRun) -> RunRecord | None:
    if run.record.parent_id is None:
        return None
    try:
        return workspace.store.index.run(run.record.parent_id)
    except MlopsError:
        # It was not copied along with its child.
        return None


def _document(workspace: Workspace, run: RecordedRun, name: str) -> dict[str, Any]:
    """Read a JSON artifact of ours; empty when there is none that can be read."""
    kept = run.artifacts.get(name)
    if kept is None:
        return {}
    try:
        found = json.loads(workspace.store.blobs.get_bytes(kept.digest))
    except (MlopsError, ValueError, OSError):
        return {}
    return found if isinstance(found, dict) else {}


def _verdict(workspace: Workspace, run: RecordedRun) -> RunVerdict | None:
    found = _document(workspace, run, VERIFICATION)
    if not found:
        return None
    kept = run.artifacts[VERIFICATION]
    differences = [
        f"{one.get('kind', '')} {one.get('name', '')}".strip()
        + f": {one.get('change')}"
        for one in found.get("differences") or ()
    ]
    failure = found.get("failure") or {}
    return RunVerdict(
        word=str(found.get("verdict", "")),
        summary=str(kept.meta.get("summary", "")),
        differences=tuple(differences[:_DIFFERENCES]),
        hints=tuple(map(str, found.get("hints") or ())),
        traceback=str(failure.get("traceback") or ""),
        digest=kept.digest,
    )


def _recipe(workspace: Workspace, run: RecordedRun) -> RunRecipe | None:
    found = _document(workspace, run, RECIPE)
    cells = []
    for cell in found.get("cells") or ():
        told = cell.get("metadata", {}).get("jupyter_mlops")
        if told is None:
            # A head that every recipe has.
            continue
        cells.append(
            RecipeCell(
                source="".join(cell["source"]),
                ran_as=told.get("ran_as"),
                cell_id=told.get("cell_id"),
                reasons=tuple(told.get("reasons") or ()),
            )
        )
    if not cells:
        return None
    about = found.get("metadata", {}).get("jupyter_mlops") or {}
    return RunRecipe(cells=tuple(cells), warnings=tuple(about.get("warnings") or ()))
