"""Running one notebook from its file to its run's end."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from papermill.exceptions import PapermillExecutionError
from papermill.execute import (
    prepare_notebook_metadata,
    raise_for_execution_errors,
    remove_error_markers,
)
from papermill.parameterize import parameterize_notebook

from jupyter_mlops import errors
from jupyter_mlops.pipeline.engine import NotebookEngine
from jupyter_mlops.pipeline.executors import check_engine, kernel_of
from jupyter_mlops.pipeline.nbclient_executor import check_kernel
from jupyter_mlops.pipeline.parameters import check_parameters
from jupyter_mlops.pipeline.recording import NotebookRecording
from jupyter_mlops.pipeline.saved_notebook import mark_for_papermill, write_notebook
from jupyter_mlops.pipeline.signals import held_back
from jupyter_mlops.pipeline.source_notebook import SourceNotebook
from jupyter_mlops.records import Status

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from nbformat import NotebookNode

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.checkpoints.checkpointing import Checkpointing
    from jupyter_mlops.pipeline.execution import NotebookExecutor, Progress
    from jupyter_mlops.records import JsonValue
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.tracking.run import Run


class BeginRun(Protocol):
    """Begins the notebook's run; the workspace hands it in."""

    def __call__(
        self,
        *,
        name: str,
        experiment: str,
        params: dict[str, JsonValue],
        notebook: str,
    ) -> Run:
        """Begin a run of kind ``notebook``."""


def run_notebook(
    path: str | os.PathLike[str],
    parameters: Mapping[str, Any] | None = None,
    *,
    begin_run: BeginRun,
    blobs: Blobs,
    output: str | os.PathLike[str] | None = None,
    name: str | None = None,
    experiment: str | None = None,
    kernel: str | None = None,
    timeout: int | None = None,
    progress: Progress | None = None,
    executor: NotebookExecutor | None = None,
    engine: str = "nbclient",
    source: SourceNotebook | None = None,
    checkpoints: Checkpointing | None = None,
) -> RunId:
    """Run a notebook and record it; the kernel works in the notebook's folder.

    Parameters
    ----------
    path : path
        The notebook, relative to the working directory.
    parameters : mapping, optional
        Values by name; a `RawText` is converted to the declared kind.
    begin_run : BeginRun
        Begins the run.
    blobs : Blobs
        Where outputs and the executed notebook are kept.
    output : path, optional
        Where to save the executed notebook, too; a folder or a file.
    name, experiment : str, optional
        Of the run; without them the notebook's name.
    kernel : str, optional
        Which kernel; without it the notebook's own.
    timeout : int, optional
        Seconds that a cell may run.
    progress : Progress, optional
        Who shows how far it is.
    executor : NotebookExecutor, optional
        What runs the cells; without it what `engine` stands for.
    engine : str
        ``worker`` or ``nbclient``; see `executors.executor_for`.
    source : SourceNotebook, optional
        What `path` held when it was read before; running it uses it up.
    checkpoints : Checkpointing, optional
        Makes copies of the notebook's process, and goes on from one.

    Raises
    ------
    NotebookNotFoundError, UnknownParameterError, InvalidParameterError, NotebookError,
    InvalidInputError
        Before anything is begun or written.
    NotebookFailedError
        When a cell failed. Its run is ended as failed, with all cells so far.
    KeyboardInterrupt
        When interrupted; the run is ended as cancelled.
    """
    source = source or SourceNotebook.read(path)
    declared = source.parameters
    given = check_parameters(declared, parameters or {})
    target = target_of(source, output)
    check_engine(engine)
    kernel = kernel or kernel_of(source.node)
    if executor is None:
        check_kernel(kernel)
    run = begin_run(
        name=name or source.path.stem,
        experiment=experiment or source.path.stem,
        params=declared.effective(given),
        notebook=str(source.path),
    )
    run.masker.know(declared.secrets(given))
    recording = NotebookRecording(run, blobs, source.shown, progress)
    with held_back(), ended(run, recording):
        _execute(
            source,
            given,
            target,
            recording,
            kernel_name=kernel,
            execution_timeout=timeout,
            executor=executor,
            engine=engine,
            checkpoints=checkpoints,
        )
    return run.id


def _execute(
    source: SourceNotebook,
    given: dict[str, JsonValue],
    target: Path | None,
    recording: NotebookRecording,
    **options: Any,
) -> None:
    with _quiet():
        try:
            notebook = _filled_in(source, given, options["kernel_name"])
            NotebookEngine.execute_notebook(
                notebook,
                recording=recording,
                folder=source.path.parent,
                source=source.path,
                target=target,
                **options,
            )
            raise_for_execution_errors(notebook, None)
        except PapermillExecutionError:
            # papermill counts the error of a cell that may raise, too.
            if recording.failure is not None and target is not None:
                # It has put its marks at the failed cell by now.
                write_notebook(recording.notebook, str(target))
    if recording.failure is not None:
        raise recording.failure


def _filled_in(
    source: SourceNotebook, given: dict[str, JsonValue], kernel: str
) -> NotebookNode:
    """Have papermill put the parameters in, as its own `execute_notebook` does.

    That one also writes the whole notebook to text and reads it, and to nowhere. The
    source's own node is taken, which nobody needs after this.
    """
    notebook = source.node
    mark_for_papermill(notebook)
    if given:
        notebook = parameterize_notebook(
            notebook, given, kernel_name=kernel, language=source.language
        )
    notebook = prepare_notebook_metadata(notebook, None, None)
    return remove_error_markers(notebook)


@contextmanager
def ended(run: Run, recording: NotebookRecording) -> Iterator[None]:
    """End the run as its notebook ends."""
    try:
        yield
    except KeyboardInterrupt as error:
        run.end(Status.CANCELLED, error=error)
        raise
    except BaseException as error:
        run.end(Status.FAILED, error=_told(recording) or error)
        raise
    if recording.failure is None:
        run.end()
    else:
        run.end(Status.FAILED, error=_told(recording))


def _told(recording: NotebookRecording) -> errors.NotebookFailedError | None:
    """Return the cell's failure without the way it took through this package."""
    failure = recording.failure
    return None if failure is None else failure.with_traceback(None)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep papermill's log out of the user's terminal: our errors say it all."""
    log = logging.getLogger("papermill")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(level)


def target_of(
    source: SourceNotebook, output: str | os.PathLike[str] | None
) -> Path | None:
    """Return where the executed notebook is to be saved, if anywhere."""
    if output is None:
        return None
    target = Path(output).expanduser()
    if target.is_dir():
        target /= source.path.name
    if target.resolve() == source.path.resolve():
        raise errors.NotebookError(
            f"The executed notebook would take the place of {source.shown} itself. "
            f"Name another file with '-o'.",
            notebook=source.shown,
            output=str(target),
        )
    return target.absolute()
