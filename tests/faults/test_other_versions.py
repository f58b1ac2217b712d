"""What newer versions, other users and strange files leave in a workspace."""

from __future__ import annotations

import json
import os

import pytest

import jupyter_mlops as mlops
from jupyter_mlops.api import place
from jupyter_mlops.errors import WorkspaceError, WorkspaceLayoutError
from jupyter_mlops.records import Kind, Status
from jupyter_mlops.workspace import Workspace


def rewrite(path, change):
    """Let `change` edit each event of a journal."""
    found = [json.loads(line) for line in path.read_bytes().splitlines()]
    lines = [json.dumps(event) for event in change(found)]
    path.write_text("\n".join(lines) + "\n")


def test_unknown_kinds_and_fields_are_passed_over(
    workspace, recorded, journals_of, everything
):
    before = everything(workspace)
    time = 1_790_000_000_000_000

    def from_the_future(found):
        for event in found:
            yield {"e": "hologram", "t": time, "depth": 3, "k": "a", "v": 9.0}
            yield event | {"unit": "m/s", "more": {"deep": [1]}}
        yield {"e": "teleport"}

    for run_id in recorded:
        rewrite(journals_of(run_id)[0], from_the_future)
    assert workspace.store.index.rebuild().problems == []
    assert everything(workspace) == before


def test_unknown_words_are_shown_plainly(workspace, recorded, journals_of):
    def from_the_future(found):
        new = {"start": {"kind": "dream"}, "end": {"status": "teleported"}}
        return [event | new.get(event["e"], {}) for event in found]

    rewrite(journals_of(recorded[0])[0], from_the_future)
    workspace.store.index.rebuild()
    found = workspace.get_run(recorded[0])
    assert (found.record.kind, found.status) == (Kind.SCRIPT, Status.FAILED)
    assert len(found.history("a")) == 50


def test_strange_files_are_no_runs(workspace, recorded, everything):
    before = everything(workspace)
    folder = workspace.layout.journals
    (folder / "notes.txt").write_text("mine")
    (folder / ("0" * 26)).write_text("a file where a run's folder would be")
    (folder / "not a run").mkdir()
    (folder / recorded[0] / "notes.txt").write_text("mine")
    (folder / recorded[0] / "folder").mkdir()
    assert everything(workspace) == before
    workspace.store.index.rebuild()
    assert everything(workspace) == before


@pytest.mark.parametrize("text", ["2", "999999999999", "soon", "", "²", "-1"])
def test_other_layout_is_refused_untouched(workspace, recorded, contents, text):
    workspace.runs()
    workspace.close()
    workspace.layout.format_file.write_text(text)
    before = contents(workspace.layout.project)
    place.workspaces.clear()
    for call in (
        mlops.runs,
        mlops.start_run,
        mlops.models,
        lambda: mlops.get_run("last"),
    ):
        with pytest.raises(WorkspaceLayoutError) as caught:
            call()
        assert str(workspace.layout.folder) in str(caught.value)
    assert caught.value.folder == workspace.layout.folder
    assert caught.value.found == (int(text) if text.isdecimal() else text)
    assert contents(workspace.layout.project) == before


def test_tracked_cell_leaves_newer_layout_alone(
    plain_shell, workspace, contents, capsys
):
    workspace.layout.format_file.write_text("2")
    before = contents(workspace.layout.project)
    result = plain_shell.run_cell("%%track\n40 + 2", store_history=True)
    assert result.result == 42
    (warned,) = capsys.readouterr().err.splitlines()
    assert "upgrade" in warned
    assert contents(workspace.layout.project) == before


def test_folder_that_is_no_workspace_is_refused(tmp_path):
    (tmp_path / ".mlops").write_text("a file")
    with pytest.raises(WorkspaceError) as caught:
        Workspace(tmp_path)
    assert caught.value.folder == tmp_path / ".mlops"
    assert (tmp_path / ".mlops").read_text() == "a file"


# --- somebody who may only read --------------------------------------------------

READ = """
import jupyter_mlops as mlops
table = mlops.runs("metrics.m >= 0", order_by="metrics.m")
print(list(table["name"]))
run = mlops.get_run("last")
print(run.status, run.metrics, list(run.history("m")["value"]), run.artifact("text"))
print(run.artifact("file.txt").read_text(), list(mlops.models()["name"]))
"""

WRITE = """
import os
import jupyter_mlops as mlops
from jupyter_mlops.errors import WorkspaceReadOnlyError
run = mlops.get_run("last")
for call in (mlops.start_run, lambda: run.set_tag("a", 1), lambda: run.log_note("b")):
    try:
        call()
    except WorkspaceReadOnlyError as error:
        print(error.folder, error)
    assert mlops.current_run() is None
"""


@pytest.fixture
def shared(reader):
    """A workspace with one run, in a place that others may enter."""
    workspace = Workspace(reader.place)
    source = reader.place / "file.txt"
    source.write_text("kept")
    with workspace.start_run("one", experiment="e") as run:
        run.log_metric("m", 1.5)
        run.log_object("text", "words")
        run.log_artifact(source)
    yield workspace
    workspace.close()


@pytest.mark.parametrize(
    "state", ["indexed", "open", "behind", "never indexed", "broken"]
)
def test_read_only_workspace_can_be_read(shared, reader, contents, state):
    if state != "never indexed":
        shared.runs()
    if state == "behind":
        with shared.start_run("two", experiment="e") as run:
            run.log_metric("m", 1.5)
            run.log_object("text", "words")
            run.log_artifact(reader.place / "file.txt")
    if state != "open":
        shared.close()
    if state == "broken":
        os.truncate(shared.layout.index, 5000)
    seen = reader(reader.place, READ).splitlines()
    names = ["one", "two"] if state == "behind" else ["one"]
    assert sorted(eval(seen[0])) == names
    assert seen[1:] == ["finished {'m': 1.5} [1.5] words", "kept []"]


def test_read_only_workspace_is_not_touched(shared, reader, contents):
    shared.runs()
    shared.close()
    reader(reader.place, "pass")
    before = contents(reader.place)
    said = reader(reader.place, READ + WRITE).splitlines()[-3:]
    assert len(said) == 3
    assert all(line.startswith(str(shared.layout.folder)) for line in said)
    assert all("only read" in line for line in said)
    assert contents(reader.place) == before


def test_copied_index_does_not_stay_behind(shared, reader):
    shared.runs()
    shared.close()
    # A path that artifact() gives is the caller's to keep; the index is not.
    reader(reader.place, "import jupyter_mlops as mlops; mlops.runs()")
    assert list(reader.scratch.iterdir()) == []


def test_closed_workspace_is_said(shared, reader):
    shared.close()
    reader(reader.place, "pass")
    code = """
import jupyter_mlops as mlops
from jupyter_mlops.errors import WorkspaceError
try:
    mlops.runs()
except WorkspaceError as error:
    print(error)
"""
    place = shared.layout.folder
    place.chmod(0o700)
    said = reader.again(reader.place, code)
    assert str(place) in said


def test_unreadable_journal_hides_one_run_only(shared, reader):
    with shared.start_run("closed", experiment="e") as run:
        run.log_metric("m", 2.0)
    shared.close()
    reader(reader.place, "pass")
    next(shared.layout.journal_folder(run.id).iterdir()).chmod(0o600)
    said = reader.again(
        reader.place, "import jupyter_mlops as m; print(list(m.runs()['name']))"
    )
    assert said.strip() == "['one']"
