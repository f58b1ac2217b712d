"""``note``, ``tag`` and ``archive``: what is said of a run after its end."""

import pytest

from jupyter_mlops import verbs
from jupyter_mlops.errors import InvalidInputError, InvalidNameError
from jupyter_mlops.verbs.archive import archive_run
from jupyter_mlops.verbs.note import note
from jupyter_mlops.verbs.runs import list_runs
from jupyter_mlops.verbs.tag import tag
from jupyter_mlops.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace(tmp_path)
    for name in ("first", "second"):
        with workspace.start_run(name, tags={"team": "risk"}):
            pass
    yield workspace
    workspace.close()


def names(workspace, *words, **options):
    return list_runs(workspace, *words, **options).columns["name"]


def test_archived_runs_are_not_listed(workspace):
    found = archive_run(workspace, "last")
    assert found.to_json()["archived"] is True
    assert names(workspace) == ["first"]
    assert list(workspace.runs()["name"]) == ["first"]
    assert names(workspace, archived=True) == ["second", "first"]
    assert names(workspace, "tags.`mlops.archived` = 'archived'") == ["second"]
    archive_run(workspace, "last", undo=True)
    assert names(workspace) == ["second", "first"]


def test_tags_are_set_and_taken_off(workspace):
    found = tag(workspace, "last", {"reviewed": "yes"}, ["team"])
    assert found.run.tags == {"reviewed": "yes"}
    assert names(workspace, "tags.reviewed = 'yes'") == ["second"]
    with pytest.raises(InvalidNameError, match="begins with"):
        tag(workspace, "last", {"mlops.verify": "reproduced"})


def test_note_is_masked_and_taken_off(workspace):
    secret = "AKIA" + "Q3EGRTEXAMPLE7ZX"
    found = note(workspace, "last", f"key {secret}")
    assert secret not in found.run.record.note
    assert not note(workspace, "last", "").run.record.note


def test_reason_is_for_versions(workspace):
    with pytest.raises(InvalidInputError, match="for versions"):
        verbs.answer(["archive", "last", "--reason", "old"], workspace)
