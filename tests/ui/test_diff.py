"""The difference of two runs, as a page in JupyterLab."""

import os
from pathlib import Path

import nbformat
import pytest

pytestmark = [pytest.mark.ui, pytest.mark.timeout(240)]

CELL = """%%track fit -p depth -m auc
import matplotlib.pyplot as plt
depth = {depth}
auc = round(0.7 + depth / 40, 4)
data = pd.read_csv("{data}.csv")
scores = pd.DataFrame(
    {{"fold": ["a", "b", "c", "d"], "auc": [auc, auc - 0.01, 0.71, auc - 0.02],
     "rows": [100, 100, 100, 97 + depth]}}
).set_index("fold")
display(scores)
fig, ax = plt.subplots(figsize=(4, 2.6))
ax.plot(range(depth), [x**2 for x in range(depth)], marker="o")
plt.show()
print("epoch 1\\nloss", 1 / depth, "\\ndone <b>not bold</b>")
"""


@pytest.fixture
def compared(project):
    """A notebook that tracks a cell twice, edited, and compares both runs."""
    (project / "first.csv").write_text("region,sales\nnorth,1\nsouth,2\n")
    (project / "second.csv").write_text("region,sales,more\nnorth,1,x\n")
    sources = [
        "%load_ext jupyter_mlops\nimport pandas as pd",
        CELL.format(depth=4, data="first"),
        "shift = 3  # another setting",
        CELL.format(depth=7, data="second").replace("marker=", "lw=2, marker="),
        "import jupyter_mlops as mlops\nids = list(mlops.runs(order_by='started').run_id)",
        "get_ipython().run_line_magic('mlops', f'diff {ids[0]} {ids[1]}')",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    # Without a kernel's name JupyterLab would ask for one.
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, project / "compared.ipynb")
    return "compared.ipynb"


def test_difference_is_a_page(page, open_notebook, compared):
    open_notebook(compared)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    shown = page.locator(".jp-Mlops-diff")
    shown.wait_for()
    words = shown.inner_text()
    for said in ("depth = 4", "auc", "first.csv", "of the pixels differ", "<b>not"):
        assert said in words, said
    assert shown.locator("img").count() == 3
    equal = shown.locator("details", has=page.locator("summary", has_text="equal"))
    assert equal.last.get_attribute("open") is None
    if folder := os.environ.get("MLOPS_SCREENSHOTS"):
        for theme in ("JupyterLab Light", "JupyterLab Dark"):
            page.evaluate(
                "theme => window.jupyterapp.commands.execute("
                "'apputils:change-theme', {theme})",
                theme,
            )
            page.wait_for_timeout(1500)
            shown.screenshot(path=Path(folder) / f"diff {theme}.png")
