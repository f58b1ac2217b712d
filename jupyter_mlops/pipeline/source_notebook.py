"""Finding and reading the notebook file that is to run."""

from __future__ import annotations

import difflib
import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from jupyter_mlops import errors
from jupyter_mlops.pipeline.engine import language_of
from jupyter_mlops.pipeline.parameter_cell import read_parameters
from jupyter_mlops.pipeline.parameters import DeclaredParameters

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from nbformat import NotebookNode

    from jupyter_mlops.records import JsonValue

_SHOWN = 5
_UNREADABLE = (
    nbformat.ValidationError,
    ValueError,
    KeyError,
    AttributeError,
    TypeError,
)


@dataclass(frozen=True, kw_only=True)
class SourceNotebook:
    """A notebook as its author left it.

    Attributes
    ----------
    path : Path
        Absolute.
    shown : str
        The path as given, for errors.
    """

    path: Path
    shown: str
    node: NotebookNode

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> SourceNotebook:
        """Read a notebook, relative to the working directory.

        Raises
        ------
        NotebookNotFoundError
            With `path` and `near`, the notebooks there whose names come close.
        NotebookError
            When the file is no notebook.
        """
        file = Path(path).expanduser()
        if not file.is_file():
            raise _not_found(file)
        return cls(path=file.absolute(), shown=str(path), node=_parsed(file))

    @property
    def language(self) -> str:
        """The language of its cells."""
        return language_of(self.node)

    @property
    def parameters(self) -> DeclaredParameters:
        """What it declares, read without running it.

        Raises
        ------
        NotebookError
            When its cell of parameters cannot be read.
        """
        return declared_parameters(self.node, self.shown)


def notebook_node(document: Mapping[str, Any]) -> NotebookNode:
    """Make a notebook of what its file holds, where texts may be lists of lines."""
    return _read(json.dumps(document))


def declared_parameters(node: NotebookNode, shown: str) -> DeclaredParameters:
    """Read what a notebook declares; of other languages than Python nothing."""
    if language_of(node).lower() not in ("python", "ipython"):
        return DeclaredParameters(notebook=shown, is_python=False)
    return read_parameters(node.cells, shown)


def effective_parameters(node: NotebookNode, shown: str) -> dict[str, JsonValue]:
    """Return what a notebook that papermill has filled in runs with."""
    given = dict(node.metadata.get("papermill", {}).get("parameters") or {})
    try:
        return declared_parameters(node, shown).effective(given)
    except errors.NotebookError:
        # papermill does not need the cell to be readable, so it is run all the same.
        return DeclaredParameters(notebook=shown, has_cell=False).effective(given)


def secret_parameters(node: NotebookNode, shown: str) -> dict[str, JsonValue]:
    """Return the secrets among what `effective_parameters` gives, by name."""
    given = dict(node.metadata.get("papermill", {}).get("parameters") or {})
    try:
        declared = declared_parameters(node, shown)
    except errors.NotebookError:
        declared = DeclaredParameters(notebook=shown, has_cell=False)
    return declared.secrets(given)


def _parsed(file: Path) -> NotebookNode:
    try:
        return _read(file.read_text(encoding="utf-8"))
    except _UNREADABLE as error:
        raise errors.NotebookError(
            f"{file} is no notebook that can be read: {type(error).__name__}. Open it "
            f"in JupyterLab to see what is wrong with it.",
            notebook=str(file),
        ) from error


def _read(text: str) -> NotebookNode:
    with warnings.catch_warnings():
        # Notebooks of older formats lack cell ids; they get some here.
        warnings.simplefilter("ignore")
        node = nbformat.reads(text, as_version=4)
        return nbformat.v4.upgrade(node) or node


def _not_found(file: Path) -> errors.NotebookNotFoundError:
    folder = file.parent
    try:
        names = sorted(item.name for item in folder.glob("*.ipynb"))
    except OSError:
        names = []
    # Without the suffix, since all names share it.
    stems = {name.removesuffix(".ipynb"): name for name in names}
    wanted = file.name.removesuffix(".ipynb")
    near = [stems[stem] for stem in difflib.get_close_matches(wanted, stems, n=3)]
    if file.is_dir():
        reason = f"{file} is a folder, not a notebook."
    else:
        reason = f"There is no notebook at {file}."
    if near:
        reason += f" Did you mean {' or '.join(near)}?"
    elif names:
        shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
        reason += f" In {folder} there is: {shown}."
    return errors.NotebookNotFoundError(reason, path=file, near=near, known=names)
