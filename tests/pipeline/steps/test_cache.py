"""Steps that need not run: what counts as the same, what does not, and what is said."""

from __future__ import annotations

import os

import pytest

from jupyter_mlops.records import Kind, Status
from jupyter_mlops.workspace import Workspace

from .conftest import BOTH, RAN, Project

SAME = {
    "a comment in a cell": ("prepare.ipynb", "rows = [int", "# why\\nrows = [int"),
    "formatting of a cell": ("prepare.ipynb", "Path(raw).read", "Path( raw ) . read"),
    "a comment in a module": ("inner.py", "two = 2", "two = 2  # pairs\n\n"),
    "formatting of a module": ("helper.py", "x * two", "(x\n  * two)"),
    "quotes": ("prepare.ipynb", "Path('note.txt')", 'Path(\\"note.txt\\")'),
    "a description": ("pipeline.yaml", "name: demo", "name: demo\ndescription: x"),
    "another file": ("data/other.csv", "", "1"),
    "an unknown module": ("unused.py", "", "x = 1"),
}
DIFFERENT = {
    "code": ("prepare.ipynb", "* factor", "* factor + 0", "cell 4 changed"),
    "a new cell": (
        "prepare.ipynb",
        '"cells": [',
        '"cells": [' + "{NEW}",
        "cell 0 is new",
    ),
    "a module": ("helper.py", "x * two", "x * two * 1", "helper.py changed"),
    "a module's module": ("inner.py", "two = 2", "two = 3", "inner.py changed"),
    "a docstring": ("inner.py", "two = 2", "'''doc'''\ntwo = 2", "inner.py changed"),
    "an input": ("data/raw.csv", "3", "4", "the input raw changed"),
    "an undeclared file": ("note.txt", "noted", "Noted", "note.txt, which it reads"),
    "a parameter": ("pipeline.yaml", "factor: 2", "factor: 3", "factor 2 → 3"),
    "a default": ("prepare.ipynb", "factor = 1", "factor = 5", "cell 0 changed"),
    "an output's place": ("pipeline.yaml", "out/f", "new/f", "goes to new/features"),
}
USUAL = {"a comment in a cell", "a comment in a module", "another file"}
USUAL |= {"code", "a module's module", "an input", "an undeclared file", "a parameter"}


def usual(changes):
    """The usual changes are made in every run of the tests, the others in long ones."""
    for what in changes:
        yield pytest.param(what, marks=() if what in USUAL else pytest.mark.slow)


def test_second_time_all_is_cached(project):
    assert project.states() == RAN
    assert project.states() == BOTH
    assert project.why("prepare") == []


@pytest.mark.parametrize("what", [*usual(SAME)])
def test_what_does_not_count(project, what):
    project.run()
    name, old, new = SAME[what]
    if old:
        project.edit(name, old, new)
    else:
        project.write(name, new)
    assert project.states() == BOTH


@pytest.mark.parametrize("what", [*usual(DIFFERENT)])
def test_what_counts(project, what):
    project.run()
    name, old, new, words = DIFFERENT[what]
    cell = '{"cell_type": "code", "id": "n", "metadata": {}, "source": "n = 1", '
    cell += '"outputs": [], "execution_count": null}, '
    project.edit(name, old, new.replace("{NEW}", cell))
    assert words in "; ".join(project.why("prepare"))
    assert project.states()["prepare"] == "finished"
    assert project.states() == BOTH


def test_same_output_stops_the_change(project):
    project.run()
    project.edit("prepare.ipynb", "* factor", "* factor + 0")
    assert project.states() == {"prepare": "finished", "train": "cached"}


def test_earlier_version_comes_back(project):
    project.run()
    first = project.read("out/model.txt")
    project.edit("pipeline.yaml", "factor: 2", "factor: 3")
    assert project.states() == RAN
    project.edit("pipeline.yaml", "factor: 3", "factor: 2")
    assert project.states() == BOTH
    assert project.read("out/model.txt") == first


def test_lost_output_is_brought_back(project):
    project.run()
    before = project.read("out/features.csv")
    os.remove(project.folder / "out/features.csv")
    outcome = project.run()
    assert outcome.steps["prepare"].notes == ["out/features.csv is brought back"]
    assert project.read("out/features.csv") == before


def test_edited_output_does_not_harm_the_blob(project):
    project.run()
    before = project.read("out/features.csv")
    os.remove(project.folder / "out/features.csv")
    project.run()
    with open(project.folder / "out/features.csv", "r+") as file:
        file.write("MINE")
    notes = project.run().steps["prepare"].notes
    assert "had been changed" in notes[0]
    assert project.read("out/features.csv") == before


def test_cached_step_is_a_run(project):
    first = project.run()
    outcome = project.run()
    run = project.workspace.get_run(outcome.run_id)
    assert (run.record.kind, run.status) == (Kind.PARENT, Status.FINISHED)
    steps = {child.name: child for child in run.children}
    assert {child.record.kind for child in run.children} == {Kind.STEP}
    assert steps["train"].tags == {"mlops.cached": first.steps["train"].run_id}
    assert steps["train"].metrics == {"auc": 0.25}
    assert steps["train"].params["C"] == 0.5


def test_forced_steps_run(project):
    project.run()
    assert project.states(force=True) == RAN
    assert project.states(only="train", force=True) == {
        "prepare": "cached",
        "train": "finished",
    }


def test_lost_blob_is_made_again(project):
    first = project.run()
    digest = first.steps["prepare"].outputs["features"].digest
    blob = project.workspace.store.blobs.where(digest)
    os.remove(blob)
    assert project.why("prepare") == ["its outputs are not kept any more"]
    assert project.states() == {"prepare": "finished", "train": "cached"}


def test_damaged_blob_is_made_again(project):
    first = project.run()
    digest = first.steps["prepare"].outputs["features"].digest
    blob = project.workspace.store.blobs.where(digest)
    os.chmod(blob, 0o644)
    with open(blob, "r+") as file:
        file.write("XX")
    os.remove(project.folder / "out/features.csv")
    os.remove(project.folder / "out/model.txt")
    assert project.states()["prepare"] == "finished"


def test_ledger_may_be_deleted(project):
    import shutil

    project.run()
    project.write("inner.py", "two = 3")
    project.run()
    shutil.rmtree(project.folder / ".mlops/versions")
    assert project.states() == BOTH
    project.write("inner.py", "two = 2")
    shutil.rmtree(project.folder / ".mlops/versions")
    assert project.states() == BOTH
    assert project.why("train", {"train.C": 1}) == ["C 0.5 → 1.0"]


def test_step_without_cache_runs(project):
    project.edit("pipeline.yaml", "  train:", "    cache: false\n  train:")
    project.run()
    assert project.states() == {"prepare": "finished", "train": "cached"}


def test_parameters_from_outside(project):
    project.run()
    assert project.why("train", {"train.C": 0.3}) == ["C 0.5 → 0.3"]
    outcome = project.run({"train.C": 0.3})
    assert outcome.steps["train"].metrics == {"auc": 0.15}
    assert project.states() == BOTH


def test_secrets_are_nowhere_in_the_workspace(project):
    secret = "hunter2-Xk9vQ2pL7mRt"
    project.notebook("train.ipynb", "len(api_key)", parameters="api_key = ''")
    text = project.read("pipeline.yaml").partition("  train:")[0]
    project.write("pipeline.yaml", text + "  train:\n    notebook: train.ipynb\n")
    project.run({"train.api_key": secret})
    assert project.states({"train.api_key": secret})["train"] == "cached"
    assert project.why("train", {"train.api_key": "other-Zk3vQ9pL1mRt"}) == [
        "api_key changed"
    ]
    for file in (project.folder / ".mlops").rglob("*"):
        assert not file.is_file() or secret.encode() not in file.read_bytes(), file


def test_file_that_only_a_text_names_counts(project):
    project.write("queried.db", "1")
    project.edit(
        "prepare.ipynb", "rows = [int", "q = 'select from queried.db';rows = [int"
    )
    project.run()
    assert project.states() == BOTH
    project.write("queried.db", "2")
    assert project.why("prepare") == ["queried.db, which its code names, changed"]


def test_project_behind_a_link(project, tmp_path):
    (tmp_path / "link").symlink_to(project.folder)
    workspace = Workspace(tmp_path / "link")
    linked = Project(workspace)
    assert linked.run().steps["prepare"].notes == []
    assert linked.states() == BOTH
    linked.write("note.txt", "other")
    assert linked.why("prepare") == ["note.txt, which it reads, changed"]
    workspace.close()
