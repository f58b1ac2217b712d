"""Notebooks and pipelines started in the background, each in a process of its own.

What is started is the command line that a person would write. It outlives whoever
started it; how it goes on is read from what it records.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.ids import new_run_id
from jupyter_mlops.settings import RUN_VARIABLE, WORKSPACE_VARIABLE
from jupyter_mlops.workspace.asked import (
    Asked,
    again_asked,
    check_cluster,
    check_swept,
    notebook_asked,
    pipeline_asked,
    resume_asked,
    verification_asked,
)
from jupyter_mlops.workspace.jobs import Job, JobFolder
from jupyter_mlops.workspace.processes import (
    birth_of,
    reap,
    send_signal,
    start_detached,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

    from jupyter_mlops.workspace.workspace import Workspace

    PathLike = str | os.PathLike[str]

COMMAND = "jupyter_mlops.cli.job"
_SERVERS = ("JPY_PARENT_PID", "JPY_SESSION_NAME")
"""What a Jupyter server tells its kernels, and a job is none."""


class Background:
    """What a workspace does in the background: see `Workspace.background`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._folder = JobFolder(workspace.layout)

    # --- starting ---

    def start_notebook(
        self,
        notebook: PathLike,
        parameters: Mapping[str, Any] | None = None,
        *,
        by: str = "",
        **options: Any,
    ) -> Job:
        """Run a notebook, and return at once.

        Parameters
        ----------
        notebook : path
            The notebook.
        parameters : mapping, optional
            Values of JSON's types, or texts as typed on a command line.
        by : str
            Who asks for it.
        **options
            Those of ``jupyter mlops run``: ``name``, ``experiment``, ``kernel``,
            ``timeout``, ``output``, ``engine``.

        Returns
        -------
        Job
            Its `run` is not known yet: ask `job` again.

        Raises
        ------
        NotebookNotFoundError, UnknownParameterError, InvalidParameterError
            Before anything starts.
        AlreadyRunningError
            When the same notebook is being run with the same values.
        """
        job, path, given = notebook_asked(
            self._workspace.layout, notebook, parameters or {}, _given(options)
        )
        return self._start(Asked.of(job, "run", path, given, by))

    def start_pipeline(
        self,
        source: PathLike,
        parameters: Mapping[str, Any] | None = None,
        *,
        by: str = "",
        **options: Any,
    ) -> Job:
        """Run a pipeline; `options` are ``until``, ``only``, ``force``, ``jobs``, ….

        Raises
        ------
        PipelineError, NotebookError
            Before anything starts.
        AlreadyRunningError
            When it is being run, by whomever: both would write the same files.
        """
        from jupyter_mlops.workspace.steplocks import is_taken

        workspace = self._workspace
        job, pipeline, given = pipeline_asked(
            workspace, source, parameters or {}, _given(options)
        )
        asked = Asked.of(job, "run", str(pipeline.file), given, by)
        return self._start(
            asked, is_taken=is_taken(workspace.pipelines.folder, pipeline)
        )

    def start_resume(
        self,
        run: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        by: str = "",
        **options: Any,
    ) -> Job:
        """Go on with a notebook's run; `options` are ``from_cell``, ``timeout``.

        Raises
        ------
        RunNotFoundError, InvalidInputError, NotebookError, AlreadyRunningError
            Before anything starts.
        """
        job, given = resume_asked(
            self._workspace, run, parameters or {}, _given(options)
        )
        return self._start(Asked.of(job, "resume", job.target, given, by))

    def start_again(
        self, run: str, parameters: Mapping[str, Any] | None = None, *, by: str = ""
    ) -> Job:
        """Do a run again with other values: see `runagain`.

        Raises
        ------
        RunNotFoundError, ArtifactNotFoundError, InvalidInputError, NotebookError
            Before anything starts.
        """
        job, given = again_asked(self._workspace, run, parameters or {})
        return self._start(Asked.of(job, "rerun", job.target, given, by))

    def start_verification(self, run: str, *, by: str = "") -> Job:
        """Verify a run; the verdict is kept with it.

        Raises
        ------
        RunNotFoundError, ArtifactNotFoundError, NotebookError, AlreadyRunningError
            Before anything starts.
        """
        job = verification_asked(self._workspace, run)
        return self._start(Asked.of(job, "verify", job.target, {}, by))

    def start_sweep(
        self,
        notebook: PathLike,
        parameters: Mapping[str, Any] | None = None,
        *,
        by: str = "",
        **options: Any,
    ) -> Job:
        """Run a notebook over many values.

        Parameters
        ----------
        **options
            Those of ``jupyter mlops sweep``: ``grid`` and ``over`` (texts by
            parameter), ``random``, ``search``, ``metric``, ``goal``, ``seed``,
            ``jobs``, ``missing``, ``on``, ….

        Raises
        ------
        NotebookError, InvalidInputError, ClusterError, AlreadyRunningError
            Before anything starts.
        """
        from jupyter_mlops.pipeline.sweeps.strategy import Strategy

        told = _given(options)
        if not told.get("grid") and not told.get("over"):
            raise errors.InvalidInputError(
                "A sweep needs a parameter and its values, as in 'C' over '0.1,1,10'."
            )
        words = (told.get(name) for name in ("grid", "over", "random", "search"))
        strategy = Strategy.of(*words)
        if strategy.kind == "search" and not told.get("metric"):
            raise errors.InvalidInputError("A search needs a metric to search for.")
        job, path, given = notebook_asked(
            self._workspace.layout, notebook, parameters or {}, told, kind="sweep"
        )
        check_swept(path, strategy, given)
        check_cluster(told.get("on"))
        return self._start(Asked.of(job, "sweep", path, given, by))

    # --- looking, ending ---

    def jobs(self) -> list[Job]:
        """Return what was started, the latest first."""
        reap()
        return self._folder.all()

    def job(self, job: str) -> Job:
        """Return one of them.

        Raises
        ------
        JobNotFoundError
            When there is none of this id.
        """
        reap()
        return self._folder.get(job)

    def cancel(self, job: str) -> Job:
        """Interrupt a job, as Ctrl-C does: once to finish writing, twice for now.

        Raises
        ------
        JobNotFoundError, JobEndedError
            When there is nothing to interrupt.
        """
        found = self.job(job)
        is_signalled = found.is_alive and send_signal(found.process, found.birth)
        if not is_signalled:
            reap()
            state = self._folder.get(job).state
            raise errors.JobEndedError(
                f"{found.target} is not running any more: it is {state}.",
                job=job,
                state=state,
                run_id=found.run,
            )
        self._folder.tell(job, stop=1)
        return self._folder.get(job)

    def _start(self, asked: Asked, *, is_taken: bool = False) -> Job:
        layout = self._workspace.layout
        with self._folder.alone():
            reap()
            _refuse_twice(asked.job, self._folder.all(), is_taken=is_taken)
            self._folder.prune()
            job = replace(asked.job, id=str(new_run_id()), began=time.time())
            told = asdict(job)
            for name in ("id", "process", "birth", "run", "code", "said", "stops"):
                del told[name]
            self._folder.tell(job.id, **told)
            child = start_detached(
                [sys.executable, "-m", COMMAND, job.id],
                # Python finds modules where it starts; no user's must be there.
                folder=self._folder.path,
                environment=_environment(str(layout.project)),
            )
            birth = birth_of(child.pid)
            self._folder.tell(job.id, process=child.pid, birth=birth)
        told = {"file": str(self._folder.file(job.id)), "words": asked.words}
        _hand_over(child, {**told, "folder": str(layout.project)})
        return self._folder.get(job.id)


def _hand_over(child: subprocess.Popen[bytes], told: dict[str, Any]) -> None:
    assert child.stdin is not None, "it is a pipe"
    try:
        with child.stdin as pipe:
            pipe.write(json.dumps(told).encode())
    except BrokenPipeError:
        # It ended at once, and is shown so.
        return


def _refuse_twice(wanted: Job, known: list[Job], *, is_taken: bool) -> None:
    for job in known:
        is_meant = job.is_same(wanted) or (
            wanted.kind == "pipeline" and job.target == wanted.target
        )
        if is_meant and job.is_alive:
            who = f" {job.by} started it." if job.by else ""
            raise errors.AlreadyRunningError(
                f"{wanted.target} is being run already.{who} Wait for its end, or "
                f"cancel it.",
                job=job.id,
                by=job.by,
                run_id=job.run,
            )
    if is_taken:
        raise errors.AlreadyRunningError(
            f"{wanted.target} is being run by another process, in a terminal or a "
            f"notebook. Wait for its end, or interrupt it there.",
        )


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value not in (None, {})}


def _environment(project: str) -> dict[str, str]:
    """Return a surrounding in which the job is nobody's child."""
    kept = os.environ | {WORKSPACE_VARIABLE: project}
    for name in (RUN_VARIABLE, *_SERVERS):
        kept.pop(name, None)
    return dict(kept)
