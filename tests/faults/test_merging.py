"""Workspaces that were merged by copying folders."""

from __future__ import annotations

import subprocess

import pytest

from jupyter_mlops.records import Status
from jupyter_mlops.store import events
from jupyter_mlops.workspace import Workspace


@pytest.fixture
def pair(tmp_path):
    """Two workspaces, each with a run of its own."""
    both = [Workspace(tmp_path / name) for name in ("mine", "theirs")]
    for number, workspace in enumerate(both):
        with workspace.start_run(workspace.layout.project.name, experiment="e") as run:
            for step in range(30):
                run.log_metric("m", step * (number + 1))
            run.log_object("text", f"of {number}")
    yield both
    for workspace in both:
        workspace.close()


def copy_into(target, source, *flags):
    for part in ("journals", "blobs"):
        words = [
            "cp",
            "-r",
            *flags,
            f"{source.layout.folder / part}/.",
            target.layout.folder / part,
        ]
        subprocess.run(words, check=True)


@pytest.mark.parametrize("flags", [(), ("-p",)], ids=["times anew", "times kept"])
@pytest.mark.parametrize("is_warm", [True, False])
def test_merged_workspace_has_both(pair, is_warm, flags):
    mine, theirs = pair
    if is_warm:
        assert list(mine.runs()["name"]) == ["mine"]
    copy_into(mine, theirs, *flags)
    table = mine.runs()
    assert sorted(table["name"]) == ["mine", "theirs"]
    for run_id, name in zip(table["run_id"], table["name"], strict=True):
        number = ["mine", "theirs"].index(name)
        found = mine.get_run(run_id)
        values = [step * (number + 1) for step in range(30)]
        assert list(found.history("m")["value"]) == values
        assert found.artifact("text") == f"of {number}"


@pytest.mark.parametrize("is_warm", [True, False])
def test_run_in_both_is_put_together(pair, is_warm):
    mine, theirs = pair
    (run_id,) = theirs.runs()["run_id"]
    # It went on elsewhere, on a copy: same run, another writer.
    copy_into(mine, theirs)
    if is_warm:
        assert len(mine.runs()) == 2
    theirs.get_run(run_id).set_tag("seen", "there")
    mine.get_run(run_id).log_note("noted here")
    copy_into(mine, theirs)
    found = mine.get_run(run_id)
    assert (found.tags, found.record.note) == ({"seen": "there"}, "noted here")
    assert list(found.history("m")["step"]) == list(range(30))
    assert found.status is Status.FINISHED


@pytest.mark.parametrize("is_warm", [True, False])
def test_points_of_one_run_from_two_places(pair, is_warm):
    mine, theirs = pair
    (run_id,) = mine.runs()["run_id"]
    copy_into(theirs, mine)
    if is_warm:
        assert len(theirs.runs()) == 2
    for workspace, step in ((mine, 100), (theirs, 200)):
        journal = workspace.store.journal(run_id, joins=True)
        journal.append(events.encode_metric("m", float(step), step))
        journal.close()
    copy_into(mine, theirs)
    copy_into(theirs, mine)
    for workspace in pair:
        steps = list(workspace.get_run(run_id).history("m")["step"])
        assert steps == [*range(30), 100, 200]


def test_copying_again_changes_nothing(pair, everything):
    mine, theirs = pair
    copy_into(mine, theirs)
    before = everything(mine)
    copy_into(mine, theirs)
    assert everything(mine) == before
    mine.store.index.rebuild()
    assert everything(mine) == before
