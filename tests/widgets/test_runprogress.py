"""A run that goes on, in a notebook: widgets while it runs, a page at its end."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET

import pytest

from jupyter_mlops.widgets import runprogress
from jupyter_mlops.widgets.runprogress import RunProgress, progress_page
from jupyter_mlops.widgets.stepgraph import MOST, step_graph
from jupyter_mlops.workspace.liveruns import LiveRun
from jupyter_mlops.workspace.watching import RunWatch
from tests.pipeline.conftest import write_notebook

STEPS = [("a", ()), ("b", ("a",)), ("<c>", ("a",)), ("d", ("b", "<c>"))]
_VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def published():
    return []


@pytest.fixture
def progress(published):
    def publish(data, *, transient, update):
        published.append((data, transient["display_id"], update))

    return RunProgress(publish)


@pytest.fixture
def ran(workspace):
    """A watch of a notebook's run that has ended."""
    path = write_notebook(workspace.layout.project / "a.ipynb", "1", "print('<b>')")
    watch = RunWatch(workspace, workspace.notebooks.run(path))
    while watch.look():
        continue
    return watch


def test_widgets_give_way_to_a_page(progress, published, ran):
    ran.runs.root.status = "running"
    with progress:
        progress.show(ran, [])
        ran.runs.root.status = "finished"
        progress.show(ran, [])
    (first, one, is_update), (last, other, _) = published[0], published[-1]
    assert _VIEW in first
    assert not is_update
    assert one == other
    assert _VIEW not in last
    assert "2 of 2 cells" in last["text/html"]
    assert last["text/plain"] == "a finished, 2 of 2 cells"


def test_without_widgets_a_page_changes(progress, published, ran, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with progress:
        progress.show(ran, [])
    assert all(_VIEW not in data for data, *_ in published)
    assert "2 of 2 cells" in published[-1][0]["text/html"]


def test_nothing_is_shown_of_no_run(progress, published):
    with progress:
        pass
    assert published == []


def test_running_cell_and_its_text_are_shown(ran):
    root = ran.runs.root
    root.status = "running"
    cell = root.cells[1]
    cell.status, cell.seconds = "running", 0.0
    cell.take_output({"n": 1, "of": 1, "i": 0, "kind": "stream", "name": "stdout",
                      "at": 0, "text": "<b>\n"})  # fmt: skip
    shown = progress_page(ran)
    assert "print(&#x27;&lt;b&gt;&#x27;)" in shown
    assert "&lt;b&gt;</pre>" in shown


def test_steps_are_drawn_behind_what_they_need():
    running = LiveRun("r", name="b", status="running", planned=4)
    states = {"a": LiveRun("r", name="a", status="cached"), "b": running}
    drawing = ET.fromstring(step_graph(STEPS, states))
    space = "{http://www.w3.org/2000/svg}"
    texts = [item.text for item in drawing.iter(f"{space}text")]
    assert texts == [
        "a",
        "cached",
        "b",
        "0 of 4 cells",
        "<c>",
        "waiting",
        "d",
        "waiting",
    ]
    boxes = [box for box in drawing.iter(f"{space}rect") if box.get("rx")]
    across = [int(box.get("x")) for box in boxes]
    assert across[0] < across[1] == across[2] < across[3]
    assert "a cached, b running" in drawing.get("aria-label")


def test_many_steps_are_drawn_within_bounds():
    steps = [(f"s{at}", ()) for at in range(500)]
    assert step_graph(steps, {}).count("<title>") == MOST


def test_failing_widgets_are_done_without(monkeypatch):
    import ipywidgets

    def refuse(*_args, **_kwargs):
        raise RuntimeError("no comm")

    monkeypatch.setattr(ipywidgets, "IntProgress", refuse)
    assert runprogress._Widgets.made() is None
