"""What came back from a cluster, taken into the workspace: journals, blobs, outputs."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.ids import Digest, RunId, is_run_id
from jupyter_mlops.pipeline.clusters.job import OBSERVATION
from jupyter_mlops.records import Status
from jupyter_mlops.store.manifest import checked_path
from jupyter_mlops.tracking.objects import ObjectFormats
from jupyter_mlops.tracking.run import Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.errors import ClusterError
    from jupyter_mlops.pipeline.clusters.job import Answer
    from jupyter_mlops.pipeline.versions.ledger import KeptOutput
    from jupyter_mlops.store.store import Store


def take_in(answer: Answer, store: Store) -> None:
    """Take in the runs of a job: blobs first, so that journals refer to what is there.

    Raises
    ------
    ClusterError, StoreWriteError
        When that cannot be done; of each run all or nothing is taken in.
    """
    answer.parcel.hand_over([Digest(item) for item in answer.digests], store.blobs)
    for run_id, files in answer.journals.items():
        _take_journals(run_id, files, store)


def _take_journals(run_id: str, files: Mapping[str, bytes], store: Store) -> None:
    target = store.layout.journal_folder(run_id)
    if not is_run_id(run_id) or target.exists():
        return
    beside = Path(tempfile.mkdtemp(prefix=".arrival-", dir=store.layout.folder))
    try:
        for name, data in files.items():
            (beside / Path(checked_path(name)).name).write_bytes(data)
        beside.chmod(0o755)
        beside.rename(target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def put_outputs(outputs: Mapping[str, KeptOutput], folder: Path, store: Store) -> None:
    """Put a step's outputs in their places, as the step would have."""
    for kept in outputs.values():
        target = folder / kept.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if kept.is_folder:
            if target.is_symlink() or target.is_file():
                target.unlink()
            store.blobs.restore_folder(Digest(kept.digest), target, replace=True)
        else:
            if target.is_dir() and not target.is_symlink():
                shutil.rmtree(target)
            store.blobs.restore_file(Digest(kept.digest), target)


def record_lost(
    store: Store, error: ClusterError, *, scheduler: str, worker: str, **begins: Any
) -> RunId:
    """Record a run of which nothing came back.

    Parameters
    ----------
    **begins
        As `Run.begin` takes them.
    """
    run = Run.begin(store, ObjectFormats(), **begins)
    run.observe(OBSERVATION, {"scheduler": scheduler, "worker": worker})
    run.end(Status.FAILED, error=error)
    return run.id
