"""Digests that are kept while nothing changes, and never longer."""

from __future__ import annotations

import os
import time

import pytest

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.pipeline.versions import filedigests
from jupyter_mlops.pipeline.versions.filedigests import FileDigests
from jupyter_mlops.store.blobs import Blobs


@pytest.fixture
def folder(tmp_path):
    """A folder of three files."""
    root = tmp_path / "data"
    (root / "sub").mkdir(parents=True)
    for name in ("a", "b", "sub/c"):
        (root / name).write_text(name)
    return root


@pytest.fixture
def old(monkeypatch):
    """Let all files be old enough that a change would show."""
    monkeypatch.setattr(filedigests, "_TICK", -(10**12))
    monkeypatch.setattr(filedigests, "_COARSE_TICK", -(10**12))


@pytest.fixture
def reads(monkeypatch):
    """Count the files that are read."""
    seen = []
    real = filedigests.hash_descriptor

    def counted(fd):
        seen.append(fd)
        return real(fd)

    monkeypatch.setattr(filedigests, "hash_descriptor", counted)
    return seen


def digest(tmp_path, path):
    files = FileDigests(tmp_path / "kept")
    found = files.any(str(path))
    files.save()
    return found


@pytest.mark.usefixtures("old")
def test_unchanged_is_not_read(tmp_path, folder, reads):
    first = digest(tmp_path, folder), digest(tmp_path, folder / "a")
    count = len(reads)
    assert (digest(tmp_path, folder), digest(tmp_path, folder / "a")) == first
    assert (count, len(reads)) == (4, 4)


@pytest.mark.usefixtures("old")
def test_one_changed_file_is_read_alone(tmp_path, folder, reads):
    first = digest(tmp_path, folder)
    (folder / "sub/c").write_text("changed")
    assert digest(tmp_path, folder) != first
    assert len(reads) == 4


def test_digest_is_that_of_the_blob(tmp_path, folder):
    blobs = Blobs(tmp_path / "blobs")
    assert digest(tmp_path, folder) == blobs.put_folder(folder).digest
    assert digest(tmp_path, folder / "a") == blobs.put_file(folder / "a").digest


def rewrite(path):
    path.write_text("B")


def keep_times(path):
    before = path.stat()
    path.write_text("B")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace(path):
    before = path.stat()
    path.with_name("new").write_text("B")
    os.utime(path.with_name("new"), ns=(before.st_atime_ns, before.st_mtime_ns))
    os.replace(path.with_name("new"), path)


CHANGES = {
    "rewritten": rewrite,
    "with its old times": keep_times,
    "replaced": replace,
    "gone": os.remove,
    "renamed": lambda path: path.rename(path.with_name("z")),
    "another": lambda path: path.with_name("z").write_text(""),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_seen(tmp_path, folder, change):
    first = digest(tmp_path, folder)
    CHANGES[change](folder / "b")
    assert digest(tmp_path, folder) != first


def test_changes_at_once_are_seen(tmp_path, folder):
    found = set()
    for number in range(200):
        (folder / "a").write_text(f"{number:04}")
        found.add((digest(tmp_path, folder), digest(tmp_path, folder / "a")))
    assert len(found) == 200


def test_touched_file_has_the_same_digest(tmp_path, folder):
    first = digest(tmp_path, folder)
    os.utime(folder / "a", ns=(0, time.time_ns()))
    assert digest(tmp_path, folder) == first


def test_links_within_count_by_what_they_lead_to(tmp_path, folder):
    (folder / "link").symlink_to("a")
    first = digest(tmp_path, folder)
    (folder / "a").write_text("other")
    second = digest(tmp_path, folder)
    (folder / "link").unlink()
    (folder / "link").symlink_to("b")
    assert len({first, second, digest(tmp_path, folder)}) == 3


def test_what_cannot_be_read_is_an_error(tmp_path, folder):
    (folder / "link").symlink_to("/etc")
    with pytest.raises(InvalidInputError):
        digest(tmp_path, folder)
    with pytest.raises(InvalidInputError):
        digest(tmp_path, tmp_path / "nothing")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"x": 1}'])
def test_damaged_cache_is_passed_over(tmp_path, folder, text):
    first = digest(tmp_path, folder)
    (tmp_path / "kept/files.json").write_text(text)
    assert digest(tmp_path, folder) == first
