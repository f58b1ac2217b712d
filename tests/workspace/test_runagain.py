"""A run done again with other values: by its recipe, or its notebook."""

import nbformat
import pytest

from jupyter_mlops import errors
from jupyter_mlops.records import Kind
from jupyter_mlops.tracking.recipes import ARTIFACT
from jupyter_mlops.workspace import Workspace
from jupyter_mlops.workspace.runagain import Again


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace(tmp_path)
    yield workspace
    workspace.close()


def notebook(*sources, tags=()):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = list(tags)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def test_notebook_runs_as_it_was_with_another_value(workspace, tmp_path):
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook("C = 1\nD = 2", "print(C, D)", tags=["parameters"]), path)
    first = workspace.notebooks.run(path, {"D": 5}, engine="nbclient")
    path.unlink()
    again = Again.of(workspace, first)
    assert {"C", "D"} == set(again.declared.by_name)
    found = workspace.get_run(again.start({"C": 7}))
    assert found.params == {"C": 7, "D": 5}
    assert found.cells[-1].outputs[0]["text"] == "7 5\n"
    with pytest.raises(errors.UnknownParameterError):
        again.checked({"E": 1})


def test_cell_runs_by_its_recipe(workspace, tmp_path):
    with workspace.start_run("fit", kind=Kind.CELL, params={"C": 0.5}) as run:
        path = tmp_path / ARTIFACT
        nbformat.write(notebook("C = 0.5", "print('C is', C)"), path)
        run.log_artifact(path, ARTIFACT)
    again = Again.of(workspace, run.id)
    with pytest.raises(errors.InvalidParameterError):
        again.checked({"C": "much"})
    found = workspace.get_run(again.start({"C": 2.5}))
    assert found.cells[-1].outputs[0]["text"] == "C is 2.5\n"
    assert found.name == "fit"


def test_run_that_goes_on_is_refused(workspace):
    with (
        workspace.start_run("live") as run,
        pytest.raises(errors.NotFoundError, match="keeps nothing"),
    ):
        Again.of(workspace, run.id)
