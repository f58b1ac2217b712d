from __future__ import annotations

import os

import pytest

from jupyter_mlops.capture.files import FileWatch


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "in.csv").write_text("a,b\n1,2\n")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def watched(project):
    """Run a function under a watch; give the roles by path within the project."""

    def run(work):
        watch = FileWatch(project).start()
        try:
            work()
        finally:
            seen = watch.stop()
        run.seen, run.problems = seen, watch.problems
        return {
            file.path if file.remote else os.path.relpath(file.path, project): file.role
            for file in seen
        }

    return run
