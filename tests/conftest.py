"""Fixtures that every room's tests share."""

from __future__ import annotations

import os

import pytest

from jupyter_mlops.settings import PREFIX
from jupyter_mlops.store.layout import Layout
from jupyter_mlops.tracking import current
from jupyter_mlops.workspace import Workspace


@pytest.fixture(autouse=True)
def _clean_surroundings(monkeypatch):
    """No setting, session or open run of the caller's reaches a test."""
    for name in list(os.environ):
        if name.startswith(PREFIX) or name == "JPY_SESSION_NAME":
            monkeypatch.delenv(name)
    yield
    for run in list(current._open):
        run.end()


@pytest.fixture
def layout(tmp_path):
    layout = Layout(tmp_path / "project")
    layout.create()
    return layout


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """A new workspace, and the working directory in it."""
    project = tmp_path / "project"
    project.mkdir(exist_ok=True)
    monkeypatch.chdir(project)
    opened = Workspace(project)
    yield opened
    opened.close()
