import hashlib
import os
import threading
import time

import pytest

from jupyter_mlops.capture.files import (
    DigestCache,
    FileWatch,
    SeenFile,
    digest_files,
    digests,
)

OLD = time.time_ns() - 10**11


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "data.bin"
    path.write_bytes(b"abc" * 1000)
    os.utime(path, ns=(OLD, OLD + 1))
    return path


@pytest.fixture
def reads(monkeypatch):
    """Collect the paths that are really read."""
    seen = []
    read = digests._sha256
    monkeypatch.setattr(
        digests, "_sha256", lambda path: [seen.append(path), read(path)][1]
    )
    return seen


def test_paths_are_relative_within_the_project(data, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    (entry,) = digest_files([SeenFile(str(data), "read")], link, DigestCache()).ready
    assert entry == {
        "path": "data.bin",
        "role": "read",
        "digest": hashlib.sha256(b"abc" * 1000).hexdigest(),
        "size": 3000,
        "version": None,
    }
    elsewhere = digest_files([SeenFile(str(data), "read")], "/nowhere", DigestCache())
    assert elsewhere.ready[0]["path"] == str(data)


def test_unchanged_file_is_read_once(data, reads):
    cache = DigestCache()
    first, second = cache.digest(str(data)), cache.digest(str(data))
    assert first == second
    assert len(reads) == 1


def test_changed_file_is_read_again(data, reads):
    cache = DigestCache()
    before = cache.digest(str(data))
    data.write_bytes(b"abd" * 1000)
    assert cache.digest(str(data)) != before
    assert len(reads) == 2


def test_fresh_file_is_not_trusted(tmp_path, reads):
    path = tmp_path / "fresh"
    path.write_bytes(b"a")
    cache = DigestCache()
    cache.digest(str(path))
    assert cache.known(digests.identity_of(str(path))) is None


def test_large_files_are_read_later(data, tmp_path, monkeypatch):
    gate = threading.Event()
    read = digests._sha256
    monkeypatch.setattr(
        digests, "_sha256", lambda path: read(path) if gate.wait() else ""
    )
    found = digest_files(
        [SeenFile(str(data), "read")], tmp_path, DigestCache(), limit=2999
    )
    assert found.ready == []
    assert not found.is_done
    with pytest.raises(TimeoutError):
        found.wait(timeout=0)
    gate.set()
    assert found.wait()[0]["digest"] == hashlib.sha256(b"abc" * 1000).hexdigest()
    assert found.is_done


def test_known_large_file_needs_no_thread(data, tmp_path):
    cache = DigestCache()
    digest = cache.digest(str(data))
    found = digest_files([SeenFile(str(data), "read")], tmp_path, cache, limit=0)
    assert [entry["digest"] for entry in found.ready] == [digest]
    assert found.wait() == []


def test_file_changed_meanwhile_has_no_digest(data, monkeypatch):
    read = digests._sha256

    def read_while_it_grows(path):
        found = read(path)
        data.write_bytes(b"more" * 1000)
        return found

    monkeypatch.setattr(digests, "_sha256", read_while_it_grows)
    (entry,) = digest_files([SeenFile(str(data), "read")], "/", DigestCache()).ready
    assert entry["digest"] is None


def test_missing_file_is_left_out(tmp_path):
    seen = [SeenFile(str(tmp_path / "gone"), "read")]
    assert digest_files(seen, tmp_path, DigestCache()).ready == []


def test_own_reading_is_not_seen(data, tmp_path):
    watch = FileWatch(tmp_path).start()
    DigestCache().digest(str(data))
    assert watch.stop() == []
