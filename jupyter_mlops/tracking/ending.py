"""How a run ended, told by the exception that ended it."""

from __future__ import annotations

import traceback

from jupyter_mlops.errors import NotebookFailedError
from jupyter_mlops.kinds import Status


def status_of(error: BaseException | None) -> Status:
    """Return the state of a run that this ended; ``sys.exit(0)`` is a good end."""
    if error is None or (isinstance(error, SystemExit) and not error.code):
        return Status.FINISHED
    if isinstance(error, KeyboardInterrupt):
        return Status.CANCELLED
    return Status.FAILED


def error_fields(error: BaseException | None) -> dict[str, str] | None:
    """Return what the ``end`` event keeps of an error, None when it was none.

    Of a notebook that failed it is the error of its cell: what came of that in the
    process that runs notebooks tells nobody anything.
    """
    if error is None or status_of(error) is Status.FINISHED:
        return None
    told = vars(error)
    if isinstance(error, NotebookFailedError) and "ename" in told:
        return {
            "name": told["ename"],
            "value": told["evalue"],
            "traceback": told["traceback"],
        }
    return {
        "name": type(error).__name__,
        "value": str(error),
        "traceback": "".join(traceback.format_exception(error)),
    }
