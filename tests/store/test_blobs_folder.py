"""Folders are stored by the list of their files, and nothing on it may escape."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops import errors
from jupyter_mlops.store.blobs import Blobs
from jupyter_mlops.store.manifest import checked_path


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "model"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "b.txt").write_text("bee")
    (folder / "deep" / "a b-ü.txt").write_text("nested")
    (folder / "deep" / "er" / "empty").touch()
    return folder


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def hostile(blobs, *paths):
    digest = blobs.put_bytes(b"evil")
    files = [{"path": path, "digest": digest, "size": 4} for path in paths]
    return blobs.put_bytes(json.dumps({"files": files}).encode())


def test_folder_comes_back(blobs, folder, tmp_path):
    stored = blobs.put_folder(folder)
    blobs.restore_folder(stored.digest, tmp_path / "back")
    assert contents(tmp_path / "back") == contents(folder)
    assert stored.size == 9


def test_manifest_is_canonical(blobs, folder, tmp_path):
    stored = blobs.put_folder(folder)
    blobs.restore_folder(stored.digest, tmp_path / "back")
    text = blobs.get_bytes(stored.digest)
    assert blobs.put_folder(tmp_path / "back") == stored
    assert [item["path"] for item in json.loads(text)["files"]] == sorted(
        contents(folder)
    )
    assert b" :" not in text


def test_link_within_is_its_bytes(blobs, folder, tmp_path):
    (folder / "link").symlink_to("b.txt")
    stored = blobs.put_folder(folder)
    blobs.restore_folder(stored.digest, tmp_path / "back")
    assert (tmp_path / "back" / "link").read_text() == "bee"
    assert not (tmp_path / "back" / "link").is_symlink()


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside", "deep", "nowhere"])
def test_link_elsewhere_is_refused(blobs, folder, tmp_path, target):
    (tmp_path / "outside").write_text("secret")
    (folder / "link").symlink_to(target)
    with pytest.raises(errors.InvalidInputError, match="link"):
        blobs.put_folder(folder)
    assert list(blobs.digests()) == []


def test_odd_entries_are_refused(blobs, folder):
    os.mkfifo(folder / "pipe")
    with pytest.raises(errors.InvalidInputError, match="neither a file nor a folder"):
        blobs.put_folder(folder)
    with pytest.raises(errors.InvalidInputError, match="no folder"):
        blobs.put_folder(folder / "b.txt")


@pytest.mark.parametrize(
    "name", ["back\\slash", "new\nline", b"\xff".decode("utf-8", "surrogateescape")]
)
def test_odd_names_are_refused(blobs, folder, name):
    (folder / name).touch()
    with pytest.raises(errors.InvalidNameError):
        blobs.put_folder(folder)


@pytest.mark.parametrize(
    "path",
    ["../evil", "/tmp/evil", "a/../../evil", "a//b", ".", "", "C:/x", "a\\b", "a\0b"],
)
def test_hostile_manifest_writes_nothing(blobs, tmp_path, path):
    digest = hostile(blobs, "fine", path)
    with pytest.raises(errors.InvalidNameError, match="cannot be in a stored folder"):
        blobs.restore_folder(digest, tmp_path / "in" / "target")
    assert not (tmp_path / "in").exists()


@pytest.mark.parametrize("paths", [("a", "a"), ("a", "a/b")])
def test_paths_that_meet_are_refused(blobs, tmp_path, paths):
    with pytest.raises(errors.InvalidNameError):
        blobs.restore_folder(hostile(blobs, *paths), tmp_path / "target")


@pytest.mark.parametrize(
    "text",
    [
        b"bytes",
        b"[]",
        b"{}",
        b'{"files": [1]}',
        b'{"files": [{"path": "a"}]}',
        b'{"files": [{"path": "a", "digest": "../x", "size": 1}]}',
        b"[" * 100_000,
    ],
)
def test_no_manifest_is_corrupt(blobs, tmp_path, text):
    with pytest.raises(errors.BlobCorruptError, match="does not list"):
        blobs.restore_folder(blobs.put_bytes(text), tmp_path / "target")


def test_damaged_file_restores_nothing(blobs, folder, tmp_path):
    stored = blobs.put_folder(folder)
    path = blobs.where(blobs.files(stored.digest)[-1].digest)
    os.chmod(path, 0o644)
    os.truncate(path, 0)
    with open(path, "wb") as file:
        file.write(b"xxxxxx")
    with pytest.raises(errors.BlobCorruptError):
        blobs.restore_folder(stored.digest, tmp_path / "target")
    assert sorted(os.listdir(tmp_path)) == ["blobs", "model"]


def test_missing_file_restores_nothing(blobs, folder, tmp_path):
    stored = blobs.put_folder(folder)
    os.unlink(blobs.where(blobs.files(stored.digest)[0].digest))
    with pytest.raises(errors.BlobNotFoundError):
        blobs.restore_folder(stored.digest, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_folder_in_the_way(blobs, folder, tmp_path):
    stored = blobs.put_folder(folder)
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "mine").touch()
    with pytest.raises(errors.InvalidInputError, match="there already"):
        blobs.restore_folder(stored.digest, tmp_path / "target")
    blobs.restore_folder(stored.digest, tmp_path / "target", replace=True)
    assert contents(tmp_path / "target") == contents(folder)


@given(st.text(st.sampled_from("ab./\\:~\0 é"), max_size=12))
def test_accepted_paths_stay_inside(path):
    try:
        checked_path(path)
    except errors.InvalidNameError:
        return
    joined = os.path.normpath(os.path.join("/home/folder", path))
    assert joined == f"/home/folder/{path}"
