"""Which of the values that a pipeline is given are secret, as its notebooks say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.parameters import DeclaredParameters
from jupyter_mlops.pipeline.spec.references import references
from jupyter_mlops.pipeline.versions.notebook import NotebookText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_mlops.pipeline.spec.pipeline import Pipeline, Step


def secret_values(
    pipeline: Pipeline, overrides: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the secrets among a pipeline's own parameters, and what overrides steps'.

    Parameters
    ----------
    overrides : mapping
        Values by step and parameter.

    Returns
    -------
    dict
        By the pipeline's parameter, or by ``step.parameter``.
    """
    return dict(_secrets(pipeline, overrides))


def _secrets(
    pipeline: Pipeline, overrides: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, Any]]:
    own = pipeline.parameters
    for step in pipeline.steps:
        given = dict(overrides.get(step.name, {}))
        if not given and not own:
            continue
        declared = _declared(pipeline, step)
        for name, value in declared.secrets(given).items():
            if name in given:
                yield f"{step.name}.{name}", str(value)
        for name in declared.secrets(dict.fromkeys(step.parameters, "?")):
            for reference in references({name: step.parameters.get(name, "")}):
                if not reference.step and own.get(reference.name):
                    yield reference.name, own[reference.name]


def _declared(pipeline: Pipeline, step: Step) -> DeclaredParameters:
    try:
        found = NotebookText.read(pipeline.folder / step.notebook, step.notebook)
    except errors.MlopsError:
        # The step says so itself, when it is its turn; names tell here.
        return DeclaredParameters(notebook=step.notebook, has_cell=False)
    return found.parameters
