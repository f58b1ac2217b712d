"""A disk that is full, and what goes on once there is room again."""

from __future__ import annotations

import itertools
import os
import resource

import pytest

import jupyter_mlops as mlops
from jupyter_mlops.errors import IndexUnavailableError, StoreWriteError
from jupyter_mlops.records import Status
from jupyter_mlops.workspace import Workspace


def log_until_full(run):
    """Log until the disk refuses; returns the values that were taken."""
    taken = []

    def log():
        for value in itertools.count():
            run.log_metric("m", float(value))
            taken.append(value)

    with pytest.raises(StoreWriteError, match="make room") as caught:
        log()
    assert caught.value.run_id == run.id
    return taken


def parts_below(folder):
    """Files that something left half done."""
    names = ("*.part", "*.new", "format.*")
    return [path for name in names for path in folder.rglob(name)]


@pytest.mark.parametrize("leave", [0, 4096, 8192])
def test_points_before_and_after_are_kept(small, small_disk, leave):
    with small.start_run("long", experiment="e") as run:
        small_disk.fill(leave)
        before = log_until_full(run)
        for _ in range(3):
            with pytest.raises(StoreWriteError):
                run.log_metric("m", -1.0)
        small_disk.make_room()
        for value in (1e6, 2e6, 3e6):
            run.log_metric("m", value)
    found = small.get_run(run.id)
    assert list(found.history("m")["value"]) == [*before, 1e6, 2e6, 3e6]
    assert found.status is Status.FINISHED


def test_log_calls_of_every_kind_are_refused(small, small_disk):
    run = small.start_run("x", experiment="e")
    small_disk.fill()
    log_until_full(run)
    text = "x" * 5000
    for call in (
        lambda: run.log_param("p", text),
        lambda: run.set_tag("t", text),
        lambda: run.log_note(text),
        lambda: run.log_object("o", text),
        lambda: run.log_table("t", {"a": [1]}),
    ):
        with pytest.raises(StoreWriteError, match="make room"):
            call()
    small_disk.make_room()
    run.log_note("room")
    run.end()
    found = small.get_run(run.id)
    assert (found.record.note, found.params, found.artifacts) == ("room", {}, {})


@pytest.mark.parametrize("size", [100, 10_000, 6 << 20])
def test_artifact_leaves_nothing_half(small, small_disk, tmp_path, size):
    source = tmp_path / "source.bin"
    source.write_bytes(os.urandom(size))
    run = small.start_run("x", experiment="e")
    small_disk.fill(min(size // 2, 8192))
    before = sorted(small_disk.folder.rglob("*"))
    with pytest.raises(StoreWriteError, match="make room") as caught:
        run.log_artifact(source)
    assert caught.value.errno == 28
    files = [path for path in small_disk.folder.rglob("*") if path.is_file()]
    assert set(files) <= set(before)
    small_disk.make_room()
    if size < 1 << 19:
        run.log_artifact(source)
        small.get_run(run.id).save_artifact("source.bin", tmp_path / "again")
        assert (tmp_path / "again").read_bytes() == source.read_bytes()
    run.end()


def test_run_that_cannot_begin_is_not_current(small, small_disk):
    small_disk.fill()
    with pytest.raises(StoreWriteError):
        small.start_run("none", experiment="e")
    assert mlops.current_run() is None
    small_disk.make_room()
    assert len(small.runs()) == 0
    assert small.store.index.rebuild().problems == []
    with small.start_run("some", experiment="e"):
        pass
    assert list(small.runs()["name"]) == ["some"]


def test_params_that_do_not_fit_end_the_run(small, small_disk):
    small_disk.fill(4096)
    with pytest.raises(StoreWriteError):
        small.start_run("half", experiment="e", params={"long": "x" * 9000})
    assert mlops.current_run() is None
    small_disk.make_room()
    assert list(small.runs()["status"]) in ([], ["failed"], ["lost"])


def test_end_on_a_full_disk_is_recorded_or_said(small, small_disk):
    with pytest.raises(StoreWriteError), small.start_run("x", experiment="e") as run:
        small_disk.fill()
    assert mlops.current_run() is None
    assert not run.is_open
    small_disk.make_room()
    # The last page of the journal still had room for the end.
    assert small.get_run(run.id).status is Status.FINISHED


def test_users_error_survives_a_full_disk(small, small_disk):
    with pytest.raises(Exception) as caught, small.start_run("x", experiment="e"):  # noqa: PT011, PT012 - looked at below
        small_disk.fill()
        raise ZeroDivisionError
    chain = [caught.value]
    while chain[-1].__context__ is not None:
        chain.append(chain[-1].__context__)
    assert any(isinstance(error, ZeroDivisionError) for error in chain)


def test_no_workspace_is_made_half(small_disk):
    small_disk.fill()
    with pytest.raises(Exception, match="No workspace can be made"):
        Workspace(small_disk.folder / "inner")
    small_disk.make_room()
    assert parts_below(small_disk.folder) == []
    opened = Workspace(small_disk.folder / "inner")
    assert len(opened.runs()) == 0
    opened.close()


@pytest.mark.parametrize("is_warm", [True, False])
def test_index_on_a_full_disk_advises(small, small_disk, is_warm):
    with small.start_run("one", experiment="e") as run:
        run.log_metric("m", 1.0)
    if is_warm:
        assert len(small.runs()) == 1
    with small.start_run("two", experiment="e") as run:
        run.log_params({f"p{number}": "x" * 200 for number in range(300)})
    small_disk.fill()
    with pytest.raises(IndexUnavailableError, match="free space"):
        small.runs()
    small_disk.make_room()
    assert sorted(small.runs()["name"]) == ["one", "two"]
    assert len(small.get_run(run.id).params) == 300
    assert parts_below(small_disk.folder) == []


# --- a write that is cut short, as at a quota ---------------------------------------


def limit_files(size):
    """Let no file of this process grow beyond `size`, None for no limit."""
    most = resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_FSIZE, (most if size is None else size, most))


@pytest.mark.parametrize("size", [1, 60, 120, 200])
def test_run_whose_start_is_cut_never_began(workspace, fork, size):
    def start():
        limit_files(size)
        with pytest.raises(StoreWriteError):
            workspace.start_run("cut", tags={"long": "x" * 200})
        assert mlops.current_run() is None
        limit_files(None)

    assert fork(start).wait() == ""
    assert os.listdir(workspace.layout.journals) == []


@pytest.mark.parametrize("size", [1, 60, 90, 120])
def test_first_line_of_a_child_is_cut(workspace, fork, size):
    def log():
        limit_files(size)
        with pytest.raises(StoreWriteError):
            mlops.set_tag("t", "x" * 200)
        limit_files(None)
        mlops.log_metric("m", 7)

    with mlops.start_run("parent") as run:
        assert fork(log).wait() == ""
    (problem,) = workspace.store.index.catch_up().problems
    assert "1 line" in problem
    found = mlops.get_run(run.id)
    assert (found.metrics, found.tags) == ({"m": 7}, {})


def test_lines_around_a_cut_one_are_whole(workspace, fork):
    with mlops.start_run("cut") as run:

        def log():
            for size in range(500, 2000, 61):
                limit_files(size)
                log_until_full(run)
                limit_files(None)
                run.log_metric("after", size)

        assert fork(log).wait() == ""
    found = mlops.get_run(run.id)
    assert list(found.history("after")["value"]) == list(range(500, 2000, 61))


# --- tracked cells ---------------------------------------------------------------


def warnings_of(text):
    return [line for line in text.splitlines() if line.startswith("jupyter_mlops:")]


def test_cell_stands_when_no_run_can_begin(small_shell, small, small_disk, capsys):
    small_disk.fill()
    result = small_shell.run_cell("%%track -e e\nx = 41 + 1\nx", store_history=True)
    assert (result.success, result.result) == (True, 42)
    assert len(warnings_of(capsys.readouterr().err)) == 1
    assert mlops.current_run() is None
    small_disk.make_room()
    small_shell.run_cell("%%track -e e\nx = 1 + 1", store_history=True)
    assert warnings_of(capsys.readouterr().err) == []
    assert list(small.runs("metrics.x = 2")["status"]) == ["finished"]
    assert len(small.runs()) == 2


def test_cell_stands_when_the_disk_fills(small_shell, small, small_disk, capsys):
    small_shell.user_ns["disk"] = small_disk
    source = "%%track -e e -s text\ntext = 'x' * 9000\nprint(text)\ndisk.fill()\nn = 40 + 2\nn"
    result = small_shell.run_cell(source, store_history=True)
    assert (result.success, result.result) == (True, 42)
    (warned,) = warnings_of(capsys.readouterr().err)
    assert "make room" in warned
    assert mlops.current_run() is None
    small_disk.make_room()
    found = small.get_run("last")
    assert (found.status, found.artifacts) == (Status.FINISHED, {})
    assert found.metrics["n"] == 42


def test_failing_cell_fails_its_own_way(small_shell, small, small_disk, capsys):
    small_shell.user_ns["disk"] = small_disk
    result = small_shell.run_cell(
        "%%track -e e\ndisk.fill()\n1 / 0", store_history=True
    )
    assert isinstance(result.error_in_exec, ZeroDivisionError)
    said = capsys.readouterr()
    assert "ZeroDivisionError" in said.out
    assert len(warnings_of(said.err)) == 1
    assert mlops.current_run() is None


def test_cell_stands_when_its_source_does_not_fit(
    small_shell, small, small_disk, capsys
):
    small_disk.fill(4096)
    source = "%%track -e e\nx = 42\n#" + "y" * 9000 + "\nx"
    result = small_shell.run_cell(source, store_history=True)
    assert (result.success, result.result) == (True, 42)
    assert len(warnings_of(capsys.readouterr().err)) == 1
    assert mlops.current_run() is None
