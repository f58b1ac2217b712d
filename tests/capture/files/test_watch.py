import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest

from jupyter_mlops.capture.files import FileWatch


def test_reads_and_writes_are_told_apart(watched, project):
    def work():
        frame = pd.read_csv("in.csv")
        frame.to_csv(project / "out.csv")
        np.save("array.npy", np.ones(3))
        joblib.dump([1], "list.joblib")
        Path("text.txt").write_text("a")
        shutil.copyfile("in.csv", b"copy.csv")

    assert watched(work) == {
        "in.csv": "read",
        "out.csv": "written",
        "array.npy": "written",
        "list.joblib": "written",
        "text.txt": "written",
        "copy.csv": "written",
    }


def test_written_wins_over_read(watched):
    def work():
        open("in.csv").close()
        open("in.csv", "a").close()
        open("in.csv").close()

    assert watched(work) == {"in.csv": "written"}


def test_new_names_are_written(watched, project):
    (project / "folder").mkdir()

    def work():
        Path("beside").write_text("a")
        Path("beside").replace("final")
        shutil.move("final", "moved")
        os.link("moved", "linked")
        Path("folder/inner").write_text("a")
        Path("folder").rename("renamed")

    assert watched(work) == dict.fromkeys(
        ["moved", "linked", "renamed/inner"], "written"
    )


def test_truncated_file_is_written(watched):
    assert watched(lambda: os.truncate("in.csv", 3)) == {"in.csv": "written"}


def test_file_removed_again_is_no_output(watched):
    def work():
        Path("gone").write_text("a")
        Path("gone").unlink()
        with pytest.raises(FileNotFoundError):
            os.rename("gone", "in.csv")

    assert watched(work) == {}


def test_folders_and_missing_files_are_left_out(watched, project):
    def work():
        (project / "sub").mkdir()
        os.close(os.open("sub", os.O_RDONLY))
        Path("gone").write_text("a")
        Path("gone").unlink()
        with pytest.raises(FileNotFoundError):
            Path("never").read_text()

    assert watched(work) == {}


def test_other_places_are_left_out(watched, project):
    def work():
        for folder in (".mlops", "__pycache__", ".ipynb_checkpoints", ".git"):
            (project / folder).mkdir()
            (project / folder / "x").write_text("a")
        open("/proc/self/status").close()
        open(os.devnull, "w").close()
        open(os.__file__).close()
        open(np.__file__).close()

    assert watched(work) == {}


def test_imported_modules_are_no_data(watched, project, monkeypatch):
    (project / "watched_module.py").write_text("x = 1")
    monkeypatch.syspath_prepend(project)

    def work():
        __import__("watched_module")

    assert watched(work) == {}
    del sys.modules["watched_module"]


def test_threads_are_watched(watched):
    def work():
        thread = threading.Thread(target=lambda: open("in.csv").close())
        thread.start()
        thread.join()

    assert watched(work) == {"in.csv": "read"}


def test_relative_paths_follow_the_working_directory(watched, project):
    (project / "sub").mkdir()

    def work():
        os.chdir("sub")
        Path("inner").write_text("a")
        with pytest.raises(FileNotFoundError):
            os.chdir("nowhere")
        fd = os.open("..", os.O_RDONLY)
        os.chdir(fd)
        os.close(fd)
        open("in.csv").close()

    assert watched(work) == {"in.csv": "read", "sub/inner": "written"}


def test_databases_are_written_when_they_change(watched, project):
    for name in ("read.db", "written.db"):
        with sqlite3.connect(project / name) as made:
            made.execute("create table t (x)")
        made.close()

    def work():
        for name, statement in (
            ("read.db", "select * from t"),
            ("written.db", "insert into t values (1)"),
            (":memory:", "create table t (x)"),
        ):
            with sqlite3.connect(name) as connection:
                connection.execute(statement)
            connection.close()

    assert watched(work) == {"read.db": "read", "written.db": "written"}


def test_watches_nest(project):
    outer = FileWatch(project).start()
    open("in.csv").close()
    inner = FileWatch(project).start()
    Path("x").write_text("a")
    assert [Path(file.path).name for file in inner.stop()] == ["x"]
    Path("y").write_text("a")
    assert [Path(file.path).name for file in outer.stop()] == ["in.csv", "x", "y"]
    assert outer.stop() == []


def test_odd_path_objects_never_break_the_call(watched):
    class Odd(str):
        def __hash__(self):
            raise RuntimeError("no")

    def work():
        with open(Odd("in.csv")) as file:
            assert file.read()

    assert set(watched(work)) <= {"in.csv"}


def test_hook_outlives_the_interpreter(project):
    script = (
        "from jupyter_mlops.capture.files import FileWatch\n"
        "watch = FileWatch().start()\n"
        "class Late:\n"
        "    def __del__(self, open=open): open('in.csv').close()\n"
        "late = Late()\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
