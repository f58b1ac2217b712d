"""Files that were torn, cut off, changed or removed."""

from __future__ import annotations

import os
import random

import pytest

import jupyter_mlops as mlops
from jupyter_mlops.errors import BlobCorruptError, BlobNotFoundError
from jupyter_mlops.records import Status


def test_every_cut_of_a_journal_is_read(workspace, journals_of, reopened):
    with mlops.start_run("cut") as run:
        for step in range(20):
            mlops.log_metric("m", step)
    (path,) = journals_of(run.id)
    whole = path.read_bytes()
    start = whole.index(b"\n", whole.index(b'"start"')) + 1
    for size in random.sample(range(start, len(whole)), 15):
        path.write_bytes(whole[:size])
        again = reopened()
        problems = again.store.index.rebuild().problems
        assert len(problems) == (whole[size - 1] != ord("\n"))
        assert all("torn" in said and str(path) in said for said in problems)
        found = again.get_run(run.id)
        assert found.status is Status.LOST
        assert sum(item.count for item in found.record.metrics.values()) == (
            whole[:size].count(b'"metric"')
            - (b'"metric"' in whole[:size].split(b"\n")[-1])
        )


def test_killed_writers_torn_line_is_left(workspace, script, reopened):
    killed = script(
        "run = mlops.start_run('torn'); mlops.log_metric('m', 1); print(run.id)\n"
        'os.write(run._journal._fd, b\'{"e":"metric","k":"m","v":\'); os.kill(os.getpid(), 9)'
    )
    run_id = killed.stdout.readline().strip()
    killed.wait()
    (problem,) = workspace.store.index.catch_up().problems
    assert "torn" in problem
    assert run_id in problem
    found = mlops.get_run(run_id)
    assert (found.metrics, found.status) == ({"m": 1}, Status.LOST)


def test_run_goes_on_after_a_torn_line(workspace, script):
    code = "run = mlops.start_run('torn'); mlops.log_metric('m', 1); print(run.id)\n"
    killed = script(
        code + "os.write(run._journal._fd, b'{\"e\":'); os.kill(os.getpid(), 9)"
    )
    run_id = killed.stdout.readline().strip()
    killed.wait()
    mlops.get_run(run_id).set_tag("seen", "yes")
    found = mlops.get_run(run_id)
    assert (found.metrics, found.tags) == ({"m": 1}, {"seen": "yes"})


def blob_of(workspace, run_id, name):
    digest = mlops.get_run(run_id).artifacts[name].digest
    path = workspace.layout.blobs / "sha256" / digest[:2] / digest[2:]
    path.chmod(0o644)
    return path, digest


DAMAGES = {
    "truncated": lambda data: data[:-1],
    "emptied": lambda data: b"",
    "flipped": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "longer": lambda data: data + b"\0",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_blob_is_refused(workspace, recorded, damage):
    path, digest = blob_of(workspace, recorded[0], "text")
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    with pytest.raises(BlobCorruptError) as caught:
        mlops.get_run(recorded[0]).artifact("text")
    assert caught.value.digest == digest
    assert str(path) in str(caught.value)
    # The other run's bytes are another blob, and untouched.
    assert mlops.get_run(recorded[1]).artifact("text") == "kept 1"


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_file_is_never_restored(workspace, tmp_path, damage):
    source = tmp_path / "data.bin"
    source.write_bytes(os.urandom(5 << 20))
    with mlops.start_run("file") as run:
        mlops.log_artifact(source)
    path, _ = blob_of(workspace, run.id, "data.bin")
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    target = tmp_path / "target"
    target.write_bytes(b"as it was")
    with pytest.raises(BlobCorruptError):
        mlops.get_run(run.id).save_artifact("data.bin", target)
    assert target.read_bytes() == b"as it was"
    assert sorted(os.listdir(tmp_path)) == ["data.bin", "project", "target"]


def test_missing_blob_is_said(workspace, recorded):
    path, digest = blob_of(workspace, recorded[0], "text")
    path.unlink()
    with pytest.raises(BlobNotFoundError, match=digest):
        mlops.get_run(recorded[0]).artifact("text")


def test_truncated_blob_is_stored_again(workspace, recorded):
    path, _ = blob_of(workspace, recorded[0], "text")
    path.write_bytes(b"kep")
    with mlops.start_run("again") as run:
        mlops.log_object("text", "kept 0")
    assert mlops.get_run(run.id).artifact("text") == "kept 0"
    assert mlops.get_run(recorded[0]).artifact("text") == "kept 0"


# --- the index -------------------------------------------------------------------


def index_files(workspace):
    folder, name = workspace.layout.folder, workspace.layout.index.name
    return [path for path in folder.iterdir() if path.name.startswith(name)]


def remove(workspace):
    for path in index_files(workspace):
        path.unlink()


def remove_main(workspace):
    workspace.layout.index.unlink()


def cut(workspace):
    size = workspace.layout.index.stat().st_size
    os.truncate(workspace.layout.index, random.randrange(size))


def cut_to_pages(workspace):
    size = workspace.layout.index.stat().st_size
    os.truncate(workspace.layout.index, random.randrange(1, size // 4096) * 4096)


def empty(workspace):
    os.truncate(workspace.layout.index, 0)


def garble(workspace):
    workspace.layout.index.write_bytes(os.urandom(50_000))


def garble_head(workspace):
    with workspace.layout.index.open("r+b") as file:
        file.write(os.urandom(100))


def garble_log(workspace):
    path = workspace.layout.index
    path.with_name(path.name + "-wal").write_bytes(os.urandom(9000))


def garble_shared(workspace):
    path = workspace.layout.index
    path.with_name(path.name + "-shm").write_bytes(os.urandom(32768))


def other_database(workspace):
    import sqlite3

    remove(workspace)
    with sqlite3.connect(workspace.layout.index) as connection:
        connection.execute("CREATE TABLE runs (x)")
    connection.close()


HARMS = [
    remove, remove_main, cut, cut_to_pages, empty, garble, garble_head, garble_log,
    garble_shared, other_database,
]  # fmt: skip
harmed = pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)


@harmed
def test_harmed_index_is_made_anew(workspace, reopened, recorded, everything, harm):
    before = everything(workspace)
    for _ in range(8):
        workspace.close()
        harm(workspace)
        again = reopened()
        assert everything(again) == before
        again.close()


@harmed
def test_index_harmed_in_use_is_made_anew(workspace, recorded, everything, harm):
    before = everything(workspace)
    harm(workspace)
    assert everything(workspace) == before
    with mlops.start_run("after", experiment="exp"):
        mlops.log_metric("m", 1.0)
    assert len(workspace.runs()) == 3
    assert workspace.get_run("last").metrics == {"m": 1.0}


@pytest.mark.parametrize(
    "fill", [bytes(4096), b"\xa5" * 4096], ids=["zeros", "garbage"]
)
def test_any_damaged_page_is_noticed(workspace, reopened, recorded, everything, fill):
    before = everything(workspace)
    workspace.close()
    whole = workspace.layout.index.read_bytes()
    for place in range(4096, len(whole), 4096):
        damaged = whole[:place] + fill + whole[place + 4096 :]
        remove(workspace)
        workspace.layout.index.write_bytes(damaged)
        again = reopened()
        assert everything(again) == before
        again.close()
