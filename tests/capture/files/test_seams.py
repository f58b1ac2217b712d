import pickle
import subprocess
import sys
import traceback

import h5py
import polars.io.csv.functions
import pyarrow.csv
import pytest

from jupyter_mlops.capture.files import FileWatch, seams, without_own_frames


def test_calls_are_as_before_when_nobody_watches(project):
    read, init = pyarrow.csv.read_csv, h5py.File.__init__
    finders = list(sys.meta_path)
    outer, inner = FileWatch(project).start(), FileWatch(project).start()
    assert pyarrow.csv.read_csv is not read
    outer.stop()
    assert h5py.File.__init__ is not init
    inner.stop()
    assert (pyarrow.csv.read_csv, h5py.File.__init__) == (read, init)
    assert sys.meta_path == finders
    assert seams._placed == []


def test_what_others_put_on_top_stays(project, monkeypatch):
    monkeypatch.setattr(pyarrow.csv, "read_csv", pyarrow.csv.read_csv)
    watch = FileWatch(project).start()
    noted = pyarrow.csv.read_csv

    def other(path):
        return noted(path)

    pyarrow.csv.read_csv = other
    watch.stop()
    assert pyarrow.csv.read_csv is other
    assert other("in.csv").num_rows == 1


def test_fault_of_ours_never_breaks_a_call(project, monkeypatch):
    class Odd:
        def __fspath__(self):
            raise ZeroDivisionError

    watch = FileWatch(project).start()
    with pytest.raises(ZeroDivisionError):
        pyarrow.csv.read_csv(Odd())
    assert pyarrow.csv.read_csv("in.csv").num_rows == 1
    assert len(watch.stop()) == 1


def test_noted_function_can_be_sent_away(project):
    watch = FileWatch(project).start()
    sent = pickle.dumps(polars.io.csv.functions.scan_csv)
    watch.stop()
    assert pickle.loads(sent) is polars.io.csv.functions.scan_csv


def test_traceback_is_as_without_us(project):
    def names():
        try:
            pyarrow.csv.read_csv("nowhere.csv")
        except FileNotFoundError as error:
            caught = error
        without_own_frames(caught)
        return [frame.name for frame in traceback.extract_tb(caught.__traceback__)]

    bare = names()
    watch = FileWatch(project).start()
    watched = names()
    watch.stop()
    assert watched == bare


@pytest.mark.parametrize(
    "work",
    [
        "import polars; polars.read_csv('in.csv')",
        "from pyarrow.csv import read_csv; read_csv('in.csv')",
        "import h5py; h5py.File('out.h5', 'w').close()",
        "import fsspec; fsspec.open('memory://x', 'w').open().close()",
    ],
)
def test_library_imported_meanwhile_is_seen(project, work):
    script = (
        "import sys\n"
        "from jupyter_mlops.capture.files import FileWatch\n"
        "watch = FileWatch('.').start()\n"
        "assert not {'polars', 'pyarrow', 'h5py', 'fsspec'} & set(sys.modules)\n"
        f"{work}\n"
        "print([file.path.rpartition('/')[2] for file in watch.stop()])\n"
        "names = ('polars', 'pyarrow.csv', 'h5py._hl.files', 'fsspec.spec')\n"
        "specs = [sys.modules[n].__spec__ for n in names if n in sys.modules]\n"
        "print(any('exec_module' in vars(spec.loader) for spec in specs))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    seen, is_left = done.stdout.splitlines()
    assert seen in {"['in.csv']", "['out.h5']", "['x']"}
    assert is_left == "False"
