"""What a kernel's front end gets of the verbs, and of a cell while it runs."""

from __future__ import annotations

import pytest
from jupyter_client.manager import start_new_kernel

WIDGET = "application/vnd.jupyter.widget-view+json"
PREPARE = """
%load_ext jupyter_mlops
import jupyter_mlops as mlops
from jupyter_mlops.widgets import livecurve
livecurve.FIRST_SECONDS = livecurve.SECONDS = 0.02
livecurve.SHARE = 1.0
livecurve._watch = livecurve.Watch(0.02)
for C in (0.1, 1, 10):
    with mlops.start_run(f"C={C}", experiment="fits", params={"C": C, "seed": 1}):
        for step in range(3):
            mlops.log_metric("loss", C / (step + 1))

def log_until_shown():
    live = get_ipython()._jupyter_mlops_tracker._running[-1].live
    step = 0
    while not live._is_shown:
        mlops.log_metric("loss", 1 / (step + 1))
        step += 1
    return live
"""


class Kernel:
    """A real kernel, and what it sends while a cell runs."""

    def __init__(self, manager, client):
        self.manager, self.client = manager, client

    def run(self, source, interrupt_on=None):
        shown = []

        def took(message):
            kind, content = message["msg_type"], message["content"]
            if kind in ("display_data", "update_display_data", "stream", "error"):
                shown.append((kind, content))
            if interrupt_on and interrupt_on in content.get("text", ""):
                self.manager.interrupt_kernel()

        self.client.execute_interactive(source, timeout=60, output_hook=took)
        return shown


@pytest.fixture
def kernel(workspace):
    manager, client = start_new_kernel(cwd=str(workspace.layout.project))
    kernel = Kernel(manager, client)
    kernel.run(PREPARE)
    yield kernel
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def lives(shown):
    return [
        (kind, content["data"])
        for kind, content in shown
        if "jp-Mlops-live" in content.get("data", {}).get("text/html", "")
    ]


def test_verbs_answer_with_pages_and_pictures(kernel):
    for words, mime in {
        "runs": "text/html",
        "show last": "text/html",
        "plot loss": "image/png",
        "plot loss --against": "image/png",
    }.items():
        ((kind, content),) = kernel.run(f"%mlops {words}")
        assert kind == "display_data"
        assert set(content["data"]) == {mime, "text/plain"}, words
        assert "C=10" in content["data"]["text/plain"]
    ((kind, content),) = kernel.run("%mlops runs --json")
    assert kind == "stream"


def test_errors_are_one_line(kernel):
    ((kind, content),) = kernel.run("%mlops plot lss")
    assert (kind, content["name"]) == ("stream", "stderr")
    assert "Did you mean 'loss'?" in content["text"]


def test_controls_show_the_answer_anew(kernel, workspace):
    (_, answer), (_, controls) = kernel.run("%mlops runs -i")
    assert WIDGET in controls["data"]
    source = """
from ipywidgets.widgets.widget import _instances
text, = (one for one in _instances.values() if type(one).__name__ == "Text")
text.value = "params.C > 5"
"""
    ((kind, content),) = kernel.run(source)
    assert kind == "update_display_data"
    assert content["transient"] == answer["transient"]
    assert "C=10" in content["data"]["text/html"]
    assert "C=0.1" not in content["data"]["text/html"]


def test_live_curve_is_no_output_of_the_cell(kernel, workspace):
    shown = kernel.run(
        '%%track\nprint("before")\nlive = log_until_shown()\nprint("after")'
    )
    kinds = [kind for kind, _ in lives(shown)]
    assert kinds[0] == "display_data"
    assert set(kinds[1:]) == {"update_display_data"}
    run = workspace.get_run("last")
    (cell,) = run.cells
    assert [output["output_type"] for output in cell.outputs] == ["stream"]
    assert cell.outputs[0]["text"] == "before\nafter\n"
    assert not any(".mlops" in file.path for file in run.files)
    assert "live" not in run.metrics


def test_short_and_silent_cells_show_no_curve(kernel):
    assert not lives(kernel.run("%%track\nx = 1"))
    assert not lives(kernel.run("%%track\nmlops.log_metric('auc', 1)"))


@pytest.mark.parametrize("how", ["line", "setting"])
def test_curve_can_be_switched_off(kernel, workspace, how):
    if how == "setting":
        workspace.layout.settings_file.write_text("live_curve = false\n")
        kernel.run("%reload_ext jupyter_mlops")
    option = "--no-live" if how == "line" else ""
    shown = kernel.run(
        f"%%track {option}\n"
        "assert get_ipython()._jupyter_mlops_tracker._running[-1].live is None\n"
        "for step in range(1000): mlops.log_metric('loss', step)"
    )
    assert not [content for kind, content in shown if kind == "error"]
    assert not lives(shown)


def test_curve_survives_how_a_cell_ends(kernel, workspace):
    shown = kernel.run("%%track\nlog_until_shown()\n1 / 0")
    assert lives(shown)[-1][1]["text/plain"].startswith("loss ")
    assert "running" not in lives(shown)[-1][1]["text/plain"]
    assert workspace.get_run("last").status == "failed"
    waiting = "%%track\nlog_until_shown()\nprint('now', flush=True)\nwhile True: pass"
    shown = kernel.run(waiting, interrupt_on="now")
    assert "running" not in lives(shown)[-1][1]["text/plain"]
    assert workspace.get_run("last").status == "cancelled"
    alive = "print(livecurve._watch._watched)"
    # Text may come in several pieces.
    said = "".join(content.get("text", "") for _, content in kernel.run(alive))
    assert said == "[]\n"


def test_threads_and_prints_go_on_beside_it(kernel, workspace):
    shown = kernel.run(
        "%%track\n"
        "import threading\n"
        "def work(name):\n"
        "    for step in range(500):\n"
        "        mlops.log_metric(name, step)\n"
        "        print(name, step)\n"
        "threads = [threading.Thread(target=work, args=(n,)) for n in ('a', 'b', 'c')]\n"
        "for one in threads: one.start()\n"
        "log_until_shown()\n"
        "for one in threads: one.join()\n"
    )
    assert lives(shown)
    run = workspace.get_run("last")
    assert run.status == "finished"
    assert [len(run.history(name)) for name in "abc"] == [500] * 3
