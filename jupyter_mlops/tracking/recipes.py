"""A recipe as a notebook: the cells as they ran, ready to run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.source import bindings
from jupyter_mlops.store import events

if TYPE_CHECKING:
    from jupyter_mlops.capture.masking import Masker
    from jupyter_mlops.capture.recipe import KeptCell, Recipe

ARTIFACT = "recipe.ipynb"
_MAGIC = "%%track"
_LOAD = "%load_ext jupyter_mlops"
_NO_PARAMETERS = "# Parameters that are set from outside go here."


def recipe_notebook(recipe: Recipe, run_id: str, masker: Masker) -> bytes:
    """Write a recipe as a notebook (nbformat 4.5).

    The cell asked for is recorded again when the notebook runs; the others are not.
    Why a cell is kept stands in its metadata.
    """
    # The extension is loaded by the head; a cell that does nothing else goes.
    cells = [item for item in recipe.cells if item.cell.source.strip() != _LOAD]
    kept = [_cell(item, masker, item.cell is recipe.target) for item in cells]
    first = cells[0]
    if len(kept) > 1 and _is_parameters(first.cell.python):
        kept[0]["metadata"].setdefault("tags", []).append("parameters")
        head = [_code("mlops-load", _LOAD)]
    else:
        tags = {"tags": ["parameters"]}
        head = [
            _code("mlops-load", _LOAD),
            _code("mlops-parameters", _NO_PARAMETERS, tags),
        ]
    told = {
        "run": run_id,
        "warnings": list(recipe.warnings),
        "unanalysable": [
            {"cell": item.cell.number, "why": item.why} for item in recipe.unanalysable
        ],
    }
    document = {
        "cells": head + kept,
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
            "jupyter_mlops": masker.texts(told),
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return events.dump(document)


def _cell(kept: KeptCell, masker: Masker, is_target: bool) -> dict[str, Any]:  # noqa: FBT001 - a fact of the one call
    source = kept.cell.source if is_target else _untracked(kept.cell.source)
    told = {
        "ran_as": kept.cell.execution_count,
        "cell_id": kept.cell.cell_id,
        "reasons": list(kept.reasons),
    }
    metadata: dict[str, Any] = {"jupyter_mlops": masker.texts(told)}
    if kept.cell.failed is not False and not is_target:
        # What it did before it failed may be needed: the cells after it ran, too.
        metadata["tags"] = ["raises-exception"]
    return _code(f"mlops-{kept.cell.index}", masker.text(source), metadata)


def _code(
    cell_id: str, source: str, metadata: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": cell_id,
        "execution_count": None,
        "metadata": metadata or {},
        "outputs": [],
        "source": source,
    }


def _untracked(source: str) -> str:
    lines = source.splitlines(keepends=True)
    return "".join(line for line in lines if line.split()[:1] != [_MAGIC])


def _is_parameters(python: str) -> bool:
    """Tell whether a cell does nothing but bind names to literals."""
    found = bindings(python)
    return bool(found.literals) and not found.computed and _is_plain(python)


def _is_plain(python: str) -> bool:
    import ast

    kinds = (ast.Assign, ast.AnnAssign)
    return all(isinstance(line, kinds) for line in ast.parse(python).body)
