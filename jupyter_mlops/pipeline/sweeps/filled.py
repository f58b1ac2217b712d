"""A point's notebook: the values in the cell that papermill puts them into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papermill.execute import prepare_notebook_metadata, remove_error_markers
from papermill.parameterize import parameterize_notebook

from jupyter_mlops.pipeline.parameters import check_parameters
from jupyter_mlops.pipeline.saved_notebook import mark_for_papermill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.source_notebook import SourceNotebook

INJECTED = "injected-parameters"
EMPTY = "# Parameters\n"
"""An injected cell without values; it counts as a cell that ran, too."""


def as_it_runs(
    source: SourceNotebook, given: Mapping[str, Any], kernel: str
) -> NotebookNode:
    """Return a notebook as it would run alone, its own node used up.

    Raises
    ------
    UnknownParameterError, InvalidParameterError
        When what is given does not fit its parameters.
    """
    values = check_parameters(source.parameters, given)
    return filled_in(source, values, kernel) if values else source.node


def filled_in(
    source: SourceNotebook, values: Mapping[str, Any], kernel: str
) -> NotebookNode:
    """Put values into a notebook, whose own node is used up."""
    notebook = source.node
    mark_for_papermill(notebook)
    notebook = parameterize_notebook(
        notebook, dict(values), kernel_name=kernel, language=source.language
    )
    notebook = prepare_notebook_metadata(notebook, None, None)
    notebook = remove_error_markers(notebook)
    cell = notebook.cells[injected_at(notebook)]
    cell.source = cell.source or EMPTY
    return notebook


def injected_at(notebook: NotebookNode) -> int:
    """Return which cell holds the values."""
    for index, cell in enumerate(notebook.cells):
        if INJECTED in cell.metadata.get("tags", ()):
            return index
    raise AssertionError("papermill has put one in")
