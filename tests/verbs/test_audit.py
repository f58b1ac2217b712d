"""Histories that were tampered with: the doctor names the first link that is wrong."""

from __future__ import annotations

import os

import pytest

from jupyter_mlops import errors
from jupyter_mlops.registry import chain as chains
from jupyter_mlops.registry.flavors.loader import LoaderModel
from jupyter_mlops.workspace import Workspace


@pytest.fixture
def churn(workspace):
    """A model with a history of five events."""
    for number in range(2):
        with workspace.start_run("fit") as run:
            model = LoaderModel(b"%d" % number, "json:load", "model.json")
            run.log_model("model", model)
        workspace.models.push("last", "churn")
    workspace.models.promote("churn", 1)
    workspace.registry.standing.approve("churn", 2)
    workspace.models.promote("churn", 2)
    return workspace.layout.model_chain("churn")


def rewritten(path, change):
    """Write a history anew, every seal made as it should be."""
    head, lines = "0" * 64, []
    links = chains.read_chain(path).links
    for number, link in enumerate(links, start=1):
        fields = {k: v for k, v in link.items() if k not in ("n", "previous", "digest")}
        line, head = chains._link(change(number, fields), number, head)
        lines.append(line)
    path.write_bytes(b"".join(lines))


def test_whole_history_is_healthy(mlops, churn):
    found = mlops("doctor")
    assert (found.code, "1 model" in found.out) == (0, True)


@pytest.mark.parametrize("left", [4, 2, 0])
def test_cut_off_tail_is_noticed(mlops, churn, left):
    lines = churn.read_bytes().splitlines(keepends=True)
    churn.write_bytes(b"".join(lines[:left]))
    found = mlops("doctor")
    assert found.code == 1
    assert f"ends after link {left}, so its end was cut off" in found.out
    assert "remembers link" in found.out


def test_deleted_history_is_noticed(mlops, churn):
    churn.unlink()
    assert "'churn' ends after link 0" in mlops("doctor").out


def test_history_written_anew_is_noticed(mlops, churn):
    def change(number, fields):
        return fields | {"by": "mallory"} if number == 3 else fields

    rewritten(churn, change)
    found = mlops("doctor")
    assert found.code == 1
    assert "written anew" in found.out
    assert "remembers link 3 as" in found.out


def test_changed_line_is_named(mlops, churn):
    churn.write_bytes(churn.read_bytes().replace(b'"version":1', b'"version":2', 1))
    found = mlops("doctor")
    assert found.code == 1
    assert "line 1: the line was changed after it was written" in found.out


def test_lost_part_of_a_version_is_named(mlops, workspace, churn):
    version = workspace.registry.version("churn", 1)
    os.unlink(workspace.store.blobs.where(version.lock))
    found = mlops("doctor")
    assert found.code == 1
    assert "version 1 of churn" in found.out


def test_torn_history_is_a_notice(mlops, churn):
    with churn.open("ab") as file:
        file.write(b'{"alias":"cham')
    found = mlops("doctor")
    assert found.code == 0
    assert "is torn (14 bytes)" in found.out


def test_lost_journal_does_not_hinder(mlops, workspace, churn):
    import shutil

    for folder in workspace.layout.journals.iterdir():
        shutil.rmtree(folder)
    workspace.models.promote("churn", 1, "shadow")
    assert not list(workspace.layout.journals.iterdir())
    assert mlops("models", "churn").code == 0


def as_nobody(work):
    """Do some work in a process that may not write; return how it ended."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.setuid(65534)
            work()
            code = 0
        except errors.WorkspaceReadOnlyError:
            code = 3
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become nobody")
def test_reader_of_a_read_only_workspace(workspace, churn, tmp_path):
    # Beside other tests, pytest's own folders lie one deeper.
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o777 == 0o700:
            folder.chmod(0o755)
    workspace.registry.models()
    before = churn.read_bytes()
    project = workspace.layout.project
    workspace.close()
    assert as_nobody(lambda: Workspace(project).registry.models()) == 0
    assert as_nobody(lambda: Workspace(project).registry.find("models:/churn/1")) == 0
    promote = lambda: Workspace(project).models.promote("churn", 1)  # noqa: E731 - run elsewhere
    assert as_nobody(promote) == 3
    approve = lambda: Workspace(project).registry.standing.approve("churn", 1)  # noqa: E731 - so is this
    assert as_nobody(approve) == 3
    assert churn.read_bytes() == before
