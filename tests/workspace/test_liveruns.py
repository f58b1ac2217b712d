"""How followed runs stand, and how long their cells may take."""

from __future__ import annotations

from jupyter_mlops.workspace.expectations import cell_key, expected_seconds
from jupyter_mlops.workspace.liveruns import LiveRuns
from jupyter_mlops.workspace.watching import RunWatch
from tests.pipeline.conftest import write_notebook


def event(name_of_it, run="r", /, **fields):
    return {"e": name_of_it, "t": 5, "run": run, **fields}


def cell(n, status, **fields):
    told = {"n": n, "source": f"x{n}", "status": status, "began": 1, "seconds": 0.0}
    return event("cell", **{**told, **fields})


def test_cells_are_counted_as_they_end():
    runs = LiveRuns("r")
    runs.take([event("start", name="a", kind="notebook"), event("plan", cells=3)])
    runs.take([cell(0, "running")])
    assert (runs.root.done, runs.root.planned) == (0, 3)
    assert runs.root.current.source == "x0"
    runs.take([event("output", n=0, of=1, i=0, kind="stream", name="stdout", at=0,
                     text="a\nb\n")])  # fmt: skip
    assert runs.root.current.tail(1) == ["b"]
    runs.take([cell(0, "finished", seconds=2.0, outputs=[])])
    assert (runs.root.done, runs.root.current) == (1, None)


def test_left_out_text_is_said():
    runs = LiveRuns("r")
    runs.take([cell(0, "running")])
    for at, text in ((0, "a\n"), (50, "z\n")):
        runs.take([event("output", n=0, of=1, i=0, kind="stream", name="stdout",
                         at=at, text=text)])  # fmt: skip
    assert runs.root.current.tail(5) == ["a", "[… 48 letters …]", "z"]


def test_steps_wait_until_they_begin():
    runs = LiveRuns("r")
    steps = [{"name": "a", "needs": []}, {"name": "b", "needs": ["a"]}]
    runs.take([event("start", name="p", kind="parent"), event("plan", steps=steps)])
    runs.take([event("start", "s", name="a", kind="step", parent="r")])
    runs.take([event("tag", "s", k="mlops.cached", v="x"),
               event("end", "s", status="finished")])  # fmt: skip
    assert [(s.name, s.status) for s in runs.steps()] == [
        ("a", "cached"),
        ("b", "waiting"),
    ]


def test_events_of_other_shape_are_passed_over():
    runs = LiveRuns("r")
    runs.take([event("cell"), event("output", n=4, of=1), event("unheard", x=1)])
    assert runs.root.cells == {}


def test_cells_take_what_they_took(workspace):
    path = write_notebook(
        workspace.layout.project / "a.ipynb", "import time", "time.sleep(0.2)  # a bit"
    )
    run_id = workspace.notebooks.run(path)
    found = expected_seconds(workspace, str(path))
    assert set(found) == {cell_key("import time"), cell_key("time.sleep( 0.2 )")}
    assert found[cell_key("time.sleep(0.2)")] >= 0.2
    watch = RunWatch(workspace, run_id)
    while watch.look():
        continue
    assert watch.is_over
    assert watch.runs.root.done == 2
    ended = watch.runs.root.cells[1]
    ended.seconds = 1.0
    assert watch.expected(watch.runs.root, ended) >= 0.2
