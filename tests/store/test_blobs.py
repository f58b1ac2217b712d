"""What is stored comes back, once, read-only, and only if it is whole."""

import hashlib
import os
import resource
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from jupyter_mlops import errors
from jupyter_mlops.store import blob_folder, transfer
from jupyter_mlops.store.blobs import Blobs

LARGE = blob_folder.LARGE


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "large.bin"
    path.write_bytes(os.urandom(LARGE + 12345))
    return path


@contextmanager
def disk_full_beyond(size):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files_under(folder):
    return sorted(path for path in Path(folder).rglob("*") if path.is_file())


def flip_byte(path, offset=0):
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def test_bytes_come_back(blobs, tmp_path):
    digest = blobs.put_bytes(b"hello")
    path = tmp_path / "blobs" / "sha256" / digest[:2] / digest[2:]
    assert digest == hashlib.sha256(b"hello").hexdigest()
    assert blobs.get_bytes(digest) == path.read_bytes() == b"hello"
    assert path.stat().st_mode & 0o777 == 0o444
    assert blobs.exists(digest)
    assert blobs.size(digest) == 5


def test_only_blobs_are_listed(blobs, tmp_path):
    kept = sorted(blobs.put_bytes(str(number).encode()) for number in range(20))
    (tmp_path / "blobs" / "sha256" / kept[0][:2] / ".1-aa.part").write_bytes(b"torn")
    assert list(blobs.digests()) == kept
    assert list(Blobs(tmp_path / "nowhere").digests()) == []


@pytest.mark.parametrize("size", [0, 1, LARGE - 1, LARGE, 2 * LARGE + 7])
def test_file_of_any_size(blobs, tmp_path, size):
    source = tmp_path / "source"
    source.write_bytes(os.urandom(size))
    stored = blobs.put_file(source)
    assert stored.size == size
    assert stored.digest == hashlib.sha256(source.read_bytes()).hexdigest()
    blobs.restore_file(stored.digest, tmp_path / "deep" / "target")
    assert (tmp_path / "deep" / "target").read_bytes() == source.read_bytes()
    assert source.stat().st_mode & 0o200


def test_same_file_copies_nothing(blobs, large, tmp_path, monkeypatch):
    first = blobs.put_file(large)
    before = [(path, path.stat().st_ino) for path in files_under(tmp_path / "blobs")]
    monkeypatch.setattr(transfer, "write_all", lambda fd, data: pytest.fail("copied"))
    assert blobs.put_file(large) == first
    after = [(path, path.stat().st_ino) for path in files_under(tmp_path / "blobs")]
    assert after == before


def test_changing_file_is_stored_consistently(blobs, large):
    stop = threading.Event()

    def scribble():
        with large.open("r+b") as file:
            while not stop.is_set():
                file.seek(int.from_bytes(os.urandom(3)) % LARGE)
                file.write(os.urandom(64))
                file.flush()

    writer = threading.Thread(target=scribble)
    writer.start()
    try:
        stored = [blobs.put_file(large) for _ in range(10)]
    finally:
        stop.set()
        writer.join()
    for blob in stored:
        blobs.verify(blob.digest)


def test_change_after_hashing_is_noticed(blobs, large, monkeypatch):
    blobs.put_file(large)
    flip_byte(large)
    hash_first = transfer.hash_descriptor

    def change_after(fd):
        digest = hash_first(fd)
        flip_byte(large, 99)
        return digest

    monkeypatch.setattr(transfer, "hash_descriptor", change_after)
    monkeypatch.setattr(transfer, "clone", lambda source, target: False)
    stored = blobs.put_file(large)
    blobs.verify(stored.digest)
    assert stored.digest == hashlib.sha256(large.read_bytes()).hexdigest()


def test_taken_file_is_moved(blobs, large, tmp_path):
    node, data = large.stat().st_ino, large.read_bytes()
    stored = blobs.take_file(large)
    path = Path(blobs.where(stored.digest))
    assert not large.exists()
    assert path.stat().st_ino == node
    assert path.read_bytes() == data
    assert path.stat().st_mode & 0o222 == 0


def test_taken_file_with_two_names_is_copied(blobs, tmp_path):
    (tmp_path / "one").write_bytes(b"shared")
    os.link(tmp_path / "one", tmp_path / "two")
    stored = blobs.take_file(tmp_path / "one")
    (tmp_path / "two").write_bytes(b"changed")
    assert blobs.get_bytes(stored.digest) == b"shared"
    assert not (tmp_path / "one").exists()


def test_known_file_is_taken_away(blobs, tmp_path):
    digest = blobs.put_bytes(b"known")
    (tmp_path / "again").write_bytes(b"known")
    assert blobs.take_file(tmp_path / "again").digest == digest
    assert not (tmp_path / "again").exists()
    assert len(files_under(tmp_path / "blobs")) == 1


@pytest.mark.parametrize("damage", ["flipped", "truncated"])
def test_damage_is_never_read(blobs, tmp_path, damage):
    digest = blobs.put_bytes(b"precious bytes")
    path = Path(blobs.where(digest))
    flip_byte(path) if damage == "flipped" else os.truncate(path, 3)
    target = tmp_path / "target"
    target.write_bytes(b"old")
    reads = [blobs.get_bytes, blobs.open, blobs.verify]
    reads.append(lambda digest: blobs.restore_file(digest, target))
    for read in reads:
        with pytest.raises(errors.BlobCorruptError, match=digest) as caught:
            read(digest)
        assert caught.value.path == str(path)
    assert target.read_bytes() == b"old"
    assert blobs.get_bytes(digest, verify=False) == path.read_bytes()


def test_truncated_blob_is_healed_by_storing(blobs):
    digest = blobs.put_bytes(b"precious bytes")
    os.truncate(blobs.where(digest), 3)
    assert blobs.put_bytes(b"precious bytes") == digest
    assert blobs.get_bytes(digest) == b"precious bytes"


def test_opened_blob_can_seek(blobs):
    with blobs.open(blobs.put_bytes(b"0123456789")) as file:
        file.seek(5)
        assert file.read() == b"56789"


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", ""])
def test_unknown_digest(blobs, tmp_path, digest):
    for read in (blobs.get_bytes, blobs.open, blobs.verify, blobs.size):
        with pytest.raises(errors.BlobNotFoundError):
            read(digest)
    with pytest.raises(errors.BlobNotFoundError):
        blobs.restore_file(digest, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_full_disk_leaves_nothing(blobs, large, tmp_path):
    blobs.put_bytes(b"before")
    with disk_full_beyond(100_000):
        with pytest.raises(errors.StoreWriteError, match="make room"):
            blobs.put_file(large)
        with pytest.raises(errors.StoreWriteError):
            blobs.put_bytes(b"x" * 200_000)
    assert len(files_under(tmp_path / "blobs")) == 1
    assert blobs.put_file(large).size == large.stat().st_size


def test_full_disk_keeps_the_target(blobs, large, tmp_path):
    stored = blobs.put_file(large)
    target = tmp_path / "out" / "target"
    with disk_full_beyond(100_000), pytest.raises(errors.StoreWriteError):
        blobs.restore_file(stored.digest, target)
    assert files_under(target.parent) == []


def test_read_only_place_says_so():
    blobs = Blobs(Path("/sys/mlops"))
    with pytest.raises(errors.WorkspaceReadOnlyError, match="only read"):
        blobs.put_bytes(b"refused")


def test_missing_or_odd_source(blobs, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name in ("nothing", "pipe", "."):
        with pytest.raises(errors.InvalidInputError, match="was not stored"):
            blobs.put_file(tmp_path / name)
    assert not (tmp_path / "blobs").exists()


def test_many_writers_one_blob(blobs, large):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(blobs.put_file(large)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert list(blobs.digests()) == [found[0].digest]
    blobs.verify(found[0].digest)


def test_settled_names_are_still_there(blobs):
    digests = [blobs.put_bytes(b"one"), blobs.put_bytes(b"two")]
    blobs.settle(digests)
    assert sorted(digests) == list(blobs.digests())


@pytest.fixture
def cloning(monkeypatch):
    """Let clones succeed where the file system has none, by a plain copy."""
    count = []

    def clone(source, target):
        os.lseek(source, 0, os.SEEK_SET)
        while os.sendfile(target, source, None, 1 << 24):
            pass
        count.append(target)
        return True

    monkeypatch.setattr(transfer, "clone", clone)
    monkeypatch.setattr(transfer, "write_all", lambda fd, data: pytest.fail("copied"))
    return count


def test_clones_are_hashed_and_kept(blobs, large, tmp_path, cloning):
    stored = blobs.put_file(large)
    assert blobs.put_file(large) == stored
    blobs.restore_file(stored.digest, tmp_path / "target")
    assert len(cloning) == 3
    assert (tmp_path / "target").read_bytes() == large.read_bytes()
    assert stored.digest == hashlib.sha256(large.read_bytes()).hexdigest()
    kept = files_under(tmp_path / "blobs" / "sha256")
    assert kept == [Path(blobs.where(stored.digest))]


def test_damaged_clone_is_not_restored(blobs, large, tmp_path, cloning):
    stored = blobs.put_file(large)
    flip_byte(Path(blobs.where(stored.digest)))
    with pytest.raises(errors.BlobCorruptError):
        blobs.restore_file(stored.digest, tmp_path / "target")
    assert not (tmp_path / "target").exists()
