"""Notebooks that runs keep, saved beside their own to be worked with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.workspace import Workspace

_ID_LETTERS = 6


def home_of(
    workspace: Workspace, run: RecordedRun, may: Callable[[Path], bool]
) -> Path | None:
    """Find a folder for copies: the notebook's own, else the project's.

    Parameters
    ----------
    may : callable
        Whether a folder may be written to.

    Returns
    -------
    Path or None
        None when neither may.
    """
    project = workspace.layout.project
    folders = [project]
    if run.record.notebook:
        folders.insert(0, (project / run.record.notebook).parent)
    return next((one for one in folders if one.is_dir() and may(one)), None)


def copy_name(run: RecordedRun, word: str, number: int = 1) -> str:
    """Name a copy: after its notebook, what it is, and its run."""
    stem = Path(run.record.notebook or run.name).stem
    more = f"-{number}" if number > 1 else ""
    return f"{stem}-{word}-{str(run.id)[-_ID_LETTERS:]}{more}.ipynb"


def save_executed(workspace: Workspace, run: RecordedRun, folder: Path) -> Path:
    """Save a run's notebook with its outputs; one that was saved before stays.

    Raises
    ------
    ArtifactNotFoundError
        When the run kept none.
    BlobNotFoundError, BlobCorruptError, StoreWriteError
        When it cannot be read, or written.
    """
    from jupyter_mlops.pipeline.recording import ARTIFACT

    kept = run.artifact_record(ARTIFACT)
    path = folder / copy_name(run, "attached")
    if not path.exists():
        workspace.store.blobs.restore_file(kept.digest, path)
    return path


def save_recipe(workspace: Workspace, run: RecordedRun, folder: Path) -> Path:
    """Save a run's recipe as a notebook, under a name that is free.

    Raises
    ------
    ArtifactNotFoundError
        When the run kept none.
    BlobNotFoundError, BlobCorruptError, StoreWriteError
        When it cannot be read, or written.
    """
    from jupyter_mlops.tracking.recipes import ARTIFACT

    kept = run.artifact_record(ARTIFACT)
    number = 1
    while (path := folder / copy_name(run, "recipe", number)).exists():
        number += 1
    workspace.store.blobs.restore_file(kept.digest, path)
    return path
