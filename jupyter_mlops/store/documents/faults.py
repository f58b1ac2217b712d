"""Faults in files that people write, as errors that show the place."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from jupyter_mlops.errors import MlopsError

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.store.documents.document import Place

Fault = TypeVar("Fault", bound=MlopsError)


def fault_at(
    kind: type[Fault], reason: str, place: Place, text: str, file: Path
) -> Fault:
    """Make an error that names file, line and column, with a caret under the place.

    Parameters
    ----------
    reason : str
        A sentence, or what a parser says in place of one.
    text : str
        The whole file.
    """
    if not reason.endswith("."):
        reason = f"{reason[:1].upper()}{reason[1:]}."
    lines = text.splitlines()
    line = lines[place.line - 1].expandtabs(1) if place.line <= len(lines) else ""
    caret = f"\n  {line}\n  {' ' * (place.column - 1)}^" if line.strip() else ""
    return kind(
        f"{file.name}, line {place.line}, column {place.column}: {reason}{caret}",
        path=file,
        line=place.line,
        column=place.column,
        reason=reason,
    )
