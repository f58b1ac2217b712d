"""What is refused before anything starts."""

from __future__ import annotations

import pytest

from jupyter_mlops import errors

from .conftest import write_notebook


@pytest.fixture
def train(workspace):
    return write_notebook(
        workspace.layout.project / "train.ipynb", "1", parameters="rate = 0.1"
    )


@pytest.fixture(autouse=True)
def _nothing_is_begun(workspace):
    yield
    assert list(workspace.layout.journals.iterdir()) == []
    assert list(workspace.layout.blobs.rglob("*.part")) == []


@pytest.mark.usefixtures("train")
def test_missing_notebook_gets_the_nearest(workspace):
    with pytest.raises(errors.NotebookNotFoundError, match=r"train\.ipynb") as caught:
        workspace.notebooks.run("trian.ipynb")
    assert caught.value.near == ["train.ipynb"]


@pytest.mark.usefixtures("train")
def test_folder_is_no_notebook(workspace):
    with pytest.raises(errors.NotebookNotFoundError, match="is a folder"):
        workspace.notebooks.run(workspace.layout.project)


@pytest.mark.usefixtures("train")
def test_misspelt_parameter_starts_nothing(workspace):
    with pytest.raises(errors.UnknownParameterError, match="'rate'"):
        workspace.notebooks.run("train.ipynb", {"raet": 1}, output="out.ipynb")
    assert not (workspace.layout.project / "out.ipynb").exists()


@pytest.mark.usefixtures("train")
def test_unfit_parameter_starts_nothing(workspace):
    with pytest.raises(errors.InvalidParameterError, match="a number"):
        workspace.notebooks.run("train.ipynb", {"rate": "high"})


@pytest.mark.usefixtures("train")
def test_missing_kernel_gets_the_nearest(workspace):
    with pytest.raises(errors.NotebookError, match="'python3'") as caught:
        workspace.notebooks.run("train.ipynb", kernel="pyton3")
    assert caught.value.kernel == "pyton3"


@pytest.mark.parametrize("output", ["train.ipynb", "."])
@pytest.mark.usefixtures("train")
def test_output_never_replaces_the_source(workspace, output):
    with pytest.raises(errors.NotebookError, match="take the place"):
        workspace.notebooks.run("train.ipynb", output=output)


@pytest.mark.parametrize("text", ["no json", "[]", '{"cells": 3}', "\udce9"])
def test_other_files_are_no_notebooks(workspace, text):
    file = workspace.layout.project / "a.ipynb"
    file.write_text(text, errors="surrogateescape")
    with pytest.raises(errors.NotebookError, match="no notebook that can be read"):
        workspace.notebooks.run(file)
