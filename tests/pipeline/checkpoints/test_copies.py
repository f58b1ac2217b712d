"""Copies of a notebook's process: what they share, what they have of their own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.pipeline.worker.test_faults import has_gone, parent_of

from .conftest import go_on


def test_copy_goes_on_where_it_was_made(branch):
    _, copier = branch("x = 1", "x = 2", "x = 3")
    assert go_on(copier.copies[0], "x, In[-2]") == ["(1, 'x = 1')"]


def test_copy_wakes_several_times(branch):
    _, copier = branch("x = []", "x.append(1)")
    (sleeper,) = copier.copies
    assert [go_on(sleeper, "x.append(2)", "x")[1] for _ in range(3)] == ["[2]"] * 3
    assert sleeper.is_alive


def test_copy_of_a_copy(branch):
    from jupyter_mlops.pipeline.worker.work import NotebookWork
    from tests.pipeline.conftest import notebook_of
    from tests.pipeline.worker.comparison import Witness

    from .conftest import Copier

    _, copier = branch("x = 1", "pass")
    second = Copier(1)
    notebook = notebook_of("x += 1", "x += 10")
    start = copier.copies[0].waking()
    NotebookWork(notebook, Witness(), start, {}, visitor=second).run()
    copier.copies[0].close()
    assert go_on(second.copies[0], "x") == ["2"]
    second.copies[0].close()


def test_random_numbers_come_again(branch):
    cell = "import random; random.random()"
    notebook, copier = branch("import random; random.seed(3)", cell)
    drawn = notebook.cells[1].outputs[0].data["text/plain"]
    assert go_on(copier.copies[0], cell) == [drawn]
    assert go_on(copier.copies[0], cell) == [drawn]


def test_numpy_numbers_come_again(branch):
    cell = "np.random.rand()"
    notebook, copier = branch("import numpy as np; np.random.seed(3)", cell)
    assert go_on(copier.copies[0], cell) == [
        notebook.cells[1].outputs[0].data["text/plain"]
    ]


def test_open_files_keep_their_place(branch, tmp_path):
    (tmp_path / "lines").write_text("one\ntwo\nthree\n")
    _, copier = branch("f = open('lines'); a = f.readline()", "f.read()")
    assert go_on(copier.copies[0], "f.readline()") == ["'two\\n'"]
    assert go_on(copier.copies[0], "f.readline()") == ["'two\\n'"]


def test_environment_and_folder_can_be_told(branch):
    _, copier = branch("import os; os.environ['A'] = '1'", "pass")
    said = go_on(
        copier.copies[0],
        "os.environ['A'], os.environ['B'], os.getcwd()",
        environ={"B": "2"},
        folder="/",
    )
    assert said == ["('1', '2', '/')"]


def test_output_of_c_code_and_children(branch):
    _, copier = branch("import os, sys, logging", "pass")
    cell = "print('p'); os.write(1, b'w\\n'); os.system('echo c')\nlogging.warning('l')"
    (said,) = go_on(copier.copies[0], cell)
    assert said == "p\nw\nc\nWARNING:root:l\n0" or sorted(said) == sorted(
        "p\nw\nc\nWARNING:root:l\n"
    )


def test_awaiting_goes_on(branch):
    start = """
import asyncio
async def count():
    while True:
        seen.append(1)
        await asyncio.sleep(0.01)
seen = []
task = asyncio.create_task(count())"""
    _, copier = branch(start, "await asyncio.sleep(0.05)")
    cell = "seen.clear()\nwhile len(seen) < 3: await asyncio.sleep(0.01)\nprint('on')"
    assert go_on(copier.copies[0], cell) == ["on\n"]


def test_handlers_of_signals_are_kept(branch):
    define = "import signal, os\nsignal.signal(signal.SIGTERM, lambda *_: print('T'))"
    _, copier = branch(define, "pass")
    assert "T" in go_on(copier.copies[0], "os.kill(os.getpid(), 15)")[0]


def test_copy_is_no_child(branch):
    find = "import os\ntry: os.wait()\nexcept ChildProcessError: print('none')"
    notebook, _ = branch("1", find)
    assert notebook.cells[1].outputs[0].text == "none\n"


def test_copy_ends_with_its_last_hold(branch):
    _, copier = branch("1", "2")
    (sleeper,) = copier.copies
    guardian = parent_of(sleeper.process)
    assert Path(f"/proc/{sleeper.process}/comm").read_text() == "mlops-sleeper\n"
    sleeper.close()
    assert has_gone(sleeper.process, guardian)


def test_killed_guardian_takes_copies_along(branch):
    _, copier = branch("1", "2")
    (sleeper,) = copier.copies
    os.kill(parent_of(sleeper.process), 9)
    assert has_gone(sleeper.process)
    assert not sleeper.is_alive


def test_woken_copy_that_is_gone(branch):
    from jupyter_mlops.pipeline.worker.work import WorkerUnavailableError

    _, copier = branch("1", "2")
    (sleeper,) = copier.copies
    os.kill(sleeper.process, 9)
    assert has_gone(sleeper.process)
    with pytest.raises(WorkerUnavailableError):
        go_on(sleeper, "3")


def test_sleeper_is_the_first_to_go(branch):
    _, copier = branch("1", "2")
    score = Path(f"/proc/{copier.copies[0].process}/oom_score_adj").read_text()
    assert int(score) == 800
    cell = "open('/proc/self/oom_score_adj').read().strip()"
    assert go_on(copier.copies[0], cell) != ["'800'"]


@pytest.mark.parametrize(
    ("cell", "owner"),
    [
        (
            "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()",
            "threading.Thread",
        ),
        (
            "from concurrent.futures import ThreadPoolExecutor as T\np = T(1); p.submit(int)",
            "ThreadPoolExecutor",
        ),
        ("import asyncio\nawait asyncio.to_thread(int)", "asyncio_0"),
    ],
)
def test_living_threads_forbid_a_copy(branch, cell, owner):
    notebook, copier = branch(cell, "print('on')")
    (reason,) = copier.refusals
    assert owner in reason
    assert notebook.cells[1].outputs[0].text == "on\n"


def test_gpu_forbids_a_copy(branch):
    cell = "import ctypes, shutil\nfrom ctypes.util import find_library\nshutil.copy(ctypes.CDLL('libz.so.1')._name and [l.split()[-1] for l in open('/proc/self/maps') if 'libz.so' in l][0], 'libcuda.so.1')\ngpu = ctypes.CDLL('./libcuda.so.1')"
    _, copier = branch(cell, "1")
    assert copier.refusals == ["a GPU may be in use: libcuda.so.1 is loaded"]


@pytest.mark.parametrize(
    "library",
    [
        "import numpy as np; X = np.ones((300, 300)); f = lambda: (X @ X).sum()",
        "import numpy as np\nfrom sklearn.ensemble import HistGradientBoostingClassifier as H\nX = np.random.rand(500, 3)\nf = lambda: H(max_iter=2).fit(X, X[:, 0] > 0.5).score(X, X[:, 0] > 0.5)",
        "import pyarrow as pa\nimport pyarrow.compute as pc\nf = lambda: pc.sum(pa.array(range(10**5))).as_py()",
    ],
    ids=["blas", "openmp", "arrow"],
)
def test_threads_of_libraries_are_laid_to_rest(branch, library):
    notebook, copier = branch(f"{library}\nfirst = f()", "bool(f() == first)")
    assert copier.refusals == []
    assert notebook.cells[1].outputs[0].data["text/plain"] == "True"
    assert go_on(copier.copies[0], "bool(f() == first)") == ["True"]


def test_garbage_is_collected_when_asked_for(branch):
    make = "import gc, weakref\nclass A: pass\na = A(); a.me = a; seen = weakref.ref(a)"
    notebook, _ = branch(make, "del a; _ = gc.collect(); print(seen())")
    assert notebook.cells[1].outputs[0].text == "None\n"


ENDINGS = """
import atexit, gc, pathlib, weakref
place = pathlib.Path({place!r})
file = open(place / 'unclosed', 'w')
class Loop:
    def __init__(self, name): self.name, self.me = name, self
    def __del__(self): (place / self.name).touch()
early = Loop('early')
"""
LATE = """
n = file.write('kept')
late, watched = Loop('late'), Loop('watched')
seen = weakref.ref(watched)
def leave():
    global watched
    del watched
    gc.collect()
    (place / 'collected').write_text(str(seen()))
handle = atexit.register(leave)
"""


@pytest.mark.parametrize("held", [0, 200_000], ids=["little", "much"])
def test_copy_ends_as_a_process_does(branch, tmp_path, held):
    holds = f"held = [[] for _ in range({held})]\n"
    _, copier = branch(holds + ENDINGS.format(place=str(tmp_path)), "pass")
    go_on(copier.copies[0], LATE, "del early, late")
    assert (tmp_path / "unclosed").read_text() == "kept"
    assert (tmp_path / "collected").read_text() == "None"
    assert {"early", "late"} <= set(os.listdir(tmp_path))
