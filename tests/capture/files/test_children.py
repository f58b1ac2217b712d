import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from jupyter_mlops.capture.files import notes, states
from jupyter_mlops.capture.files.places import Places


def write(name):
    Path(name).write_text("a")


def forked(name):
    child = os.fork()
    if not child:
        write(name)
        os._exit(0)
    os.waitpid(child, 0)


def spawned(name):
    code = f"open({name!r}, 'w').write('a')"
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", code], os.environ)
    os.waitpid(child, 0)


WAYS = {
    "run": lambda: subprocess.run("echo a > out; cat in.csv", shell=True, check=True),
    "system": lambda: os.system("echo a > out"),
    "posix_spawn": lambda: spawned("out"),
}


@pytest.mark.parametrize("name", WAYS)
def test_outputs_of_children_are_written(watched, name):
    assert watched(WAYS[name]) == {"out": "written"}


@pytest.mark.filterwarnings("ignore:This process")
def test_outputs_of_forks_are_written(watched):
    assert watched(lambda: forked("out")) == {"out": "written"}


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_outputs_of_worker_processes_are_written(watched, method):
    def work():
        context = multiprocessing.get_context(method)
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            list(pool.map(os.mkdir, ["folder"]))
            list(pool.map(os.symlink, ["in.csv"], ["link"]))
            list(pool.map(os.truncate, ["in.csv"], [3]))

    assert watched(work) == {"in.csv": "written"}


def test_workers_of_an_earlier_cell_are_watched(watched):
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        list(pool.map(os.getcwd, [] * 0)), pool.submit(os.getpid).result()
        assert watched(lambda: pool.submit(os.truncate, "in.csv", 1).result()) == {
            "in.csv": "written"
        }


def test_changed_and_removed_files_are_told_apart(watched, project):
    (project / "old").write_text("a")
    assert watched(lambda: os.system("echo b >> in.csv; rm old; mkdir -p sub")) == {
        "in.csv": "written"
    }


def test_installations_and_caches_are_not_looked_through(watched, project):
    for folder, mark in (("env", "pyvenv.cfg"), ("cache", "CACHEDIR.TAG")):
        (project / folder).mkdir()
        (project / folder / mark).write_text("a")
    (project / "node_modules").mkdir()
    places = "env cache node_modules .mlops .git __pycache__"
    command = f"for f in {places}; do mkdir -p $f; echo a > $f/x; done"
    assert watched(lambda: os.system(command)) == {}


@pytest.mark.parametrize("name", ["{}/own.ipynb", "own.ipynb"])
def test_notebook_saved_meanwhile_is_no_output(watched, project, monkeypatch, name):
    monkeypatch.setenv("JPY_SESSION_NAME", name.format(project))
    command = "echo a > own.ipynb; echo a > other.ipynb"
    assert watched(lambda: os.system(command)) == {"other.ipynb": "written"}


def test_project_too_large_is_said(watched, project, monkeypatch):
    monkeypatch.setattr(
        notes, "snapshot", lambda *a: states.snapshot(*a, entries=5, seconds=60)
    )
    for number in range(5):
        (project / f"{number}").write_text("a")
    assert watched(lambda: os.system("echo a > out")) == {}
    (problem,) = watched.problems
    assert str(project) in problem


def test_looking_through_stops_in_time(project):
    found = states.snapshot(str(project), Places(project), seconds=-1)
    assert (found.files, found.is_whole) == ({}, False)


def test_without_children_nothing_is_looked_through(watched, monkeypatch):
    monkeypatch.setattr(notes, "snapshot", lambda *a: pytest.fail("looked through"))
    assert watched(lambda: open("in.csv").close()) == {"in.csv": "read"}
