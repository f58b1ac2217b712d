"""The papermill engine that records: every cell is in the journal when it has ended.

The workspace is not known here: who runs a notebook hands in the recording.
"""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode
from papermill.engines import Engine
from papermill.log import logger

from jupyter_mlops.capture.knownsecrets import VARIABLE as SECRET_NAMES
from jupyter_mlops.capture.notebook import NOTEBOOK_VARIABLE
from jupyter_mlops.pipeline.executors import (
    DEFAULT_KERNEL,
    engine_recorder,
    executor_for,
    kernel_of,
)
from jupyter_mlops.pipeline.saved_notebook import SavedNotebook
from jupyter_mlops.settings import RUN_VARIABLE, WORKSPACE_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlops.pipeline.checkpoints.checkpointing import Checkpointing
    from jupyter_mlops.pipeline.execution import NotebookExecutor
    from jupyter_mlops.pipeline.limits.budget import Limits
    from jupyter_mlops.pipeline.recording import NotebookRecording
    from jupyter_mlops.tracking.run import Run

__all__ = [
    "DEFAULT_KERNEL",
    "NotebookEngine",
    "executor_within",
    "kernel_variables",
    "language_of",
]


class NotebookEngine(Engine):
    """Runs a notebook's cells and records each into the run of `recording`."""

    @classmethod
    def execute_notebook(  # noqa: PLR0917 - papermill's signature
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool | dict[str, Any] = False,  # noqa: FBT001, FBT002 - papermill's signature
        log_output: bool = False,  # noqa: FBT001, FBT002 - papermill's signature
        autosave_cell_every: int = 0,  # noqa: ARG003 - saves are timed here
        *,
        recording: NotebookRecording,
        target: Path | None = None,
        folder: Path | None = None,
        source: Path | None = None,
        executor: NotebookExecutor | None = None,
        engine: str = "nbclient",
        checkpoints: Checkpointing | None = None,
        **options: Any,
    ) -> NotebookNode:
        """Run the cells of `nb`; papermill calls this.

        Parameters
        ----------
        nb, kernel_name, output_path, progress_bar, log_output, autosave_cell_every
            As papermill gives them; the output is saved by time instead.
        recording : NotebookRecording
            What writes the cells into their run, and knows afterwards which failed.
        target : Path, optional
            Where to save the executed notebook, in place of `output_path`.
        folder : Path, optional
            The kernel's working directory; without it this process's.
        source : Path, optional
            The notebook's own file, told to the kernel.
        executor : NotebookExecutor, optional
            What runs the cells; without it what `engine` stands for.
        engine : str
            See `executors.executor_for`.
        checkpoints : Checkpointing, optional
            Makes copies of the notebook's process, and goes on from one.
        **options
            papermill's further ones: ``start_timeout``, ``execution_timeout``, ….
        """
        executor = executor or executor_for(
            engine,
            nb,
            kernel_name=kernel_name,
            cwd=folder,
            environ={**os.environ, **kernel_variables(recording.run, source)},
            options=_client_options(log_output=log_output, **options),
            tell=engine_recorder(recording.run),
        )
        output = str(target) if target else output_path
        recording.begin(
            SavedNotebook(
                nb,
                output,
                progress_bar=progress_bar,
                log_output=log_output,
                hide=recording.hide,
            )
        )
        try:
            if checkpoints is not None:
                executor = checkpoints.prepare(executor, nb, recording)
            executor.execute(nb, recording)
        finally:
            if checkpoints is not None:
                checkpoints.finish()
            try:
                recording.finish()
            finally:
                # Whoever called may save it once more.
                recording.hide_secrets()
        return nb

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """Return the kernel to use: the one asked for, the notebook's, or Python's."""
        return name or kernel_of(nb)

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """Return the notebook's language, Python when it says none."""
        return language or language_of(nb)


def executor_within(
    run: Run,
    path: Path,
    engine: str,
    *,
    notebook: NotebookNode | None = None,
    kernel: str = "",
    timeout: float | None = None,
    limits: Limits | None = None,
    environ: Mapping[str, str] | None = None,
) -> NotebookExecutor:
    """Choose what runs a notebook's cells within a run, which it notes the engine in.

    Parameters
    ----------
    run : Run
        Where log calls of its cells land.
    path : Path
        The notebook's own file; its kernel works in that folder.
    engine, notebook, limits
        As `executors.executor_for` takes them.
    kernel : str
        Which kernel, if not the notebook's.
    timeout : float, optional
        Seconds that a cell may run.
    environ : mapping, optional
        The variables around it; without it ours.
    """
    around = os.environ if environ is None else environ
    return executor_for(
        engine,
        notebook or NotebookNode(),
        kernel_name=kernel,
        environ={**around, **kernel_variables(run, path)},
        cwd=path.parent,
        options={"timeout": math.ceil(timeout) if timeout else None},
        limits=limits,
        tell=engine_recorder(run),
    )


def kernel_variables(run: Run, source: Path | None) -> dict[str, str]:
    """Return what a kernel must be told, so that its log calls land in `run`."""
    told = {
        RUN_VARIABLE: f"{run.id}:{run.project}",
        WORKSPACE_VARIABLE: str(run.project),
    }
    if names := run.masker.known_names:
        told[SECRET_NAMES] = ",".join(names)
    if source is not None:
        told[NOTEBOOK_VARIABLE] = str(source)
    return told


def language_of(nb: NotebookNode) -> str:
    """Name a notebook's language."""
    found = nb.metadata.get("language_info", {}).get("name")
    return found or nb.metadata.get("kernelspec", {}).get("language") or "python"


def _client_options(
    *,
    log_output: bool,
    start_timeout: int = 60,
    execution_timeout: int | None = None,
    input_path: Any = None,  # noqa: ARG001 - papermill's, of no use to a client
    **options: Any,
) -> dict[str, Any]:
    """Turn papermill's options into those of its nbclient client."""
    timeout = options.pop("timeout", None)
    return {
        **options,
        "log": logger,
        "log_output": log_output,
        "startup_timeout": options.pop("startup_timeout", start_timeout),
        "timeout": execution_timeout or timeout,
    }
