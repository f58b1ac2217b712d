"""``pipeline.yaml``, read: every error says line, column and the nearest known name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.spec import fields
from jupyter_mlops.pipeline.spec.pipeline import FILE_NAME, Pipeline, Retry, Step
from jupyter_mlops.store.documents import (
    Document,
    DocumentFaultError,
    FieldFaultError,
    Place,
    fault_at,
    read_document,
    read_fields,
)

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
        raise fault_at(
            errors.PipelineFileError, str(fault), fault.place, text, file
        ) from None
    try:
        return _pipeline(document.value, file)
    except FieldFaultError as fault:
        place = document.place(fault.path, is_key=fault.is_key)
        raise fault_at(
            errors.PipelineFileError, str(fault), place, text, file
        ) from None
    except errors.PipelineError as error:
        place = _known_place(document, error)
        raise fault_at(
            errors.PipelineFileError, error.reason, place, text, file
        ) from None


def _pipeline(value: Any, file: Path) -> Pipeline:
    if value is None:
        raise FieldFaultError("The file is empty: it lacks 'steps'.", ())
    found = read_fields(value, (), "A pipeline", fields.PIPELINE)
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
    found = read_fields(value, path, f"The step '{name}'", fields.STEP)
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
