"""Who did it is found where it is known best, and the place is said."""

import os
import subprocess

import pytest

from jupyter_mlops.registry.identity import Identity, who_am_i


@pytest.fixture
def no_git(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    return tmp_path


def test_told_name_wins():
    hub = {"JUPYTERHUB_USER": "hub"}
    assert who_am_i("ann", hub) == Identity("ann", "told")
    assert who_am_i(None, hub) == Identity("hub", "jupyterhub")


def test_system_user_is_next(monkeypatch, no_git):
    monkeypatch.setenv("LOGNAME", "bea")
    assert who_am_i(environ={}) == Identity("bea", "system")


def test_git_knows_better_than_root(monkeypatch, no_git):
    monkeypatch.setenv("LOGNAME", "root")
    assert who_am_i(environ={}) == Identity("root", "system")
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "config", "user.email", "ann@example.org"], check=True)
    assert who_am_i(environ={}) == Identity("ann@example.org", "git")


def test_nobody_knows(monkeypatch, no_git):
    def unknown():
        raise KeyError("uid not found: 1234")

    monkeypatch.setattr("getpass.getuser", unknown)
    assert who_am_i(environ={}) == Identity("unknown", "unknown")
