import hashlib
import json
import os
import subprocess
import time

import pytest

from jupyter_mlops.capture.files import DigestCache, SeenFile, digest_files, digests

OLD = time.time_ns() - 10**11


def md5(data):
    return hashlib.md5(data).hexdigest()


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, ns=(OLD, OLD + 1))
    return path


def track(path, tag, size, is_new=True):
    """Write what `dvc add` writes beside a file or a folder."""
    lines = [f"- md5: {tag}", f"  size: {size}"]
    lines += ["  hash: md5"] if is_new else []
    text = "\n".join(["outs:", *lines, f"  path: {path.name}", ""])
    path.with_name(f"{path.name}.dvc").write_text(text)


@pytest.fixture
def version(project):
    cache = DigestCache()

    def version(path, role="read", limit=10**6):
        found = digest_files([SeenFile(str(path), role)], project, cache, limit=limit)
        (entry,) = [*found.ready, *found.wait()]
        return entry["version"]

    return version


def test_file_tracked_by_dvc(version, project):
    path = put(project / "data.csv", b"abc")
    track(path, md5(b"abc"), 3)
    assert version(path) == f"dvc:md5:{md5(b'abc')}"
    assert version(path, limit=0) == f"dvc:md5:{md5(b'abc')}"


def test_file_changed_since_dvc_saw_it(version, project):
    path = put(project / "data.csv", b"abc")
    track(path, md5(b"abd"), 3)
    assert version(path) is None
    track(path, md5(b"abcd"), 4)
    assert version(path, "written") is None


def test_file_of_an_older_dvc(version, project):
    path = put(project / "data.csv", b"a\r\n")
    track(path, md5(b"a\n"), 3, is_new=False)
    assert version(path) == f"dvc:md5:{md5(b'a' + bytes([10]))}"
    assert version(path, "written") is None


def test_folder_tracked_by_dvc(version, project):
    path = put(project / "data/sub/a.csv", b"abc")
    listed = json.dumps([{"md5": md5(b"abc"), "relpath": "sub/a.csv"}]).encode()
    tag = f"{md5(listed)}.dir"
    track(project / "data", tag, 3)
    assert version(path) == f"dvc:md5:{tag}"
    assert version(path, "written") is None
    put(project / f".dvc/cache/files/md5/{tag[:2]}/{tag[2:]}", listed)
    assert version(path) == f"dvc:md5:{md5(b'abc')}"
    assert version(put(project / "data/new.csv", b"new")) is None


@pytest.mark.parametrize(
    "text", ["", "outs", "outs: 3", "outs: [3]", "a: [", "outs:\n- {}"]
)
def test_broken_dvc_file_says_nothing(version, project, text):
    path = put(project / "data.csv", b"abc")
    (project / "data.csv.dvc").write_text(text)
    assert version(path) is None


def test_unchanged_file_is_read_once_for_its_version(version, project, monkeypatch):
    path = put(project / "data.csv", b"abc")
    track(path, md5(b"abc"), 3)
    first = version(path)
    for name in ("_md5", "_sha256"):
        monkeypatch.setattr(digests, name, lambda path: pytest.fail("read again"))
    assert version(path, limit=0) == first


def test_pointer_of_git_lfs(version, project):
    oid = hashlib.sha256(b"large").hexdigest()
    head = "version https://git-lfs.github.com/spec/v1\n"
    text = f"{head}oid sha256:{oid}\nsize 12345\n"
    assert version(put(project / "model.bin", text.encode())) == f"lfs:sha256:{oid}"
    other = text.replace("git-lfs", "not-lfs")
    assert version(put(project / "other.bin", other.encode())) is None


def test_file_kept_by_git_lfs(version, project):
    oid = hashlib.sha256(b"large").hexdigest()
    subprocess.run(["git", "init", "-q"], check=True)
    put(project / f".git/lfs/objects/{oid[:2]}/{oid[2:4]}/{oid}", b"large")
    assert version(put(project / "sub/model.bin", b"large")) == f"lfs:sha256:{oid}"
    assert version(put(project / "sub/other.bin", b"small")) is None
