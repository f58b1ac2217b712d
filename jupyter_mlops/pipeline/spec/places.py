"""Where files of a pipeline lie, and how a place in its file is told to be wrong."""

from __future__ import annotations

from posixpath import normpath
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlops import errors
from jupyter_mlops.pipeline.spec.references import resolve

if TYPE_CHECKING:
    from jupyter_mlops.pipeline.spec.pipeline import Pipeline
    from jupyter_mlops.pipeline.spec.references import Reference


def fixed_path(pipeline: Pipeline, path: str) -> str | None:
    """Return a path with the pipeline's parameters put in, None when steps are needed.

    It is normalised, and relative to the pipeline's folder unless it is absolute.
    """

    def look_up(reference: Reference) -> Any:
        if not reference.step:
            return pipeline.parameters[reference.name]
        other = pipeline.by_name.get(reference.step)
        if reference.kind == "outputs" and other and reference.name in other.outputs:
            return fixed_path(pipeline, other.outputs[reference.name])
        raise LookupError(str(reference))

    try:
        return normpath(str(resolve(path, look_up)))
    except LookupError:
        return None


def is_within(path: str, folder: str) -> bool:
    """Tell whether a normalised path is `folder`, or lies in it."""
    return folder in {path, "."} or path.startswith(f"{folder}/")


def refuse(reason: str, place: tuple[Any, ...], *, is_key: bool = False) -> NoReturn:
    """Say what is wrong, and where."""
    raise errors.PipelineError(reason, reason=reason, place=place, is_key=is_key)
