"""Figures, tables and widgets of notebooks that ran in batch."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

from jupyter_mlops.tracking.displayed import shown_frames
from jupyter_mlops.tracking.shownoutputs import shown_head
from tests.pipeline.conftest import write_notebook

FIGURES = (
    "import matplotlib.pyplot as plt\nplt.plot([1]);",
    "plt.plot([2]); plt.show(); plt.plot([3]);",
)
WIDGETS = (
    "import ipywidgets as w\nfrom IPython.display import display\n"
    "held = w.Output(); display(w.VBox([held]))",
    "with held:\n    print('PASSWORD=hunter2pw')",
)


@pytest.fixture
def ran(workspace):
    """Run cells in batch; return the run."""

    def ran(*cells, engine="worker"):
        path = write_notebook(workspace.layout.project / "a.ipynb", *cells)
        return workspace.get_run(workspace.notebooks.run(path, engine=engine))

    return ran


def test_figures_of_all_cells_are_artifacts(ran):
    found = ran(*FIGURES)
    names = [name for name in found.artifacts if name.startswith("shown-")]
    assert names == ["shown-1.png", "shown-2.png", "shown-3.png"]
    assert found.artifact("shown-3.png").read_bytes().startswith(b"\x89PNG")


def test_tables_are_kept_with_their_places(ran, workspace):
    found = ran("import pandas as pd", "pd.DataFrame({'a': [1, 2], 'password': 'x9z'})")
    (table,) = shown_frames(found.observations, workspace.store.blobs.get_bytes)
    assert (table.cell, table.output, table.shape) == (1, 0, (2, 2))
    assert table.values == ([1, 2], ["<masked:password>"] * 2)


@pytest.mark.parametrize("engine", ["worker", "nbclient"])
def test_widgets_outputs_are_recorded_at_their_widget(ran, engine):
    found = ran(*WIDGETS, engine=engine)
    (told,) = found.observations["widget_outputs"]
    assert (told["cell"], told["output"]) == (0, 0)
    assert told["outputs"][0]["text"] == "PASSWORD=<masked:password>\n"
    assert found.cells[1].outputs == []


def test_lines_written_over_are_recorded_as_seen(ran):
    found = ran("for i in range(9): print(f'\\r{i} of 9', end='')\nprint('\\nab\\bc')")
    assert found.cells[0].outputs[0]["text"] == "8 of 9\nac\n"


FRAME = pd.DataFrame({"n": range(100), "x": [i / 4 for i in range(100)], "t": "a"})


def test_head_of_a_long_frame_is_read():
    head = shown_head(FRAME._repr_html_())
    assert head.shape == (100, 3)
    assert [name for name, _ in head.columns] == ["n", "x", "t"]
    assert head.values == ([0, 1, 2, 3, 4], [0.0, 0.25, 0.5, 0.75, 1.0], ["a"] * 5)
    assert head.index is None


def test_labels_and_missing_values_are_read():
    frame = pd.DataFrame({"a": [1.5, None]}, index=["one", "two"])
    head = shown_head(frame._repr_html_())
    assert (head.index, head.values) == (["one", "two"], ([1.5, None],))


def test_polars_frames_are_read_too():
    head = shown_head(pl.DataFrame({"a": [1, 2]})._repr_html_())
    assert (head.library, head.shape) == ("polars", (2, 1))


@pytest.mark.parametrize("html", ["", "<b>a</b>", "<table class='x'><tr></table>"])
def test_other_html_is_no_table(html):
    assert shown_head(html) is None
