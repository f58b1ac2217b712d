"""Runs gone on with: what is restored, what runs, and what the record says."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import nbformat
import pytest
from rich.console import Console

from jupyter_mlops import errors
from jupyter_mlops.pipeline.checkpoints.keeping import held_copies
from jupyter_mlops.pipeline.worker import resumption
from jupyter_mlops.verbs.show import show_run
from jupyter_mlops.workspace import Workspace
from tests.pipeline.conftest import ROOT, code, write_notebook
from tests.pipeline.worker.test_faults import has_gone

SLOW = "import time; time.sleep(0.2); print('slow'); x = 5"
PATIENT = SLOW.replace("0.2", "2.4")
COUNT = "open('count', 'a').write('.'); print('counted')"


def counted(batch):
    return (batch.path.parent / "count").read_text()


def test_good_cells_do_not_run_again(batch):
    failed = batch.run(f"{COUNT}\n{SLOW}", "y = x / 0")
    found = batch.resume(failed, f"{COUNT}  # same\n{SLOW}", "y = x + 1; y")
    assert (found.restored, found.why) == (1, "")
    assert counted(batch) == "."
    assert found.run.status == "finished"
    assert [cell.execution_count for cell in found.run.cells] == [1, 2]
    assert found.run.observations["resumed"] == {"from": failed.id, "restored": 1}


def test_output_notebook_is_whole(batch, tmp_path):
    target = tmp_path / "out.ipynb"
    failed = batch.run(SLOW, "y = x / 0", "print('end')", output=target)
    batch.resume(failed, SLOW, "print(x)", "print('end')")
    cells = nbformat.read(target, as_version=4).cells
    assert [cell.outputs[0].text for cell in cells] == ["slow\n", "5\n", "end\n"]


def test_what_cells_logged_is_there(batch):
    log = "import jupyter_mlops as m; m.log_metric('auc', 0.9); m.log_param('C', 1)"
    failed = batch.run(f"{log}\n{SLOW}", "m.log_metric('late', 1); 1 / 0")
    found = batch.resume(failed, f"{log}\n{SLOW}", "m.log_metric('new', 2)")
    assert found.restored == 1
    assert found.run.metrics == {"auc": 0.9, "new": 2}
    assert found.run.params == {"C": 1}
    assert batch.workspace.get_run(failed.id).metrics == {"auc": 0.9, "late": 1}


def test_changed_cell_runs_again(batch):
    failed = batch.run(SLOW, "z = x", "1 / 0")
    found = batch.resume(failed, SLOW.replace("5", "6"), "z = x", "print(z)")
    assert found.restored == 0
    assert "changed" in found.why
    assert found.run.cells[2].outputs[0]["text"] == "6\n"


def test_from_an_earlier_cell(batch):
    failed = batch.run(SLOW, "print(x)", "1 / 0")
    first = json.loads(batch.path.read_text())["cells"][0]["id"]
    with pytest.raises(errors.NotebookFailedError):
        batch.resume(failed, from_cell=first)
    found = batch.workspace.get_run("last")
    assert found.observations["resumed"]["restored"] == 0


def test_unknown_cell_is_refused(batch):
    failed = batch.run("1", "1 / 0")
    with pytest.raises(errors.InvalidInputError, match="No code cell has the id 'zz'"):
        batch.resume(failed, from_cell="zz")


def test_more_time(batch):
    failed = batch.run(SLOW, "time.sleep(2); print('done')", timeout=1)
    assert "timed out" in failed.cells[1].error.value
    found = batch.resume(failed, timeout=30)
    assert found.restored == 1
    assert found.run.cells[1].outputs[0]["text"] == "done\n"


def test_parameters_are_the_runs(batch):
    cells = (code("n = 1", "parameters"), SLOW, "n / 0")
    failed = batch.run(*cells, parameters={"n": 7})
    found = batch.resume(failed, *cells[:2], "print(n)")
    assert found.restored == 3
    assert found.run.params == {"n": 7}
    assert found.run.cells[-1].outputs[0]["text"] == "7\n"


def test_other_parameters_run_all(batch):
    cells = (code("n = 1", "parameters"), SLOW, "print(1 / (n - 7))")
    failed = batch.run(*cells, parameters={"n": 7})
    found = batch.resume(failed, parameters={"n": 8})
    assert found.restored <= 1
    assert found.run.params == {"n": 8}


def test_resumed_run_can_be_resumed(batch):
    failed = batch.run(f"{COUNT}\n{SLOW}", "1 / 0", "pass")
    with pytest.raises(errors.NotebookFailedError):
        batch.resume(failed, f"{COUNT}\n{SLOW}", "2 / 0", "pass")
    again = batch.workspace.get_run("last")
    found = batch.resume(again, f"{COUNT}\n{SLOW}", "3", "pass")
    assert found.restored == 1
    assert counted(batch) == "."


def test_copies_of_what_went_well_are_let_go(batch):
    failed = batch.run(SLOW, "1 / 0")
    processes = [item.process for item in held_copies(failed.id)]
    assert len(processes) == 2
    found = batch.resume(failed, SLOW, "1")
    assert has_gone(*processes)
    assert held_copies(found.run.id) == []


def test_without_a_copy_all_cells_run(batch):
    failed = batch.run(f"{COUNT}\n{SLOW}", "1 / 0")
    for item in held_copies(failed.id):
        os.kill(item.process, 9)
        assert has_gone(item.process)
    found = batch.resume(failed, f"{COUNT}\n{SLOW}", "1")
    assert found.restored == 0
    assert "no copy" in found.why
    assert counted(batch) == ".."


def test_record_says_why_there_is_no_copy(batch):
    thread = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True, name='mine').start()"
    failed = batch.run(f"{thread}\n{SLOW}", "1 / 0")
    told = failed.observations["checkpoints"]
    assert told["taken"] == []
    assert "'mine' of threading.Thread" in told["refused"][0]["why"]


def test_other_engine_says_so(batch):
    failed = batch.run(SLOW, "1 / 0", engine="nbclient")
    assert "nbclient" in failed.observations["checkpoints"]["why"]


def test_switched_off(batch, monkeypatch):
    monkeypatch.setenv("JUPYTER_MLOPS_CHECKPOINTS", "off")
    batch.workspace = Workspace(batch.workspace.layout.project)
    failed = batch.run(SLOW, "1 / 0")
    assert "setting checkpoints" in failed.observations["checkpoints"]["why"]
    batch.workspace.close()


@pytest.mark.slow
def test_hanging_copy_falls_back(batch, monkeypatch):
    monkeypatch.setattr(resumption.Watchdog.__init__, "__defaults__", (1.0,))
    # A lock that nobody will let go of in a copy, as a library's may be.
    lock = "import os, threading\nlock = threading.Lock()\nos.register_at_fork(after_in_child=lambda: lock.locked() or lock.acquire())"
    failed = batch.run(f"{lock}\n{SLOW}", "1 / 0")
    found = batch.resume(failed, f"{lock}\n{SLOW}", "lock.acquire(); print('got it')")
    assert found.restored == 0
    assert "stood still" in found.why
    assert found.run.status == "finished"
    assert len(found.run.cells) == 2


def test_running_run_is_refused(batch):
    with batch.workspace.start_run("other") as run:
        run.log_param("a", 1)
    with pytest.raises(errors.InvalidInputError, match="only notebooks"):
        batch.workspace.notebooks.resume("last")


@pytest.mark.slow
def test_killed_runner_leaves_its_copies(batch):
    go = "import sys; from jupyter_mlops.workspace import Workspace; Workspace('.').notebooks.run('nb.ipynb')"
    folder = batch.path.parent
    os.mkfifo(folder / "met")
    write_notebook(
        batch.path, PATIENT, "x = 6", "open('met', 'w').close(); time.sleep(60)"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    runner = subprocess.Popen([sys.executable, "-c", go], cwd=folder, env=environ)
    (folder / "met").read_text()
    runner.kill()
    runner.wait()
    lost = batch.workspace.get_run("last")
    assert lost.status == "lost"
    found = batch.resume(lost, PATIENT, "x = 6", "print(x)")
    assert found.restored in (1, 2)
    assert found.run.cells[2].outputs[0]["text"] == "6\n"


def test_budget_of_memory_is_kept(own_keeper, batch, monkeypatch):
    monkeypatch.setenv("JUPYTER_MLOPS_CHECKPOINT_MEMORY", "4KB")
    batch.workspace = Workspace(batch.workspace.layout.project)
    failed = batch.run(SLOW, "1 / 0")
    assert failed.observations["checkpoints"]["taken"]
    assert held_copies(failed.id) == []
    batch.workspace.close()


def test_no_amount_of_memory_is_refused(batch, monkeypatch):
    monkeypatch.setenv("JUPYTER_MLOPS_CHECKPOINT_MEMORY", "much")
    batch.workspace = Workspace(batch.workspace.layout.project)
    with pytest.raises(errors.SettingError, match="an amount of memory"):
        batch.run("1")
    batch.workspace.close()


def test_later_cells_taken_out(batch):
    failed = batch.run(SLOW, "1 / 0")
    found = batch.resume(failed, SLOW)
    assert found.run.status == "finished"
    assert (found.restored, found.run.cells[0].outputs[0]["text"]) == (0, "slow\n")


def test_show_says_what_was_restored(batch):
    failed = batch.run(SLOW, "y = x / 0")
    batch.resume(failed, SLOW, "y = x")
    console = Console(width=200, file=io.StringIO())
    console.print(show_run(batch.workspace, "last").render())
    assert f"from {failed.id}, which ran cell 0" in console.file.getvalue()
    again = batch.resume(batch.run("1 / 0"), "pass").run
    told = show_run(batch.workspace, again.id).to_json()["resumed"]
    assert told["restored"] == 0
    assert told["why"].startswith("no copy of its process is held")
