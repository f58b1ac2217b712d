"""Rows of a model's input that a user names: a file, or an object of its run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.workspace.tables import read_rows

if TYPE_CHECKING:
    from jupyter_mlops.registry.candidate import Candidate


def rows_named(candidate: Candidate, text: str) -> Any:
    """Return the rows that `text` names, as far as the model takes their columns.

    Parameters
    ----------
    text : str
        An object that the run keeps; else a file.

    Raises
    ------
    InvalidInputError
        When there are none, or the model takes other columns.
    """
    run = candidate.run
    if text in run.artifacts:
        found = run.artifact(text)
        rows = read_rows(found) if isinstance(found, Path) else found
    elif Path(text).is_file():
        rows = read_rows(Path(text))
    else:
        known = ", ".join(f"'{name}'" for name in run.artifacts) or "nothing"
        raise errors.InvalidInputError(
            f"'{text}' is no file, and nothing that run {run.id} keeps: {known}.",
            example=text,
        )
    return _taken(rows, candidate.artifact.meta.get("inputs") or {}, text)


def _taken(rows: Any, inputs: dict[str, Any], text: str) -> Any:
    """Leave out columns that the model does not take, such as the target.

    A signature of them would refuse what the model does take.
    """
    names, count = inputs.get("names"), inputs.get("count")
    columns = getattr(rows, "columns", None)
    if names and columns is not None:
        missing = [name for name in names if name not in list(columns)]
        if missing:
            raise errors.InvalidInputError(
                f"{text} lacks columns that the model was fitted with: "
                f"{', '.join(missing)}.",
                example=text,
                columns=missing,
            )
        return rows[list(names)]
    shape: tuple[int, ...] = getattr(rows, "shape", ())
    width = shape[1] if len(shape) > 1 else None
    if count is not None and width is not None and width != count:
        raise errors.InvalidInputError(
            f"{text} has {width} columns; the model takes {count}.",
            example=text,
            columns=width,
        )
    return rows
