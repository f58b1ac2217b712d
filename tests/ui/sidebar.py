"""What the sidebar's browser tests share: notebooks, workspaces, figures."""

from __future__ import annotations

import json

import nbformat

from jupyter_mlops.records import Kind
from tests.ui.lab import LABEXTENSION, Lab, options_of

__all__ = ["LABEXTENSION", "Lab", "options_of"]
SHOW = "window.jupyterapp.commands.execute('jupyter-mlops:show-panel')"
ROW = ".jp-Mlops-row[data-run]"
FIRST_ROWS = """async () => {
  const began = performance.now();
  void window.jupyterapp.commands.execute('jupyter-mlops:show-panel');
  while (!document.querySelector('.jp-Mlops-row[data-run]')) {
    await new Promise(requestAnimationFrame);
  }
  return performance.now() - began;
}"""
"""Milliseconds from the command to the first rows."""
UNTIL_CHANGED = """async ([action, told]) => {
  const seen = () => document.querySelector(told)?.textContent;
  const before = seen();
  const began = performance.now();
  eval(action);
  while (seen() === before) {
    if (performance.now() - began > 20000) { return NaN; }
    await new Promise(requestAnimationFrame);
  }
  return performance.now() - began;
}"""
"""Milliseconds until what `told` selects says something else."""
SOURCES = [
    "%load_ext jupyter_mlops",
    "%%track first\nauc = 0.75\nC = 0.1",
    "%%track second\nauc = 0.875\nC = 10.0",
]


UNTIL_KEPT = """async namespace => {
  const { workspaces } = window.jupyterapp.serviceManager;
  const isKept = async () => {
    const kept = await workspaces.fetch('default').catch(() => null);
    const layout = JSON.stringify(kept?.data['layout-restorer:data'] ?? {});
    return layout.includes(`"${namespace}:`);
  };
  while (!(await isKept())) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}"""


def wait_until_kept(page, namespace):
    """Wait for JupyterLab to keep a tab, which it does a while after it was opened.

    `wait_for_function` is no help: of a function that answers later, some versions of
    Playwright take the promise for a yes.
    """
    page.evaluate(UNTIL_KEPT, namespace)


def write_notebook(path, sources=SOURCES):
    """Write a notebook of code cells, on the Python kernel."""
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    book = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
    nbformat.write(book, path)


def record_runs(workspace, count, *, experiment="churn"):
    """Record runs as cells of a notebook would be; every tenth one failed."""
    names = ("logistic", "forest", "boosting", "mlp")
    for number in range(count):
        part = (number * 7919) % 1000 / 1000
        run = workspace.start_run(
            f"{names[number % 4]} {number}",
            experiment=experiment,
            kind=Kind.CELL,
            params={"C": round(0.001 * 10 ** (5 * part), 4), "depth": number % 11 + 2},
            notebook="churn.ipynb",
        )
        run.log_metrics({"auc": 0.6 + part * 0.39, "logloss": 0.7 - part * 0.6})
        if number % 5 == 0:
            run.set_tag("mlops.verify", "differs" if number % 3 else "reproduced")
        run.end()


def texts(page, column=1):
    """Return the texts of a column of the rows in sight."""
    rows = page.locator(ROW)
    return [
        row.locator("[role=gridcell]").nth(column).inner_text() for row in rows.all()
    ]


def wait_for_texts(page, column, wanted):
    """Wait until the rows in sight have these texts in a column."""
    page.wait_for_function(
        """([row, column, wanted]) => wanted.join() === [
          ...document.querySelectorAll(row)
        ].map(one => one.querySelectorAll('[role=gridcell]')[column]?.innerText).join()
        """,
        arg=[ROW, column, wanted],
    )


def work_of(meters):
    """Return the processor time of a page's main thread so far, in ms.

    `meters` is a session of the page, after Performance.enable with threadTicks.
    """
    told = meters.send("Performance.getMetrics")["metrics"]
    return 1000 * next(one["value"] for one in told if one["name"] == "TaskDuration")


def figure(name, value, aim, unit="ms"):
    """Print a figure of the README's table."""
    print(f"\n{name}: {json.dumps(round(value, 1))} {unit} (aim {aim} {unit})")
