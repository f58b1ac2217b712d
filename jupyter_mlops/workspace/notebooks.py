"""Notebooks run in batch, and recipes run again."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from jupyter_mlops.records import Kind
from jupyter_mlops.settings import Settings
from jupyter_mlops.tracking.run import Run

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.checkpoints.attach import AttachedKernel
    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.pipeline.verdict import Verification
    from jupyter_mlops.pipeline.verification import RerunPlace
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.resuming import ResumeOutcome
    from jupyter_mlops.workspace.workspace import Workspace


class Notebooks:
    """What a workspace does with notebooks: see `Workspace.notebooks`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def run(
        self,
        path: str | os.PathLike[str],
        parameters: Mapping[str, Any] | None = None,
        *,
        output: str | os.PathLike[str] | None = None,
        name: str | None = None,
        experiment: str | None = None,
        kernel: str | None = None,
        timeout: int | None = None,
        progress: Progress | None = None,
        engine: str | None = None,
        on: str | None = None,
        via: str | None = None,
    ) -> RunId:
        """Run a notebook as a run, each of its cells recorded; see `pipeline.runner`.

        Without an `engine` the setting of this name says which. `on` names a dask
        cluster that runs it, `via` an fsspec URL for its files.

        Raises
        ------
        NotebookNotFoundError, UnknownParameterError, InvalidParameterError
            Before anything is begun or written.
        NotebookFailedError
            When a cell failed; its run is recorded.
        """
        if on is not None:
            from jupyter_mlops.pipeline.clusters.notebooks import run_on_cluster

            settings = self._workspace.settings
            return run_on_cluster(
                on,
                path,
                parameters,
                store=self._workspace.store,
                via=settings.via if via is None else via,
                engine=engine or settings.engine,
                output=output,
                name=name,
                experiment=experiment,
                kernel=kernel,
                timeout=timeout,
            )
        from jupyter_mlops.pipeline.runner import run_notebook
        from jupyter_mlops.workspace.resuming import checkpointing

        return run_notebook(
            path,
            parameters,
            begin_run=self.begin,
            blobs=self._workspace.store.blobs,
            output=output,
            name=name,
            experiment=experiment,
            kernel=kernel,
            timeout=timeout,
            progress=progress,
            engine=engine or self._workspace.settings.engine,
            checkpoints=checkpointing(
                self._workspace, timeout=timeout, output=output, kernel=kernel
            ),
        )

    def resume(self, run: str, **options: Any) -> ResumeOutcome:
        """Go on with a notebook's run, as a new run.

        Cells before the first that failed or changed are not run again, as far as a
        copy of the notebook's process is held.

        Parameters
        ----------
        run : str
            Its id, the beginning of one, or ``last``.
        **options
            ``from_cell`` (an id or a position: that one and what follows run),
            ``parameters`` (over the run's own), ``timeout``, ``output``, ``progress``.

        Raises
        ------
        NotebookFailedError
            When a cell failed; the new run is recorded.
        InvalidInputError
            When it is no notebook's run, or goes on, or has no such cell.
        """
        from jupyter_mlops.workspace.resuming import resume

        return resume(self._workspace, run, **options)

    def attach(self, run: str) -> AttachedKernel:
        """Open the state that a notebook's run failed in, as a live kernel.

        Raises
        ------
        NoCheckpointError
            When it is not held any more.
        """
        from jupyter_mlops.workspace.resuming import attach

        return attach(self._workspace, run)

    def verify(self, run: str, **options: Any) -> Verification:
        """Do a run again, compare, and keep the verdict with it.

        `options` are those of `pipeline.verification.verify_run`: ``tolerance``,
        ``ignore``, ``kernel``, ``timeout``, ``progress``.
        """
        from jupyter_mlops.pipeline.verdict import keep_verdict

        workspace = self._workspace
        recorded = workspace.get_run(run)
        found = self.rerun(recorded, **options)
        joined = Run.join(workspace.store, workspace.formats, recorded.id)
        keep_verdict(found, joined, workspace.store.blobs)
        return found

    def rerun(self, recorded: RecordedRun, **options: Any) -> Verification:
        """Do a run again and compare; keep nothing. See `verify`."""
        from jupyter_mlops.pipeline.verification import verify_run
        from jupyter_mlops.tracking.comparison import RunSide

        workspace = self._workspace
        blobs = workspace.store.blobs
        with _scratch_workspace() as own, _scratch_workspace() as inner:
            return verify_run(
                RunSide(recorded, blobs),
                source=workspace.layout,
                folder=_folder_of(recorded, workspace),
                places=(_place_of(own), _place_of(inner)),
                is_linkable=not workspace.settings.blobs_url,
                **options,
            )

    def begin(
        self,
        *,
        name: str,
        experiment: str,
        params: dict[str, Any],
        notebook: str | None,
    ) -> Run:
        """Begin the run of a notebook that is about to run in batch."""
        return self._workspace.start_run(
            name,
            experiment=experiment,
            kind=Kind.NOTEBOOK,
            params=params,
            notebook=notebook,
        )


@contextmanager
def _scratch_workspace() -> Iterator[Workspace]:
    """Make a workspace that is thrown away."""
    from jupyter_mlops.workspace.workspace import Workspace

    with tempfile.TemporaryDirectory(
        prefix="mlops-verify-", ignore_cleanup_errors=True
    ) as place:
        # With settings of its own: the user's may lead to a team's index.
        rerun = Workspace(place, settings=Settings())
        try:
            yield rerun
        finally:
            rerun.close()


def _place_of(workspace: Workspace) -> RerunPlace:
    from jupyter_mlops.pipeline.verification import RerunPlace

    return RerunPlace(
        layout=workspace.layout,
        begin_run=partial(_begin_apart, workspace),
        blobs=workspace.store.blobs,
        read_run=workspace.get_run,
    )


def _begin_apart(workspace: Workspace, **fields: Any) -> Run:
    """Begin a notebook's run that log calls of this process do not go to."""
    return Run.begin(workspace.store, workspace.formats, kind=Kind.NOTEBOOK, **fields)


def _folder_of(run: RecordedRun, workspace: Workspace) -> Path:
    """Say where a run's notebook worked, or would have."""
    project = workspace.layout.project
    folder = (project / run.record.notebook).parent if run.record.notebook else project
    return folder if folder.is_dir() else project
