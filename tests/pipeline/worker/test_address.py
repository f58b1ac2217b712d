"""Who may share a parent, and where it listens."""

from __future__ import annotations

import os

import pytest

from jupyter_mlops.pipeline.worker import address


def test_same_surroundings_share_a_parent():
    one = {"A": "b", "PWD": "/x", "TERM": "x"}
    other = {"TERM": "y", "A": "b"}
    assert address.parent_key(one) == address.parent_key(other)


def test_other_variables_need_another():
    assert address.parent_key({"A": "b"}) != address.parent_key({"A": "c"})
    assert address.parent_key({"A": "b"}) != address.parent_key({"B": "b"})


def test_installing_a_package_needs_another(tmp_path, monkeypatch):
    monkeypatch.setattr(address.site, "getsitepackages", lambda: [str(tmp_path)])
    before = address.parent_key({})
    assert address.parent_key({}) == before
    (tmp_path / "new-1.0.dist-info").mkdir()
    assert address.parent_key({}) != before


def test_changing_ipythons_settings_needs_another(tmp_path):
    environ = {"IPYTHONDIR": str(tmp_path)}
    before = address.parent_key(environ)
    (tmp_path / "profile_default").mkdir()
    (tmp_path / "profile_default" / "ipython_kernel_config.py").touch()
    assert address.parent_key(environ) != before


def test_folder_is_ones_own(tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr(address.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = address.parent_folder()
    assert folder == tmp_path / f"jupyter-mlops-{os.getuid()}"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_folder_of_someone_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr(address.tempfile, "gettempdir", lambda: str(tmp_path))
    (tmp_path / f"jupyter-mlops-{os.getuid()}").symlink_to("/tmp")
    with pytest.raises(address.NoPrivatePlaceError):
        address.parent_folder()
