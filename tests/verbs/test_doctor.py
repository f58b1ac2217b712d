"""What the doctor finds in a workspace that was hurt."""

from __future__ import annotations

import os

import pytest


@pytest.fixture
def kept(workspace):
    """A run that keeps a folder, and its journal."""
    folder = workspace.layout.project / "model"
    folder.mkdir()
    (folder / "weights").write_text("w" * 100)
    with workspace.start_run("fit") as run:
        run.log_artifact(folder)
        run.log_metric("auc", 0.5)
    return run


def journal_of(workspace, run):
    (path,) = workspace.layout.journal_folder(run.id).iterdir()
    return path


def blob_of(workspace, data):
    return workspace.store.blobs.where(workspace.store.blobs.put_bytes(data))


def test_healthy_workspace_is_said_so(mlops, mlops_json, kept):
    assert "All is well. Looked at 1 run, " in mlops("doctor").out
    found = mlops_json("doctor")
    assert found["healthy"] is True
    assert found["checked"]["runs"] == 1


def test_damaged_blob_is_a_fault(mlops, workspace, kept):
    path = blob_of(workspace, b"w" * 100)
    os.chmod(path, 0o644)
    with open(path, "w") as file:
        file.write("x" * 100)
    found = mlops("doctor")
    assert found.code == 1
    assert path.rpartition("/")[2] in found.out.replace("\n", "")


def test_missing_blob_names_its_run(mlops, workspace, kept):
    os.unlink(blob_of(workspace, b"w" * 100))
    found = mlops("doctor")
    assert found.code == 1
    assert "is missing" in found.out
    assert f"run {kept.id}" in found.out


def test_torn_last_line_is_a_notice(mlops, workspace, kept):
    with journal_of(workspace, kept).open("a") as file:
        file.write('{"e":"met')
    found = mlops("doctor")
    assert found.code == 0
    assert "notice" in found.out
    assert "torn (9 bytes)" in found.out


def test_bad_line_is_a_fault(mlops, workspace, kept):
    path = journal_of(workspace, kept)
    path.write_bytes(path.read_bytes().replace(b'{"e":"metric"', b'{"e":"met', 1))
    found = mlops("doctor")
    assert found.code == 1
    assert "no events" in found.out


def test_changed_history_is_a_fault(mlops, workspace, kept):
    chain = workspace.layout.model_chain("churn")
    chain.write_text('{"n":1,"kind":"registered"}\n{"n":2}\n')
    found = mlops("doctor")
    assert found.code == 1
    assert "churn.jsonl" in found.out
