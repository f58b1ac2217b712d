"""``pipeline.yaml``, read: every error says line, column and the nearest known name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.spec import fields
from jupyter_mlops.pipeline.spec.document import (
    Document,
    DocumentFaultError,
    Place,
    read_document,
)
from jupyter_mlops.pipeline.spec.pipeline import FILE_NAME, Pipeline, Retry, Step

if TYPE_CHECKING:
    import os

_NAMES = (FILE_NAME, "pipeline.yml")


def read_pipeline(path: str | os.PathLike[str]) -> Pipeline:
    """Read a pipeline's file; its paths are relative to the file's folder.

    Raises
    ------
    PipelineFileError
        With `line` and `column`, when there is no such file or it makes no sense.
    """
    file = Path(path).expanduser()
    if file.is_dir():
        file = next(
            (file / n for n in _NAMES if (file / n).is_file()), file / FILE_NAME
        )
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise errors.PipelineFileError(
            f"There is no pipeline to read at {file}: {reason}. Write one, or have it "
            f"proposed by 'jupyter mlops init --from-notebooks DIR'.",
            path=file,
        ) from error
    return parse_pipeline(text, file.absolute())


def parse_pipeline(text: str, file: Path) -> Pipeline:
    """Read a pipeline's text as that of `file`."""
    try:
        document = read_document(text)
    except DocumentFaultError as fault:
        raise _error(f"{_sentence(str(fault))}", fault.place, text, file) from None
    try:
        return _pipeline(document.value, file)
    except fields.FieldFaultError as fault:
        place = document.place(fault.path, is_key=fault.is_key)
        raise _error(str(fault), place, text, file) from None
    except errors.PipelineError as error:
        place = _known_place(document, error)
        raise _error(error.reason, place, text, file) from None


def _pipeline(value: Any, file: Path) -> Pipeline:
    if value is None:
        raise fields.FieldFaultError("The file is empty: it lacks 'steps'.", ())
    found = fields.read_fields(value, (), "A pipeline", fields.PIPELINE)
    name = found.get("name") or _name_of(file)
    steps = [_step(key, inner) for key, inner in found["steps"].items()]
    return Pipeline(
        name,
        tuple(steps),
        parameters=found.get("parameters", {}),
        folder=file.parent,
        file=file,
        description=found.get("description", ""),
    )


def _step(name: str, value: Any) -> Step:
    path = ("steps", name)
    found = fields.read_fields(value, path, f"The step '{name}'", fields.STEP)
    limits = found.pop("timeout", {})
    retry = found.pop("retries", Retry())
    return Step(
        name,
        **found,
        retry=retry,
        cell_timeout=limits.get("cell"),
        timeout=limits.get("step"),
    )


def _name_of(file: Path) -> str:
    """Name a pipeline after its file, or its folder when the file is called so too."""
    return file.parent.name or "pipeline" if file.name in _NAMES else file.stem


def _known_place(document: Document, error: errors.PipelineError) -> Place:
    return document.place(tuple(error.place), is_key=error.is_key)


def _sentence(reason: str) -> str:
    return reason if reason.endswith(".") else f"{reason[:1].upper()}{reason[1:]}."


def _error(
    reason: str, place: Place, text: str, file: Path
) -> errors.PipelineFileError:
    lines = text.splitlines()
    line = lines[place.line - 1].expandtabs(1) if place.line <= len(lines) else ""
    caret = f"\n  {line}\n  {' ' * (place.column - 1)}^" if line.strip() else ""
    return errors.PipelineFileError(
        f"{file.name}, line {place.line}, column {place.column}: {reason}{caret}",
        path=file,
        line=place.line,
        column=place.column,
        reason=reason,
    )
