"""The cells that all points share, run once: a run of their own within the sweep's.

At their end the process is copied; the copy sleeps, and each point wakes one of its
own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.engine import NotebookEngine
from jupyter_mlops.pipeline.executors import executor_for
from jupyter_mlops.pipeline.recording import NotebookRecording
from jupyter_mlops.pipeline.runner import ended
from jupyter_mlops.pipeline.sweeps.filled import filled_in
from jupyter_mlops.pipeline.sweeps.loggedlines import logged_lines
from jupyter_mlops.pipeline.sweeps.prefix import shared_prefix
from jupyter_mlops.pipeline.sweeps.sharedcells import SharedCells, count_cells
from jupyter_mlops.pipeline.sweeps.sharedwork import SharedWork
from jupyter_mlops.pipeline.sweeps.unshareable import peeking_modules
from jupyter_mlops.pipeline.worker.executor import WorkerExecutor

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.sweeps.heldcells import HeldCells
    from jupyter_mlops.pipeline.sweeps.prefix import Prefix
    from jupyter_mlops.pipeline.sweeps.whole import SweepRoom
    from jupyter_mlops.tracking.run import Run

NAME = "shared"


class NotSharedError(Exception):
    """No cells can be shared; the reason, in words."""


def find_prefix(room: SweepRoom) -> tuple[NotebookNode, Prefix]:
    """Return the notebook with the fixed values in it, and which cells are shared.

    Raises
    ------
    NotSharedError
        When none is.
    """
    plan = room.plan
    if plan.source.language.lower() not in ("python", "ipython"):
        raise NotSharedError(f"cells of {plan.source.language} cannot be followed")
    notebook = filled_in(plan.fresh_source(), plan.fixed, plan.kernel)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    peeking = peeking_modules(sources, plan.source.path.parent)
    prefix = shared_prefix(notebook, list(plan.space.by_name), plan.fixed, peeking)
    if not prefix.is_worthwhile:
        raise NotSharedError(prefix.why or "there is no cell to share")
    return notebook, prefix


def run_shared(
    room: SweepRoom, notebook: NotebookNode, prefix: Prefix, held: HeldCells
) -> SharedCells:
    """Run the cells that all points share, or go on with them.

    Parameters
    ----------
    held : HeldCells
        Says where to go on, and is told how many of them did not run again.

    Raises
    ------
    NotSharedError
        When the process cannot be copied; the cells' run is recorded all the same.
    NotebookFailedError
        When one of them failed: it would for each point.
    KeyboardInterrupt
        When interrupted.
    """
    plan = room.plan
    worker = _worker(room, notebook)
    run = room.begin_shared(
        name=f"{plan.name} {NAME}",
        experiment=plan.experiment,
        params=plan.shown,
        notebook=str(plan.source.path),
    )
    run.masker.know(plan.secrets)
    notebook.cells = notebook.cells[: prefix.stop]
    recording = NotebookRecording(run, room.store.blobs, plan.source.shown)
    work = SharedWork(room, run, worker, held.goes_on)
    try:
        with ended(run, recording):
            NotebookEngine.execute_notebook(
                notebook, plan.kernel, recording=recording, executor=work
            )
    except BaseException:
        work.close()
        raise
    finally:
        held.restored = count_cells(notebook.cells[at] for at in work.restored)
        held.why = held.why or work.why_all
    if recording.failure is not None:
        work.close()
        raise recording.failure
    return _shared(room, run, work, notebook, prefix)


def _shared(
    room: SweepRoom,
    run: Run,
    work: SharedWork,
    notebook: NotebookNode,
    prefix: Prefix,
) -> SharedCells:
    if work.sleeper is None:
        raise NotSharedError(work.why_not or "the notebook ended early")
    is_all = work.stop == max(work.cells, default=-1) + 1
    folder = room.store.layout.journal_folder(run.id)
    found = SharedCells(
        run_id=run.id,
        sleeper=work.sleeper,
        stop=prefix.stop if is_all else work.stop,
        cells={index: cell for index, cell in work.cells.items() if index < work.stop},
        lines=logged_lines(folder),
        widgets=notebook.metadata.get("widgets", {}),
        why=prefix.why if is_all else work.why_not,
    )
    if not is_all and found.lines:
        # What the cells behind the copy logged cannot be told from the rest.
        found.close()
        raise NotSharedError(work.why_not)
    return found


def _worker(room: SweepRoom, notebook: NotebookNode) -> WorkerExecutor:
    plan = room.plan
    told: list[str] = []
    found = executor_for(
        plan.engine,
        notebook,
        kernel_name=plan.kernel,
        environ=room.environ,
        cwd=plan.source.path.parent,
        options={"timeout": plan.timeout},
        limits=plan.limits,
        tell=lambda engine, why="": told.append(why or f"the engine is {engine}"),
    )
    if not isinstance(found, WorkerExecutor):
        raise NotSharedError(told[-1] if told else "there is no worker here")
    return found
