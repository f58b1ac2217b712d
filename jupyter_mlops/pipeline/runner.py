"""Running one notebook from its file to its run's end."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import papermill
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from jupyter_mlops import errors
from jupyter_mlops.pipeline.engine import NotebookEngine, kernel_of
from jupyter_mlops.pipeline.nbclient_executor import check_kernel
from jupyter_mlops.pipeline.parameters import check_parameters
from jupyter_mlops.pipeline.recording import NotebookRecording
from jupyter_mlops.pipeline.saved_notebook import write_notebook
from jupyter_mlops.pipeline.source_notebook import SourceNotebook
from jupyter_mlops.records import Status

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.execution import NotebookExecutor, Progress
    from jupyter_mlops.records import JsonValue
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.tracking.run import Run

_ENGINE = "jupyter_mlops.notebook"
papermill_engines.register(_ENGINE, NotebookEngine)


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
        What runs the cells; without it nbclient.

    Raises
    ------
    NotebookNotFoundError, UnknownParameterError, InvalidParameterError, NotebookError
        Before anything is begun or written.
    NotebookFailedError
        When a cell failed. Its run is ended as failed, with all cells so far.
    KeyboardInterrupt
        When interrupted; the run is ended as cancelled.
    """
    source = SourceNotebook.read(path)
    declared = source.parameters
    given = check_parameters(declared, parameters or {})
    target = _target(source, output)
    kernel = kernel or kernel_of(source.node)
    if executor is None:
        check_kernel(kernel)
    run = begin_run(
        name=name or source.path.stem,
        experiment=experiment or source.path.stem,
        params=declared.effective(given),
        notebook=str(source.path),
    )
    recording = NotebookRecording(run, blobs, source.shown, progress)
    with ended(run, recording):
        _execute(
            source,
            given,
            target,
            recording,
            kernel_name=kernel,
            execution_timeout=timeout,
            executor=executor,
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
            # The path stays out of it: papermill reads braces in one as a template.
            papermill.execute_notebook(
                source.node,
                None,
                parameters=given,
                engine_name=_ENGINE,
                language=source.language,
                progress_bar=False,
                recording=recording,
                folder=source.path.parent,
                source=source.path,
                target=target,
                **options,
            )
        except PapermillExecutionError:
            # papermill counts the error of a cell that may raise, too.
            if recording.failure is not None and target is not None:
                # It has put its marks at the failed cell by now.
                write_notebook(recording.notebook, str(target))
    if recording.failure is not None:
        raise recording.failure


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


def _target(
    source: SourceNotebook, output: str | os.PathLike[str] | None
) -> Path | None:
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
