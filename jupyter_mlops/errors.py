"""Every error that a user can meet.

::

    MlopsError
    ├── WorkspaceError            WorkspaceLayoutError  WorkspaceReadOnlyError
    ├── StoreError                StoreWriteError  BlobNotFoundError
    │                             BlobCorruptError  IndexUnavailableError
    ├── NotFoundError             RunNotFoundError  AmbiguousRunError
    │                             ExperimentNotFoundError  MetricNotFoundError
    │                             ArtifactNotFoundError  ModelNotFoundError
    │                             VersionNotFoundError  AliasNotFoundError
    │                             WorkspaceNotFoundError  JobNotFoundError
    ├── InvalidInputError         InvalidNameError  InvalidMetricError
    │                             InvalidParamError  InvalidUriError
    │                             FilterSyntaxError  UnstorableObjectError
    │                             InvalidModelInputError
    │                             SettingError  MagicUsageError
    ├── NoActiveRunError  RunEndedError
    ├── JobError                  AlreadyRunningError  JobEndedError
    │                             OutOfReachError
    ├── NotebookError             NotebookNotFoundError  NotebookFailedError
    │                             UnknownParameterError  InvalidParameterError
    │                             NoCheckpointError
    ├── PipelineError             PipelineFileError  StepFailedError
    │                             OutputMissingError  ClusterError
    └── RegistryError             UnsafeModelError  ChainBrokenError
                                  PromotionRefusedError  MissingLibraryError
                                  GatesFileError
                                  NotExportableError  HistoryConflictError
                                  RemoteError

Each keeps what it is about as attributes and says what happened, where, and what
to do next. No error here knows HTTP or an exit code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class MlopsError(Exception):
    """Base of all errors of jupyter_mlops.

    Keyword arguments become attributes, and the error survives pickling with
    them, since runs fail in other processes too.
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message)
        self.message = message
        self.__dict__.update(values)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.args, self.__dict__.copy()))

    def __str__(self) -> str:
        return self.message


def _rebuild(
    kind: type[MlopsError], args: tuple[Any, ...], values: dict[str, Any]
) -> MlopsError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(values)
    return error


class MlopsWarning(UserWarning):
    """Something of ours did not work; the user's own work goes on."""


# --- workspace and store ---------------------------------------------------------


class WorkspaceError(MlopsError):
    """The workspace folder cannot be used."""


class WorkspaceLayoutError(WorkspaceError):
    """The folder was laid out by a newer version, or is no workspace."""


class WorkspaceReadOnlyError(WorkspaceError):
    """The folder can be read but not written."""


class StoreError(MlopsError):
    """What is kept on disk cannot be read or written."""


class StoreWriteError(StoreError):
    """The disk did not take what was to be recorded."""


class BlobNotFoundError(StoreError):
    """No bytes are kept under this digest."""


class BlobCorruptError(StoreError):
    """The bytes on disk are not those that were stored."""


class IndexUnavailableError(StoreError):
    """The index database cannot be opened or brought up to date."""


# --- things that are not there ---------------------------------------------------


class NotFoundError(MlopsError):
    """Base of the errors for a name that stands for nothing."""


class RunNotFoundError(NotFoundError):
    """No run has this id, prefix or name."""


class AmbiguousRunError(NotFoundError):
    """The prefix fits several runs."""


class ExperimentNotFoundError(NotFoundError):
    """No experiment has this name."""


class MetricNotFoundError(NotFoundError):
    """The run has no metric of this name."""


class ArtifactNotFoundError(NotFoundError):
    """The run has no artifact of this name."""


class ModelNotFoundError(NotFoundError):
    """No model is registered under this name."""


class VersionNotFoundError(NotFoundError):
    """The model has no version of this number."""


class AliasNotFoundError(NotFoundError):
    """The model has no alias of this name."""


class WorkspaceNotFoundError(NotFoundError):
    """No workspace is at this place, or it is not to be shown."""


class JobNotFoundError(NotFoundError):
    """Nothing that was started in the background has this id."""


# --- bad input -------------------------------------------------------------------


class InvalidInputError(MlopsError):
    """Base of the errors for input that cannot be used; nothing was changed."""


class InvalidNameError(InvalidInputError):
    """A name is empty, too long, or would leave the folder."""


class InvalidMetricError(InvalidInputError):
    """A metric's value is not one number, or its step not an integer."""


class InvalidParamError(InvalidInputError):
    """A param's value has no JSON form."""


class InvalidUriError(InvalidInputError):
    """The text is neither a ``runs:/`` nor a ``models:/`` URI."""


class UnstorableObjectError(InvalidInputError):
    """No format is known for an object of this type."""


class InvalidModelInputError(InvalidInputError):
    """Data is not what a model takes; `problems` says why, by column."""


class SettingError(InvalidInputError):
    """A setting is unknown or has a value of the wrong kind."""


class MagicUsageError(InvalidInputError):
    """The line of a magic cannot be read."""


class FilterSyntaxError(InvalidInputError):
    """A run filter cannot be read.

    Attributes
    ----------
    text : str
        The filter as given.
    position : int
        Where in `text` it stops making sense, from 0.
    reason : str
        What was expected there.
    """

    text: str
    position: int
    reason: str

    def __init__(self, text: str, position: int, reason: str) -> None:
        caret = " " * position + "^"
        super().__init__(
            f"The filter cannot be read: {reason}\n  {text}\n  {caret}",
            text=text,
            position=position,
            reason=reason,
        )
        self.args = (text, position, reason)


# --- a run's life ----------------------------------------------------------------


class NoActiveRunError(MlopsError):
    """A log call came while no run was active."""

    def __init__(self, call: str) -> None:
        super().__init__(
            f"{call} needs an active run. Put %%track above the cell, or write "
            f"'with mlops.start_run():' around the code.",
            call=call,
        )
        self.args = (call,)


class RunEndedError(MlopsError):
    """A log call came after its run had ended."""


# --- notebooks in batch ----------------------------------------------------------


class NotebookError(MlopsError):
    """A notebook cannot be run."""


class NotebookNotFoundError(NotebookError):
    """There is no notebook at this path."""


class NotebookFailedError(NotebookError):
    """A cell of the notebook failed; its run keeps what came before."""


class NoCheckpointError(NotebookError):
    """No state of a run is held in memory."""


class UnknownParameterError(NotebookError):
    """The notebook has no parameter of this name."""


class InvalidParameterError(NotebookError):
    """A parameter's value is not of the kind that the notebook declares."""


# --- work in the background ------------------------------------------------------


class JobError(MlopsError):
    """Base of the errors about what runs in the background."""


class AlreadyRunningError(JobError):
    """The very same is being run; `job`, `by` and `run_id` say more if known."""


class JobEndedError(JobError):
    """There is nothing to cancel any more."""


class OutOfReachError(JobError):
    """What does the work cannot be interrupted here; `host`, `process` say more."""


# --- pipelines -------------------------------------------------------------------


class PipelineError(MlopsError):
    """A pipeline makes no sense, or cannot be run."""

    reason: str = ""
    place: Sequence[str | int] = ()
    is_key: bool = False


class PipelineFileError(PipelineError):
    """A pipeline's file cannot be read; `line` and `column` say where."""


class StepFailedError(PipelineError):
    """A step of a pipeline failed, or took too long; its run is recorded."""


class OutputMissingError(StepFailedError):
    """A step ended without having written what it declares."""


class ClusterError(StepFailedError):
    """A cluster cannot be reached, lost a step, or cannot be given what it needs."""


# --- the registry ----------------------------------------------------------------


class RegistryError(MlopsError):
    """The model registry refuses."""


class UnsafeModelError(RegistryError):
    """Loading would run code that the user has not allowed."""


class ChainBrokenError(RegistryError):
    """A model's history was changed after it was written."""


class MissingLibraryError(RegistryError):
    """The library of this kind of model is not installed."""


class PromotionRefusedError(RegistryError):
    """An alias cannot be moved to this version; `answers` are those of all gates."""

    answers: Sequence[Any] = ()


class GatesFileError(RegistryError):
    """The file of gates cannot be read; `line` and `column` say where."""


class NotExportableError(RegistryError):
    """A model cannot take the form that was asked for."""


class HistoryConflictError(RegistryError):
    """Two histories of one model have gone different ways."""


class RemoteError(RegistryError):
    """What is elsewhere cannot be reached, refuses, or is not what it should be."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known name `name` may have meant: a hint for the end of an error.

    Returns
    -------
    str
        ``" Did you mean 'auc'?"``, else a short list of what exists, else empty.
    """
    import difflib

    names: Sequence[str] = sorted(set(known))
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f" Did you mean '{close[0]}'?"
    if not names:
        return ""
    shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")  # noqa: PLR2004 - a line's worth of names
    return f" There is: {shown}."
