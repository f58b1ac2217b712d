import importlib.metadata
import json
import os
import re
import subprocess
import sys

import pandas as pd
import pytest

from jupyter_mlops.capture import distributions
from jupyter_mlops.capture.environment import describe_environment, git_diff
from jupyter_mlops.capture.git import git_state, without_credentials


def git(folder, *arguments):
    identity = ("-c", "user.name=a", "-c", "user.email=a@b")
    done = subprocess.run(
        ["git", "-C", folder, *identity, *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "-b", "main")
    (folder / "a.py").write_text("x = 1\n")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")
    return folder


def test_equal_environments_have_equal_json(tmp_path):
    first = json.dumps(describe_environment(folder=tmp_path))
    assert json.dumps(describe_environment(folder=tmp_path)) == first
    assert list(json.loads(first)) == sorted(json.loads(first))


def test_interpreter_and_machine_are_told(tmp_path):
    found = describe_environment(folder=tmp_path)
    assert found["python"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert os.sep not in found["python"]["executable"]
    assert found["cpu"]["count"] == os.cpu_count()
    assert found["git"] is None


def test_imported_distributions_agree_with_the_standard_library():
    modules = {name for name in sys.modules if "." not in name}
    listed = importlib.metadata.packages_distributions()
    expected = {
        re.sub(r"[-_.]+", "-", name).lower()
        for module in modules
        for name in listed.get(module, ())
    }
    found = distributions.imported_distributions()
    assert found["pandas"] == pd.__version__
    assert set(found) - {"jupyter-mlops"} == expected - {"jupyter-mlops"}


def test_installed_distributions_agree_with_the_standard_library():
    expected = {
        re.sub(r"[-_.]+", "-", item.name).lower(): item.version
        for item in importlib.metadata.distributions()
    }
    assert describe_environment(imported_only=False)["packages"] == expected


def test_path_is_scanned_once(monkeypatch):
    distributions.imported_distributions()
    monkeypatch.setattr(distributions, "_scan", None)
    assert "pandas" in distributions.imported_distributions()


def test_new_install_is_noticed(tmp_path, monkeypatch):
    site = tmp_path / "site-packages"
    (site / "Some.Thing-1.5.dist-info").mkdir(parents=True)
    (site / "Some.Thing-1.5.dist-info" / "RECORD").write_text("thing_module.py,,\n")
    (site / "thing_module.py").write_text("")
    monkeypatch.syspath_prepend(site)
    assert "some-thing" not in distributions.imported_distributions()
    __import__("thing_module")
    assert distributions.imported_distributions()["some-thing"] == "1.5"
    (site / "Some.Thing-1.5.dist-info").rename(site / "Some.Thing-1.6.dist-info")
    assert distributions.imported_distributions()["some-thing"] == "1.6"
    del sys.modules["thing_module"]


def test_only_listed_variables_are_told(monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "3")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    variables = describe_environment()["variables"]
    assert variables["PYTHONHASHSEED"] == "3"
    assert "hidden" not in json.dumps(variables)


def test_commit_and_branch_agree_with_git(repository):
    commit = git(repository, "rev-parse", "HEAD")
    expected = {"branch": "main", "commit": commit, "remote": None}
    assert git_state(repository) == expected
    (repository / "sub").mkdir()
    assert git_state(repository / "sub") == expected


@pytest.mark.parametrize("step", ["pack-refs --all", "checkout -b team/feature"])
def test_refs_are_found_wherever_git_keeps_them(repository, step):
    git(repository, *step.split())
    found = git_state(repository)
    assert found["commit"] == git(repository, "rev-parse", "HEAD")
    assert found["branch"] == git(repository, "branch", "--show-current")


def test_detached_heads_and_work_trees_are_read(repository, tmp_path):
    commit = git(repository, "rev-parse", "HEAD")
    git(repository, "worktree", "add", tmp_path / "tree", "-b", "other")
    found = git_state(tmp_path / "tree")
    assert (found["branch"], found["commit"]) == ("other", commit)
    git(repository, "checkout", "--detach")
    assert git_state(repository)["branch"] is None
    assert git_state(repository)["commit"] == commit


def test_repository_without_commits_has_no_commit(tmp_path):
    git(tmp_path, "init", "-b", "main")
    assert git_state(tmp_path)["commit"] is None
    (tmp_path / "new").write_text("a")
    assert git_diff(tmp_path).untracked == ("new",)


def test_remote_is_told_without_credentials(repository):
    url = "https://me:hunter2@example.org/team/project.git?private_token=x"
    git(repository, "remote", "add", "origin", url)
    found = git_state(repository)
    assert found["remote"] == "https://example.org/team/project.git"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("git@example.org:team/x.git", "git@example.org:team/x.git"),
        ("ssh://git:pw@example.org:22/x", "ssh://git@example.org:22/x"),
        ("https://token@example.org/x", "https://example.org/x"),
        ("/srv/x.git", "/srv/x.git"),
    ],
)
def test_credentials_are_taken_off(url, expected):
    assert without_credentials(url) == expected


def test_diff_tells_changed_and_untracked_files(repository):
    assert git_diff(repository).is_dirty is False
    (repository / "a.py").write_text("x = 2\n")
    (repository / "new ü.py").write_text("")
    found = git_diff(repository)
    assert found.is_dirty
    assert "+x = 2" in found.text
    assert found.untracked == ("new ü.py",)


def test_deleted_working_directory_has_no_git(tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert describe_environment()["git"] is None
