"""What the corpus cannot compare: surroundings, order, limits, several at once."""

from __future__ import annotations

import os
import resource
import threading

import nbformat
import pytest

from jupyter_mlops.pipeline.worker import outputs
from jupyter_mlops.pipeline.worker.work import WorkerUnavailableError
from tests.pipeline.conftest import code

from .processes import parents_in


def test_order_of_text_and_display(run):
    cell = (
        "import os, sys\nfrom IPython.display import display\n"
        "print('a'); os.write(1, b'b\\n'); display('c'); os.write(1, b'd\\n')\n"
        "os.system('echo e'); print('f'); os.write(2, b'g\\n'); print('h')"
    )
    first, shown, rest, error = run(cell).cells[0].outputs[:4]
    assert (first.text, shown.output_type) == ("a\nb\n", "display_data")
    assert (rest.text, error.text) == ("d\ne\nf\nh\n", "g\n")


def test_flushed_streams_take_turns(run):
    cell = "import sys\nfor i in range(3):\n    print(i, flush=True)\n    print(i, file=sys.stderr, flush=True)"
    assert [o.text for o in run(cell).cells[0].outputs] == ["0\n"] * 2 + ["1\n"] * 2 + [
        "2\n"
    ] * 2


def test_unflushed_c_output_is_its_cells_own(run):
    done = run("import ctypes\nn = ctypes.CDLL(None).printf(b'from c')", "print('py')")
    assert (done.text(0), done.text(1)) == ("from c", "py\n")


def test_text_of_an_earlier_cells_task_is_kept(run):
    begin = "import asyncio\nasync def f():\n    await asyncio.sleep(0.01); print('late')\nt = asyncio.create_task(f())"
    done = run(begin, "await t\nprint('done')")
    assert done.text(0) + done.text(1) == "late\ndone\n"


def test_surroundings_are_the_runners(run, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    before = os.umask(0o027)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 7, hard))
    try:
        done = run(
            "import os, resource\nopen('made', 'w').close()",
            "resource.getrlimit(resource.RLIMIT_NOFILE)[0], os.environ['MARK']",
            environ={"MARK": "here"},
        )
    finally:
        os.umask(before)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o640
    assert done.cells[1].outputs[0].data["text/plain"] == f"({soft - 7}, 'here')"


def test_each_notebook_draws_its_own_numbers(run):
    cell = "import random, numpy as np\nprint(random.random(), np.random.rand())"
    assert run(cell).text(0) != run(cell).text(0)


def test_nothing_is_kept_for_the_next_notebook(run):
    run("import os, sys, numpy\nos.environ['LEFT'] = 'x'; numpy.left = 1; kept = 1")
    done = run(
        "import os, numpy\n'LEFT' in os.environ, hasattr(numpy, 'left'), 'kept' in globals()"
    )
    assert done.cells[0].outputs[0].data["text/plain"] == "(False, False, False)"


def test_libraries_are_there_before_the_notebook(run):
    done = run("print('yaml' in __import__('sys').modules)", "import yaml")
    assert done.text(0) == "True\n"
    assert run("print('yaml' in __import__('sys').modules)").text(0) == "False\n"


def test_several_notebooks_at_once(run, tmp_path):
    texts = {}

    def work(number):
        folder = tmp_path / str(number)
        folder.mkdir()
        done = run(f"import yaml\nprint({number})", cwd=folder)
        texts[number] = done.text(0)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert texts == {n: f"{n}\n" for n in range(4)}


def test_text_beyond_the_limit_is_counted(run, monkeypatch):
    monkeypatch.setattr(outputs, "TEXT_LIMIT", 1000)
    kept, said = run("for _ in range(100): print('x' * 99)").cells[0].outputs
    assert len(kept.text) == 1000
    assert said.text == "\n[9000 further characters are left out]\n"


def test_missing_folder_is_no_worker(run, tmp_path):
    with pytest.raises(WorkerUnavailableError):
        run("1", cwd=tmp_path / "nowhere")


def test_skipped_and_markdown_cells(run):
    done = run(
        nbformat.v4.new_markdown_cell("x"),
        code("1/0", "skip-execution"),
        "",
        "print(1)",
    )
    assert [outcome[0] for outcome in done.outcomes] == [3]
    assert done.cells[3].execution_count == 1


def test_no_cells_at_all(run):
    assert run().outcomes == []


def test_parent_has_one_thread(run):
    run("import pandas")
    parents = parents_in(os.environ["XDG_RUNTIME_DIR"])
    counts = [len(os.listdir(f"/proc/{process}/task")) for process in parents]
    assert parents
    assert max(counts) <= 2
