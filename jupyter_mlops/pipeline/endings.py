"""How a cell that did not go well ended, in words."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from jupyter_mlops.records import ErrorRecord

if TYPE_CHECKING:
    from nbformat import NotebookNode


def error_output(cell: NotebookNode) -> ErrorRecord | None:
    """Return the error that a cell shows, if any."""
    for output in reversed(cell.outputs):
        if output.output_type == "error":
            return ErrorRecord(
                name=output.ename,
                value=output.evalue,
                traceback="\n".join(output.traceback),
            )
    return None


def is_clean_exit(error: ErrorRecord) -> bool:
    """Tell whether a cell ended the notebook without saying that anything is wrong."""
    return error.name == "SystemExit" and error.value in ("", "0", "None")


def death_words(code: int | None) -> str:
    """Say how a kernel died: its exit status, or minus the signal that killed it."""
    if code is None:
        return "the kernel died"
    if code >= 0:
        return f"the kernel ended with exit status {code}"
    name = signal.Signals(-code).name
    hint = (
        ", as the system does when memory runs out" if -code == signal.SIGKILL else ""
    )
    return f"the kernel was killed by {name}{hint}"
