"""Which HTTP status an error of ours is, and its JSON: the only place that knows."""

from __future__ import annotations

from typing import Any

from jupyter_mlops import errors
from jupyter_mlops.server.wire import answers

_STATUSES: dict[type[Exception], int] = {
    errors.NotFoundError: 404,
    errors.AmbiguousRunError: 409,
    errors.InvalidInputError: 400,
    errors.NotebookError: 400,
    errors.PipelineError: 400,
    errors.WorkspaceReadOnlyError: 403,
    errors.WorkspaceError: 409,
    errors.BlobNotFoundError: 404,
    errors.IndexUnavailableError: 503,
    errors.StoreWriteError: 507,
    errors.RegistryError: 409,
    errors.RunEndedError: 409,
    errors.JobError: 409,
    errors.NoCheckpointError: 409,
}
_UNEXPECTED = 500
_TOLD = (str, int, float, bool)
"""Attributes of an error that go with it: plain values, never a path object."""


def status_of(error: BaseException) -> int:
    """Find the status by the nearest of the error's classes."""
    for kind in type(error).__mro__:
        if kind in _STATUSES:
            return _STATUSES[kind]
    return _UNEXPECTED


def error_json(error: BaseException) -> dict[str, Any]:
    """Say an error to the sidebar: a sentence, its kind, and what it is about."""
    if not isinstance(error, errors.MlopsError):
        sentence = "Something went wrong in jupyter_mlops; the server's log says what."
        return {"message": sentence, "error": "UnexpectedError", "details": {}}
    details = {
        name: value
        for name, value in vars(error).items()
        if name != "message" and isinstance(value, _TOLD)
    }
    told: dict[str, Any] = {
        "message": str(error),
        "error": type(error).__name__,
        "details": details,
    }
    if isinstance(error, errors.PromotionRefusedError):
        told["answers"] = answers(error.answers)
    return told
