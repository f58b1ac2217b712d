"""What a tracked cell displays, kept as data besides."""

import json
import subprocess
import sys

import pytest

from jupyter_mlops.tracking.displayed import shown_frames

FRAME = "import pandas as pd\nfrom IPython.display import display\n"
INLINE = """
import matplotlib
matplotlib.use("module://matplotlib_inline.backend_inline")
import matplotlib.pyplot as plt
from IPython.core.pylabtools import select_figure_formats
select_figure_formats(get_ipython(), {"png"})
fig, ax = plt.subplots()
"""


def frames_of(run, workspace):
    return shown_frames(run.observations, workspace.store.blobs.get_bytes)


def test_displayed_frames_are_data(run, workspace):
    found = run(
        f"%%track\n{FRAME}df = pd.DataFrame({{'a': [1, 2], 'b': ['x', None]}})\n"
        "print('first')\ndisplay(df)\ndf.a.rename('s')"
    )
    first, second = frames_of(found, workspace)
    assert (first.output, first.shape, first.library) == (1, (2, 2), "pandas")
    assert first.values == ([1, 2], ["x", None])
    assert (second.output, second.columns) == (2, (("s", "int64"),))


def test_updated_frame_takes_the_place(run, workspace):
    found = run(
        f"%%track\n{FRAME}h = display(pd.DataFrame({{'a': [1]}}), display_id='t')\n"
        "h.update(pd.DataFrame({'a': [2]}))"
    )
    (frame,) = frames_of(found, workspace)
    assert frame.values == ([2],)


def test_long_heads_are_blobs(run, workspace):
    found = run(
        f"%%track\n{FRAME}pd.DataFrame({{'a': range(10**9, 10**9 + 10**6), 'b': 0.123456789}})"
    )
    assert "blob" in found.observations["frames"][0]["head"]
    (frame,) = frames_of(found, workspace)
    assert (frame.shape[0], frame.values[0][1]) == (10**6, 10**9 + 1)


def test_secrets_in_frames_are_masked(run, workspace):
    found = run(
        f"%%track\n{FRAME}pd.DataFrame({{'password': ['hunter2-hunter'], 'n': [1]}})"
    )
    (frame,) = frames_of(found, workspace)
    assert frame.values == (["<masked:password>"], [1])
    assert "hunter2-hunter" not in json.dumps(found.observations)


def test_no_frame_library_is_imported():
    code = (
        "import sys\nfrom jupyter_mlops.capture.frames import frame_head\n"
        "from jupyter_mlops.magics import tee\nframe_head([1])\n"
        "assert not {'pandas', 'polars', 'numpy'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("source", ["plt.plot([1, 2])\nplt.show()", "display(fig)"])
def test_shown_figures_are_artifacts(run, workspace, source):
    run(INLINE)
    found = run(f"%%track\nfrom IPython.display import display\n{source}")
    kept = found.artifact_record("shown-1.png")
    assert workspace.store.blobs.get_bytes(kept.digest)[:4] == b"\x89PNG"
    shown = [item["data"].get("image/png") for item in found.cells[0].outputs]
    # The same bytes as the output's: kept once.
    assert kept.digest in [item["blob"] for item in shown if item]
    run("plt.close('all')")


def test_plain_values_make_no_artifact(run):
    found = run("%%track\nprint('x')\n3")
    assert [name for name in found.artifacts if name.startswith("shown")] == []
    assert "frames" not in found.observations


def test_card_says_what_is_not_kept(run, capsys):
    found = run("%%track\nprint('x' * 12_000_000)")
    assert "2 MB of what was shown is not kept" in capsys.readouterr().out
    (output,) = found.cells[0].outputs
    assert output["metadata"]["jupyter_mlops"]["dropped_bytes"] == 2_000_001
