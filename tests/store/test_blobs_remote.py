"""Blobs behind an fsspec URL keep the same promises."""

import hashlib
import os

import fsspec
import pytest

from jupyter_mlops import errors
from jupyter_mlops.store.blobs import Blobs


@pytest.fixture(params=["memory", "dir", "file"])
def blobs(request, tmp_path):
    urls = {
        "memory": f"memory://{tmp_path.name}/blobs",
        # a file system that is neither a plain folder nor an object store
        "dir": f"dir::file://{tmp_path}/blobs",
        "file": f"file://{tmp_path}/blobs",
    }
    return Blobs(tmp_path / "unused", urls[request.param])


def test_bytes_come_back_by_url(blobs, tmp_path):
    digest = blobs.put_bytes(b"hello")
    assert blobs.put_bytes(b"hello") == digest
    assert blobs.get_bytes(digest) == b"hello"
    assert list(blobs.digests()) == [digest]
    assert not (tmp_path / "unused").exists()


def test_files_come_back_by_url(blobs, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(os.urandom(5 << 20))
    stored = blobs.put_file(source)
    assert blobs.put_file(source) == stored
    assert stored.digest == hashlib.sha256(source.read_bytes()).hexdigest()
    blobs.restore_file(stored.digest, tmp_path / "target")
    with blobs.open(stored.digest) as file:
        file.seek(100)
        assert file.read() == source.read_bytes()[100:]
    assert blobs.take_file(tmp_path / "target") == stored
    assert not (tmp_path / "target").exists()


def test_folders_come_back_by_url(blobs, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_text("one")
    stored = blobs.put_folder(tmp_path / "folder")
    blobs.restore_folder(stored.digest, tmp_path / "back")
    assert (tmp_path / "back" / "a").read_text() == "one"


def test_missing_by_url(blobs):
    assert list(blobs.digests()) == []
    assert not blobs.exists("0" * 64)
    with pytest.raises(errors.BlobNotFoundError):
        blobs.get_bytes("0" * 64)


def test_damage_by_url_is_seen(tmp_path):
    blobs = Blobs(tmp_path, f"memory://{tmp_path.name}/damaged")
    digest = blobs.put_bytes(b"hello")
    path = f"/{tmp_path.name}/damaged/sha256/{digest[:2]}/{digest[2:]}"
    fsspec.filesystem("memory").pipe_file(path, b"jello")
    for read in (blobs.get_bytes, blobs.open, blobs.verify):
        with pytest.raises(errors.BlobCorruptError, match="memory://"):
            read(digest)


def test_refusing_server_is_named(tmp_path, monkeypatch):
    blobs = Blobs(tmp_path, "memory://refusing/blobs")

    def refuse(*args, **kwargs):
        raise OSError("bucket is gone")

    monkeypatch.setattr(type(fsspec.filesystem("memory")), "pipe_file", refuse)
    with pytest.raises(errors.StoreWriteError, match="bucket is gone"):
        blobs.put_bytes(b"hello")


def test_unknown_protocol_is_a_setting_error(tmp_path):
    with pytest.raises(errors.SettingError, match="blobs_url"):
        Blobs(tmp_path, "nosuch://bucket")
