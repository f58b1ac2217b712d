"""A real PostgreSQL server, and journals written byte by byte."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from jupyter_mlops.ids import RunId, new_run_id
from jupyter_mlops.store import events
from jupyter_mlops.store.index import Index

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
NO_SERVER = "no PostgreSQL server: apt-get install postgresql"


def as_postgres(*command: object) -> None:
    """Run a program of the server, which refuses to be root."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = [
            "setpriv",
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            *words,
        ]
    subprocess.run(words, check=True, cwd="/", capture_output=True, timeout=60)


@pytest.fixture(scope="session")
def postgres_server():
    """URL of a server of our own, on a socket in a temporary folder."""
    if not PLACES:
        if "CI" in os.environ:
            pytest.fail(NO_SERVER)
        pytest.skip(NO_SERVER)
    programs = PLACES[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="mlops-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    as_postgres(
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    )
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    as_postgres(
        programs / "pg_ctl",
        "-D",
        data,
        "-o",
        options,
        "-l",
        folder / "log",
        "-w",
        "start",
    )
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        as_postgres(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    """URL of an empty index: SQLite in the workspace, or a database of its own."""
    if request.param == "sqlite":
        yield ""
        return
    import psycopg

    server = request.getfixturevalue("postgres_server")
    name = f"test_{os.urandom(6).hex()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def index(layout, url):
    made = Index(layout, url)
    yield made
    made.close()


class Journals:
    """Writes events into journals with times of the test's choosing."""

    def __init__(self, layout):
        self.layout = layout
        self.now = 1_790_000_000_000_000

    def line(self, kind, /, **fields):
        self.now += 1
        return events.dump({"e": kind, "t": self.now, **fields})

    def write(self, run_id, *lines, writer="1-00000000"):
        folder = self.layout.journal_folder(run_id)
        folder.mkdir(exist_ok=True)
        with (folder / f"{writer}.jsonl").open("ab") as file:
            file.write(b"".join(lines))

    def run(
        self,
        *lines,
        name="a run",
        experiment="exp",
        kind="script",
        end="finished",
        **fields,
    ):
        """Write a whole run; `end=None` leaves it without an end."""
        run_id = new_run_id()
        start = self.line(
            "start", name=name, experiment=experiment, kind=kind, **fields
        )
        last = [self.line("end", status=end)] if end else []
        self.write(run_id, start, *lines, *last)
        return RunId(run_id)

    def param(self, k, v):
        return self.line("param", k=k, v=events.to_json(v))

    def metric(self, k, v, s=0):
        return self.line("metric", k=k, v=v, s=s)

    def tag(self, k, v):
        return self.line("tag", k=k, v=v)


@pytest.fixture
def journals(layout):
    return Journals(layout)
