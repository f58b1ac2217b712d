"""Notebooks' runs gone on with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.api.place import here

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from jupyter_mlops.workspace.resuming import ResumeOutcome


def resume(
    run: str,
    *,
    from_cell: str | int | None = None,
    parameters: Mapping[str, Any] | None = None,
    timeout: int | None = None,
    output: str | os.PathLike[str] | None = None,
) -> ResumeOutcome:
    """Go on with a notebook's run, as a new run that names it.

    Cells before the first that failed, or whose code has changed, are not run again,
    as far as a checkpoint of them is held in memory.

    Parameters
    ----------
    run : str
        Its id, the beginning of one, or ``last``.
    from_cell : str or int, optional
        Run this cell and all after it: its id, or its position from 0.
    parameters : mapping, optional
        In place of the run's.
    timeout : int, optional
        Seconds that a cell may take; as before.
    output : path, optional
        Where to save the executed notebook, too; as before.

    Returns
    -------
    ResumeOutcome
        ``.run .origin .restored .saved_seconds .why``

    Raises
    ------
    NotebookFailedError
        When a cell failed; the new run is recorded.
    """
    return here().notebooks.resume(
        run,
        from_cell=None if from_cell is None else str(from_cell),
        parameters=parameters,
        timeout=timeout,
        output=output,
    )
