"""Many processes at once in a workspace that nobody has opened before."""

from __future__ import annotations

import os

from jupyter_mlops.workspace import Workspace

PROCESSES, POINTS = 8, 500


def test_eight_writers_and_a_reader(tmp_path, fork):
    project = tmp_path / "new"
    start, go, halfway, went_on = *os.pipe(), *os.pipe()

    def write(number):
        os.read(start, 1)
        with Workspace(project).start_run(f"writer {number}") as run:
            for step in range(POINTS):
                run.log_metric("m", step * number)
                if step == POINTS // 2:
                    # Not before the reader has seen them all at it.
                    os.read(halfway, 1)

    children = [fork(write, number) for number in range(PROCESSES)]
    children.append(fork(read_always, project, start, went_on))
    os.write(go, b"x" * len(children))
    assert [child.wait() for child in children] == [""] * len(children)
    for pipe in (start, go, halfway, went_on):
        os.close(pipe)
    check_all(Workspace(project))


def read_always(project, start, went_on):
    os.read(start, 1)
    workspace, seen, is_told = Workspace(project), 0, False
    while True:
        states = list(workspace.runs()["status"])
        assert len(states) >= seen
        seen = len(states)
        if states == ["finished"] * PROCESSES:
            return
        if seen == PROCESSES and not is_told:
            is_told = os.write(went_on, b"x" * PROCESSES) > 0


def check_all(workspace):
    table = workspace.runs()
    assert sorted(table["name"]) == [f"writer {number}" for number in range(PROCESSES)]
    assert set(table["status"]) == {"finished"}
    for run_id, name in zip(table["run_id"], table["name"], strict=True):
        points = workspace.get_run(run_id).history("m")
        assert list(points["step"]) == list(range(POINTS))
        assert list(points["value"]) == [int(name[-1]) * step for step in range(POINTS)]
    workspace.close()


def test_eight_processes_in_one_run(workspace, fork):
    with workspace.start_run("shared") as run:

        def write(number):
            for step in range(POINTS):
                run.log_metric(f"m{number}", step)

        writers = [fork(write, number) for number in range(PROCESSES)]
        assert [writer.wait() for writer in writers] == [""] * PROCESSES
    found = workspace.get_run(run.id)
    for number in range(PROCESSES):
        assert list(found.history(f"m{number}")["value"]) == list(range(POINTS))
