"""A process killed before any of its calls of the system: done, or not at all."""

from __future__ import annotations

import os
import signal

import pytest

from jupyter_mlops.registry.flavors.loader import LoaderModel
from jupyter_mlops.verbs.doctor import diagnose
from jupyter_mlops.workspace import Workspace

CALLS = (
    "close", "fsync", "ftruncate", "link", "mkdir", "open", "rename", "replace",
    "rmdir", "unlink", "write",
)  # fmt: skip
MOST = 400


class Killer:
    """Kills its process right before the call of a number."""

    def __init__(self, number):
        self.left = number
        for name in CALLS:
            setattr(os, name, self.watched(getattr(os, name)))

    def watched(self, real):
        def call(*args, **kwargs):
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return call


def killed_at(number, project, work):
    """Do some work in a process that is killed at a call; tell whether it was."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            workspace = Workspace(project)
            Killer(number)
            work(workspace)
            code = 0
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status in (0, -signal.SIGKILL)
    return status != 0


@pytest.fixture
def kept(workspace):
    """A workspace with a run whose model can be pushed, and gates that let it pass."""
    with workspace.start_run("fit") as run:
        run.log_model("model", LoaderModel(b"{}", "json:load", "model.json"))
        run.log_metric("auc", 0.9)
    (workspace.layout.project / "gates.yaml").write_text(
        "models: {churn: {champion: [metrics.auc > 0.8, size < 1 MB]}}"
    )
    workspace.get_run("last")
    workspace.close()
    return workspace.layout.project


def push(workspace):
    workspace.models.push("last", "churn")


def promote(workspace):
    workspace.models.promote("churn", 1, reason="good")


def kinds(workspace):
    names = [model.name for model in workspace.registry.models()]
    return [e.kind for name in names for e in workspace.registry.history(name)]


@pytest.mark.slow
def test_push_is_killed_at_each_step(kept):
    after = []
    for number in range(1, MOST):
        was_killed = killed_at(number, kept, push)
        found = Workspace(kept)
        after.append(kinds(found))
        assert after[-1] in ([], ["registered"])
        if not was_killed:
            break
    assert not was_killed
    assert number > 20
    # What one left behind is no hindrance to the next, and nothing is there twice.
    assert after[-1] == ["registered"]
    assert after.index(["registered"]) < len(after) - 1
    assert diagnose(Workspace(kept)).exit_code == 0


def test_promote_is_killed_at_each_step(kept):
    push(Workspace(kept))
    before = 1
    for number in range(1, MOST):
        was_killed = killed_at(number, kept, promote)
        found = Workspace(kept)
        now = kinds(found)
        assert now == ["registered"] + ["alias_set"] * (len(now) - 1)
        assert len(now) in (before, before + 1)
        (model,) = found.registry.models()
        assert model.aliases == ({"champion": 1} if len(now) > 1 else {})
        before = len(now)
        if not was_killed:
            break
    assert not was_killed
    assert before > 2
    last = Workspace(kept).registry.history("churn")[-1].fields
    assert [one["passed"] for one in last["gates"]] == [True, True]
    assert diagnose(Workspace(kept)).exit_code == 0
