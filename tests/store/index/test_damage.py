"""Whatever happens to the database, the journals give everything back."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from jupyter_mlops.errors import IndexUnavailableError, RunNotFoundError
from jupyter_mlops.store.index import Index, RunQuery
from jupyter_mlops.store.layout import Layout

ROOT = Path(__file__).parents[3]


@pytest.fixture
def filled(layout, journals):
    """An index of 200 runs, closed again."""
    for number in range(200):
        journals.run(journals.metric("m", number / 2), journals.param("p", "x" * 50))
    index = Index(layout)
    index.catch_up()
    index.close()
    return layout


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwrite_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 : len(data) // 2] = os.urandom(len(data) // 2 - 4096)
    path.write_bytes(data)


DAMAGES = [
    Path.unlink,
    cut_in_half,
    overwrite_middle,
    lambda path: os.truncate(path, 0),
    lambda path: os.truncate(path, 100),
    lambda path: path.write_bytes(b"no database at all" * 100),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_index_is_made_anew(filled, damage):
    damage(filled.index)
    index = Index(filled)
    index.catch_up()
    assert len(index.find(RunQuery())) == 200
    assert index.table(RunQuery(filter="metrics.m > 90")).columns["metrics.m"]
    index.close()


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_under_an_open_index(filled, damage):
    index = Index(filled)
    index.catch_up()
    index._database.engine.dispose()
    damage(filled.index)
    index.catch_up()
    assert len(index.find(RunQuery())) == 200
    index.close()


def test_half_made_schema_is_made_anew(filled):
    with sqlite3.connect(filled.index) as connection:
        connection.execute("DROP TABLE metrics")
    connection.close()
    index = Index(filled)
    assert len(index.find(RunQuery(include=["metrics"]))) == 200
    index.close()


def test_rebuild_leaves_nothing_beside(filled):
    index = Index(filled)
    index.rebuild()
    index.close()
    names = {path.name for path in filled.folder.glob("index*")}
    assert names <= {"index.sqlite", "index.lock"}


def test_killed_indexer_loses_nothing(layout, journals):
    lines = [journals.metric("m", i / 3, i) for i in range(30_000)]
    run_id = journals.run(*lines)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from jupyter_mlops.store.index import Index, catching_up, reading\n"
        "from jupyter_mlops.store.layout import Layout\n"
        "catching_up.BATCH_EVENTS = reading.CHUNK_BYTES = 1000\n"
        "index = Index(Layout(Path(sys.argv[1])))\n"
        "index.experiments()\n"
        "print('begun', flush=True)\n"
        "index.catch_up()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, layout.project],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    reader = Index(layout)
    with child:
        child.stdout.readline()
        while not reader.experiments():
            assert child.poll() is None
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    reader.catch_up()
    assert reader.history(run_id, "m").steps == list(range(30_000))
    assert reader.run(run_id).metrics["m"].count == 30_000
    reader.close()


def in_child_as_nobody(work) -> int:
    """Run `work` in a forked child that may only read; returns its exit code."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def read_only(filled):
    """The filled workspace where anyone may read it and nobody write."""
    place = Path(tempfile.mkdtemp())
    shutil.copytree(filled.project, place, dirs_exist_ok=True)
    for folder, _, names in os.walk(place):
        os.chmod(folder, 0o555)
        for name in names:
            os.chmod(Path(folder) / name, 0o444)
    yield Layout(place)
    for folder, _, _ in os.walk(place):
        os.chmod(folder, 0o755)
    shutil.rmtree(place)


@pytest.mark.parametrize("has_index", [True, False])
def test_read_only_workspace_can_be_read(read_only, has_index):
    if not has_index:
        os.chmod(read_only.folder, 0o755)
        read_only.index.unlink()
        os.chmod(read_only.folder, 0o555)

    def work():
        index = Index(read_only)
        found = index.catch_up()
        assert found.events == (0 if has_index else 800)
        assert len(index.find(RunQuery())) == 200
        copy = Path(index._database.place)
        assert copy.exists()
        index.close()
        assert not copy.parent.exists()

    before = sorted(path.name for path in read_only.folder.iterdir())
    assert in_child_as_nobody(work) == 0
    assert sorted(path.name for path in read_only.folder.iterdir()) == before


@pytest.mark.parametrize(
    "url", ["mysql://host/db", "nonsense", "postgresql:///x?host=/nowhere"]
)
def test_unusable_url_is_said(layout, url):
    with pytest.raises(IndexUnavailableError):
        Index(layout, url).catch_up()


def test_unknown_run_is_said(filled):
    index = Index(filled)
    with pytest.raises(RunNotFoundError) as caught:
        index.resolve("zzzz")
    assert (caught.value.text, caught.value.candidates) == ("zzzz", [])
    index.close()
