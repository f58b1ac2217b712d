"""Who did it is found where it is known best, and the place is said."""

import os
import subprocess
from types import SimpleNamespace

import pytest

from jupyter_mlops.registry.identity import Identity, who_am_i


@pytest.fixture
def no_git(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    return tmp_path


@pytest.fixture
def user(monkeypatch):
    """Say whose process this is; None for a number without a name."""

    def user(name):
        def found(number):
            if name is None:
                raise KeyError(f"uid not found: {number}")
            return SimpleNamespace(pw_name=name)

        monkeypatch.setattr("pwd.getpwuid", found)

    return user


def test_told_name_wins():
    hub = {"JUPYTERHUB_USER": "hub"}
    assert who_am_i("ann", hub) == Identity("ann", "told")
    assert who_am_i(None, hub) == Identity("hub", "jupyterhub")


def test_system_user_is_next(monkeypatch, no_git, user):
    user("bea")
    monkeypatch.setenv("LOGNAME", "mallory")
    assert who_am_i(environ={}) == Identity("bea", "system")


def test_git_knows_better_than_root(no_git, user):
    user("root")
    assert who_am_i(environ={}) == Identity("root", "system")
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "config", "user.email", "ann@example.org"], check=True)
    assert who_am_i(environ={}) == Identity("ann@example.org", "git")


def test_number_without_a_name(monkeypatch, no_git, user):
    user(None)
    monkeypatch.setenv("LOGNAME", "bea")
    assert who_am_i(environ={}) == Identity("bea", "system")


def test_nobody_knows(monkeypatch, no_git, user):
    user(None)
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    assert who_am_i(environ={}) == Identity("unknown", "unknown")
