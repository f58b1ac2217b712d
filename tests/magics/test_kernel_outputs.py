"""What cells of a real kernel show, recorded as a notebook has it."""

import nbclient
import nbformat
import pytest

from jupyter_mlops.capture.outputs import internalise, notebook_outputs
from jupyter_mlops.workspace import Workspace

pytestmark = pytest.mark.timeout(240)

# Each is recorded exactly as the front end got it.
ALIKE = {
    "bar": "for i in range(500): print(f'\\r{i} of 500', end='')\nprint()",
    "update": "h = display('a', display_id='k')\nprint('x')\nh.update('b')",
    "clear": "print('old'); clear_output(wait=True); print('new')",
    "clear_now": "print('old'); clear_output(); print('new')",
    "mime": "display({'application/json': {'a': 1}, 'text/latex': '$x$'}, raw=True)",
    "svg": "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>')",
    "metadata": "display(HTML('<b>x</b>'), metadata={'text/html': {'isolated': True}})",
    "error": "print('before')\n1/0",
    "widget": "w.IntSlider(3)",
    "thread": "t = threading.Thread(target=print, args=('in',)); t.start(); t.join()",
    "capture": "%%capture got\nprint('hidden')",
    "redirect": "with contextlib.redirect_stdout(io.StringIO()): print('hidden')",
    "figure": "plt.plot([1, 2]);",
    "show": "plt.plot([3, 1]); plt.show(); print('after')",
    "frame": "df = pd.DataFrame({'a': [1, 2]}); display(df)\ndf",
    "styled": "df.style",
    "many": "for i in range(20_000): print(i)",
    "logging": "logging.basicConfig(force=True); logging.warning('careful')",
    "await": "await asyncio.sleep(0.01)\nprint('slept')",
}
# What another cell or a widget shows is told apart.
OTHERS = {
    "first": "h = display('first', display_id='across')",
    "second": "h.update('second'); print('in second')",
    "interact": "print('kept')\n@w.interact(x=3)\ndef f(x): print('value', x)",
    "task": "async def later():\n    await asyncio.sleep(0.2); print('of task')\n"
    "t = asyncio.ensure_future(later())",
    "after_task": "await t; print('mine')",
}
STACKS = "stacks.txt"
"""Where a kernel that hangs says where it does."""
IMPORTS = f"""import faulthandler
faulthandler.dump_traceback_later(80, file=open('{STACKS}', 'w'))
%load_ext jupyter_mlops
import asyncio, contextlib, io, logging, threading
import ipywidgets as w, matplotlib.pyplot as plt, pandas as pd
from IPython.display import HTML, SVG, clear_output, display"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Outputs by cell: those of the notebook, and those recorded."""
    project = tmp_path_factory.mktemp("project")
    (project / ".git").mkdir()
    sources = {
        name: f"%%track {name}\n{text}" for name, text in (ALIKE | OTHERS).items()
    }
    cells = [nbformat.v4.new_code_cell(text) for text in (IMPORTS, *sources.values())]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = nbclient.NotebookClient(
        notebook,
        allow_errors=True,
        kernel_name="python3",
        coalesce_streams=True,
        timeout=100,
    )
    try:
        client.execute(cwd=str(project))
    except nbclient.exceptions.CellTimeoutError as error:
        pytest.fail(f"{error}\nThe kernel is here:\n{(project / STACKS).read_text()}")
    workspace = Workspace(project)
    shown = {
        name: [
            dict(item) for item in cell.outputs if "mlops-card" not in str(item).lower()
        ]
        for name, cell in zip(sources, notebook.cells[1:], strict=True)
    }
    kept = {}
    for run_id in workspace.runs().run_id:
        run = workspace.get_run(run_id)
        whole = internalise(run.cells[0].outputs, workspace.store.blobs.get_bytes)
        kept[run.name] = notebook_outputs(whole)
    yield shown, kept
    workspace.close()


@pytest.mark.parametrize("name", ALIKE)
def test_record_is_what_the_notebook_has(ran, name):
    shown, kept = ran
    assert [dict(item) for item in kept[name]] == shown[name]


def test_update_of_another_cell_is_told(ran):
    update, text = ran[1]["second"]
    assert update["data"] == {"text/plain": "'second'"}
    assert update["metadata"] == {"jupyter_mlops": {"updates": "across"}}
    assert text["text"] == "in second\n"
    assert ran[1]["first"][0]["data"] == {"text/plain": "'first'"}


def test_widget_clears_only_itself(ran):
    assert ran[1]["interact"][0]["text"] == "kept\nvalue 3\n"


def test_task_of_another_cell_is_not_ours(ran):
    assert [item["text"] for item in ran[1]["after_task"]] == ["mine\n"]
