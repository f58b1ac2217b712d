"""What front ends tell of the notebook, and where it is after a rename."""

import json
import os
import subprocess
import sys
from types import ModuleType, SimpleNamespace

import pytest

from jupyter_mlops.capture import colab
from jupyter_mlops.capture.notebook import experiment_of, notebook_path
from jupyter_mlops.capture.renames import present_path


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "work" / "first.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps({"cells": [{"id": "cell-1"}]}))
    return path


def test_terminal_tells_nothing():
    assert notebook_path({}) is None
    assert experiment_of(None) is None


def test_server_names_the_session_by_the_path(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "/srv/RTC:churn.ipynb")
    assert notebook_path({}) == "/srv/churn.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", "/srv/console-1-7f3a")
    assert notebook_path({}) is None


def test_session_of_the_notebook_that_started_us_is_not_ours():
    code = "from jupyter_mlops.capture.notebook import notebook_path; print(notebook_path({}))"
    inner = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])"
    environ = os.environ | {"JPY_SESSION_NAME": "/srv/outer.ipynb"}
    told = [
        subprocess.run(
            [sys.executable, "-c", script], env=environ, capture_output=True, text=True
        ).stdout.strip()
        for script in (code, inner)
    ]
    assert told == ["/srv/outer.ipynb", "None"]


def test_vscode_tells_the_path_and_papermill_its_input():
    told = {"__vsc_ipynb_file__": "/w/a.ipynb"}
    assert notebook_path(told) == "/w/a.ipynb"
    assert notebook_path({"PAPERMILL_INPUT_PATH": "in.ipynb"}) == "in.ipynb"


@pytest.mark.parametrize(
    ("cell_id", "path"),
    [
        (
            "vscode-notebook-cell:/w/my%20work/b.ipynb#W2sZmlsZQ%3D%3D",
            "/w/my work/b.ipynb",
        ),
        ("vscode-notebook-cell://ssh-remote%2Bbox/w/b.ipynb#X1", "/w/b.ipynb"),
        ("vscode-notebook-cell:/c%3A/w/b.ipynb#X1", "c:/w/b.ipynb"),
    ],
)
def test_address_of_a_vscode_cell_knows_of_renames(cell_id, path):
    assert notebook_path({"__vsc_ipynb_file__": "/w/a.ipynb"}, cell_id) == path


@pytest.fixture
def google_colab(monkeypatch):
    """A stand-in for Colab's module: it was not tried in Colab itself."""
    asked = []

    def blocking_request(what, request, timeout_sec):
        asked.append(what)
        return {"ipynb": {"metadata": {"colab": {"name": "churn.ipynb"}}, "cells": []}}

    module = ModuleType("google.colab")
    module._message = SimpleNamespace(blocking_request=blocking_request)
    monkeypatch.setitem(sys.modules, "google.colab", module)
    monkeypatch.setattr(colab, "_asked", colab._asked.__wrapped__)
    return SimpleNamespace(asked=asked, module=module)


def test_colab_is_asked_for_the_name(google_colab):
    assert notebook_path({}) == "churn.ipynb"
    assert google_colab.asked == ["get_ipynb"]


@pytest.mark.parametrize("reply", [None, {}, {"ipynb": {"metadata": {}}}])
def test_colab_without_an_answer_tells_nothing(google_colab, reply):
    google_colab.module._message.blocking_request = lambda *_, **__: reply
    assert notebook_path({}) is None


def test_renamed_notebook_is_the_same_file(notebook):
    assert present_path(str(notebook)) == str(notebook)
    moved = notebook.with_name("second.ipynb")
    notebook.rename(moved)
    assert present_path(str(notebook)) == str(moved)


def test_renamed_and_saved_notebook_holds_the_cell(notebook):
    (notebook.parent / "other.ipynb").write_text('{"cells": [{"id": "cell-2"}]}')
    target = notebook.parent.parent / "elsewhere"
    notebook.parent.rename(target)
    copy = (target / "first.ipynb").read_bytes()
    (target / "first.ipynb").unlink()
    (target / "third.ipynb").write_bytes(copy)
    assert present_path(str(notebook), "cell-1") == str(target / "third.ipynb")


def test_one_of_two_copies_is_not_guessed(notebook):
    for name in ("second.ipynb", "third.ipynb"):
        (notebook.parent / name).write_bytes(notebook.read_bytes())
    notebook.unlink()
    assert present_path(str(notebook), "cell-1") == str(notebook)
